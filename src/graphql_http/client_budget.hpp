#pragma once

#include "address_buckets.hpp"

#include <base/token_bucket.hpp>
#include <graphql_http/settings.hpp>
#include <http/client_account.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace atrium::graphql_http {

/// How much each connection and each address may compute: `settings::budget`. What a client asks for is refused once it has
/// nothing left; what runs already may overdraw its budget by `overdraft`. No I/O; any thread, but each account on its own.
class client_budget {
public:
    using clock = token_bucket::clock;

    /// Whether a connection belongs to one client.
    enum class use {
        requests,  ///< a gateway in front may send those of many
        operations ///< on a WebSocket, or a stream of events: they are all of one client
    };
    /// Who pays for what is computed.
    struct payer {
        http::client_account* account = nullptr;
        bool by_connection = false;
        bool by_address = false;

        [[nodiscard]] bool has_budget() const noexcept { return by_connection || by_address; }
    };

    enum class limit { connection, address };
    struct refusal {
        limit exceeded;
        std::chrono::nanoseconds wait; ///< until there is something left
    };

    static constexpr std::chrono::seconds overdraft{1};

    client_budget(const budget_settings& s, std::uint64_t seed, std::size_t sets = address_buckets::default_sets);

    /// A client that is not known (null) pays for nothing. `account` outlives what is returned.
    [[nodiscard]] payer payer_of(http::client_account* account, use u) const noexcept;
    /// Why nothing may begin for this client; empty if it may.
    [[nodiscard]] std::optional<refusal> refuse(const payer& client, clock::time_point now);
    /// Something was computed for this client. False if all else that runs for it is to end.
    [[nodiscard]] bool charge(const payer& client, clock::duration computed, clock::time_point now);

private:
    [[nodiscard]] bool is_shared(http::address_group address) const noexcept;

    const token_bucket::rate connection_;
    const token_bucket::rate address_;
    std::vector<http::address_network> shared_;
    address_buckets addresses_;
};

} // namespace atrium::graphql_http

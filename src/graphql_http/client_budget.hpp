#pragma once

#include "address_buckets.hpp"

#include <base/token_bucket.hpp>
#include <graphql_http/settings.hpp>
#include <http/client_account.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
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
        std::shared_ptr<http::client_account> account = {}; ///< null without a budget
        bool by_connection = false;
        bool by_address = false;
    };

    enum class limit { connection, address };
    struct refusal {
        limit exceeded;
        std::chrono::nanoseconds wait; ///< until there is something left
    };

    static constexpr std::chrono::seconds overdraft{1};

    client_budget(const budget_settings& s, std::uint64_t seed, std::size_t sets = address_buckets::default_sets);

    /// A client that is not known (null) pays for nothing.
    [[nodiscard]] payer payer_of(const std::shared_ptr<http::client_account>& account, use u) const noexcept;
    /// Why nothing may begin for this client; empty if it may.
    [[nodiscard]] std::optional<refusal> refuse(const payer& client, clock::time_point now) {
        return find_shortage(client, 0, now);
    }
    /// Until a subscription may go on. It leaves a tenth of the burst to what its client asks for meanwhile.
    [[nodiscard]] std::chrono::nanoseconds wait_of_subscription(const payer& client, clock::time_point now) {
        const auto shortage = find_shortage(client, 0.1, now);
        return shortage ? shortage->wait : std::chrono::nanoseconds{};
    }
    /// Something was computed for this client. False if all else that runs for it is to end.
    [[nodiscard]] bool charge(const payer& client, clock::duration computed, clock::time_point now);

private:
    /// What of it has not more left than `reserve`, a part of the burst.
    [[nodiscard]] std::optional<refusal> find_shortage(const payer& client, double reserve, clock::time_point now);
    [[nodiscard]] bool is_shared(http::address_group address) const noexcept;

    const token_bucket::rate connection_;
    const token_bucket::rate address_;
    std::vector<http::address_network> shared_;
    address_buckets addresses_;
};

} // namespace atrium::graphql_http

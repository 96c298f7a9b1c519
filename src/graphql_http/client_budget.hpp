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

/// Limits how long each connection and each address may compute, as `settings::budget` specifies. Once a client has used up its
/// budget, new requests are refused; running ones may overdraw the budget by `overdraft`. This class does no I/O. It can be
/// used on any thread, but for each account only on one thread at a time.
class client_budget {
public:
    using clock = token_bucket::clock;

    /// The kind of traffic on a connection.
    enum class use {
        requests,  ///< HTTP requests; a gateway can send those of many clients on one connection
        operations ///< operations on a WebSocket or an event stream, which are all from one client
    };
    /// The account and the budgets that pay for a computation.
    struct payer {
        std::shared_ptr<http::client_account> account = {}; ///< null if no budget pays
        bool connection_pays = false;
        bool address_pays = false;
    };

    enum class limit { connection, address };
    struct refusal {
        limit exceeded;
        std::chrono::nanoseconds wait; ///< how long it takes until the client has some of each budget again
    };

    /// How far a client may overdraw a budget before all its operations must stop.
    static constexpr std::chrono::seconds overdraft{1};

    client_budget(const budget_settings& s, std::uint64_t seed, std::size_t sets = address_buckets::default_sets);

    /// The budgets that pay for traffic of this kind on a connection with this account; none if the account is null.
    [[nodiscard]] payer payer_of(const std::shared_ptr<http::client_account>& account, use u) const noexcept;
    /// The reason why no operation may begin for this client; empty if an operation may begin.
    [[nodiscard]] std::optional<refusal> refuse(const payer& client, clock::time_point now) {
        return find_shortage(client, 0, now);
    }
    /// How long a subscription has to wait before its next response. It also waits while at most a tenth of the burst is left,
    /// because that part is reserved for the client's requests.
    [[nodiscard]] std::chrono::nanoseconds wait_of_subscription(const payer& client, clock::time_point now) {
        const auto shortage = find_shortage(client, 0.1, now);
        return shortage ? shortage->wait : std::chrono::nanoseconds{};
    }
    /// Charges the client for a computation. Returns false if all operations of the client must stop.
    [[nodiscard]] bool charge(const payer& client, clock::duration computed, clock::time_point now);

private:
    /// Finds a budget of which at most `reserve`, a fraction of the burst, is left.
    [[nodiscard]] std::optional<refusal> find_shortage(const payer& client, double reserve, clock::time_point now);
    [[nodiscard]] bool is_shared(http::address_group address) const noexcept;

    const token_bucket::rate connection_rate_;
    const token_bucket::rate address_rate_;
    std::vector<http::address_network> shared_networks_;
    address_buckets addresses_;
};

} // namespace atrium::graphql_http

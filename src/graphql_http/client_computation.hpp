#pragma once

#include "client_budget.hpp"

#include <base/awaitable.hpp>
#include <base/computation.hpp>
#include <base/error.hpp>
#include <metrics/registry.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace atrium::graphql_http {

/// The budgets of all clients, and what is counted of them in /metrics. Any thread.
struct client_limits {
    client_limits(const budget_settings& s, metrics::registry& m);

    /// Why nothing may begin for this client, as an error with the code `graphql::rate_limited`; empty if it may. Counts
    /// refusals.
    [[nodiscard]] std::optional<error> refuse(const client_budget::payer& client);

    client_budget budget;
    metrics::counter refused_by_connection;
    metrics::counter refused_by_address;
    metrics::counter stopped_requests; ///< that had computed for as long as one may
    metrics::counter stopped_clients;  ///< operations whose client's budget was overdrawn
};

/// What is computed for one request, message or operation of a client, counted against the client's budget. Begins a slice when
/// it is made. The limits outlive it.
class client_computation final : public computation {
public:
    client_computation(client_limits& limits, client_budget::payer client) noexcept : limits_{limits}, client_{client} {
        begin_slice();
    }
    ~client_computation() override;

    /// The response of an operation of a batch that is not to begin, as its request or its client has computed too much; empty
    /// if it may begin.
    [[nodiscard]] std::optional<std::string> refuse_in_batch();
    /// Waits until the client's budget allows more, and begins to count anew: for each response of a subscription.
    [[nodiscard]] awaitable<> restart_within_budget();

private:
    void count_end(clock::time_point now) noexcept;
    void count(clock::duration slice, clock::time_point now) noexcept override;

    client_limits& limits_;
    const client_budget::payer client_;
};

} // namespace atrium::graphql_http

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

/// The budgets of all clients, and their counters in /metrics. Can be used on any thread.
struct client_limits {
    client_limits(const budget_settings& s, metrics::registry& m);

    /// The reason why no operation may begin for this client, which the caller reports with the code `graphql::rate_limited`;
    /// empty if an operation may begin. Counts refusals in /metrics.
    [[nodiscard]] std::optional<error> refuse(const client_budget::payer& client);

    client_budget budget;
    metrics::counter refused_by_connection;
    metrics::counter refused_by_address;
    metrics::counter stopped_requests; ///< operations that reached the limit on computing time
    metrics::counter stopped_clients;  ///< operations whose client had overdrawn its budget
};

/// Measures the computation for one request, message or operation of a client and charges it to the client's budget. The
/// constructor begins a slice (see `computation`). `limits` must outlive this object.
class client_computation final : public computation {
public:
    client_computation(client_limits& limits, client_budget::payer client) noexcept : limits_{limits}, client_{client} {
        begin_slice();
    }
    ~client_computation() override;

    /// The response to an operation of a batch that must not begin because the batch or the client has used up its computing
    /// time; empty if the operation may begin.
    [[nodiscard]] std::optional<std::string> refuse_in_batch();
    /// Waits until the client's budget allows more, and then resets the measured time. Called before each response of a
    /// subscription.
    [[nodiscard]] awaitable<> restart_within_budget();

private:
    /// Increments a counter in /metrics if a limit has been reached.
    void count_if_stopped(clock::time_point now) noexcept;
    void count(clock::duration slice, clock::time_point now) noexcept override;

    client_limits& limits_;
    const client_budget::payer client_;
};

} // namespace atrium::graphql_http

#include "client_computation.hpp"

#include "parameters.hpp"

#include <base/timer.hpp>

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <random>

namespace atrium::graphql_http {
namespace {

using namespace std::chrono_literals;
using limit = client_budget::limit;

/// The maximum time that a subscription waits before it checks the budget again. It has to check again, because other
/// operations of the client may have used up what became available in the meantime.
constexpr std::chrono::nanoseconds max_wait = 1s;

std::uint64_t random_number() {
    std::random_device source;
    return std::uint64_t{source()} << 32U | source();
}

metrics::counter add_refusal_counter(metrics::registry& registry, std::string_view limit_name) {
    return registry.counter("atrium_graphql_refused_total",
                            "GraphQL requests and operations that did not run because their client had used up its budget",
                            {{"limit", std::string{limit_name}}});
}

metrics::counter add_stop_counter(metrics::registry& registry, std::string_view limit_name) {
    return registry.counter("atrium_graphql_stopped_total", "GraphQL operations that computed until a limit was reached",
                            {{"limit", std::string{limit_name}}});
}

} // namespace

client_limits::client_limits(const budget_settings& s, metrics::registry& m)
    : budget{s, random_number()}, refused_by_connection{add_refusal_counter(m, "connection")},
      refused_by_address{add_refusal_counter(m, "address")}, stopped_requests{add_stop_counter(m, "request")},
      stopped_clients{add_stop_counter(m, "client")} {}

std::optional<error> client_limits::refuse(const client_budget::payer& client) {
    if (!client.account)
        return std::nullopt;
    const auto why = budget.refuse(client, client_budget::clock::now());
    if (!why) [[likely]]
        return std::nullopt;
    const bool by_address = why->exceeded == limit::address;
    (by_address ? refused_by_address : refused_by_connection).increment();
    return error{.code = errc::unavailable,
                 .detail = std::string{by_address ? "this address" : "this connection"} +
                           " has used up the processor time that it may have for now; the operation was not run",
                 .retry_after = std::max(std::chrono::ceil<std::chrono::seconds>(why->wait), 1s)};
}

client_computation::~client_computation() {
    const auto now = clock::now();
    count_if_stopped(now);
    end_slice(now);
}

std::optional<std::string> client_computation::refuse_in_batch() {
    if (cause_to_stop() == stop_cause::limit)
        return error_body(
            {.code = errc::unavailable, .detail = "the batch has used up its computing time; the operation was not run"},
            "TIMEOUT");
    const auto why = limits_.refuse(client_);
    return why ? std::optional{error_body(*why, graphql::rate_limited)} : std::nullopt;
}

awaitable<> client_computation::restart_within_budget() {
    const auto now = clock::now();
    count_if_stopped(now);
    end_slice(now);
    steady_timer timer{co_await asio::this_coro::executor};
    const auto remaining_wait = [this] { return limits_.budget.wait_of_subscription(client_, clock::now()); };
    for (auto wait = remaining_wait(); wait.count() > 0; wait = remaining_wait()) {
        timer.expires_after(std::min(wait, max_wait));
        co_await timer.async_wait(use_awaitable);
    }
    restart();
}

void client_computation::count(clock::duration slice, clock::time_point now) noexcept {
    if (!limits_.budget.charge(client_, slice, now)) [[unlikely]]
        report_client_limit();
}

void client_computation::count_if_stopped(clock::time_point now) noexcept {
    switch (cause_to_stop(now)) {
    case stop_cause::none: return;
    case stop_cause::limit: return limits_.stopped_requests.increment();
    case stop_cause::client: return limits_.stopped_clients.increment();
    }
}

} // namespace atrium::graphql_http

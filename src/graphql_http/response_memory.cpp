#include "response_memory.hpp"

#include "json_response.hpp"
#include "parameters.hpp"

#include <base/run_queue.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <utility>

namespace atrium::graphql_http {
namespace {

using http::memory_lease;
using http::memory_use;

constexpr std::size_t max_tree_bytes_per_byte = 8;   // because the two bytes "1," become a value of 16 bytes
constexpr std::size_t subscription_bytes = 7 * 1024; // for its coroutines, its position in the journal, and an event
constexpr std::string_view no_memory_code = "UNAVAILABLE";

std::optional<memory_lease> try_take(http::memory_budget* budget, memory_use use, std::size_t bytes) {
    if (!budget)
        return memory_lease{};
    auto taken = memory_lease{budget->share(use)};
    return taken.try_resize(bytes) ? std::optional{std::move(taken)} : std::nullopt;
}

error out_of_memory() {
    return {.code = errc::unavailable,
            .detail = "the server is short of memory; the operation was not run",
            .retry_after = std::chrono::seconds{1}};
}

} // namespace

std::optional<memory_lease> take_for_request(http::memory_budget* budget, std::size_t bytes) {
    return try_take(budget, memory_use::incoming, bytes * max_tree_bytes_per_byte);
}

std::optional<memory_lease> take_for_subscription(http::memory_budget* budget) {
    return try_take(budget, memory_use::subscriptions, subscription_bytes);
}

awaitable<std::optional<memory_lease>> take_for_response(http::memory_budget* budget, const graphql::engine& engine,
                                                         const graphql::operation& o) {
    if (!budget)
        co_return memory_lease{};
    co_return co_await budget->acquire(memory_use::responses, engine.response_estimate(o));
}

memory_lease empty_lease(http::memory_budget* budget) {
    return budget ? memory_lease{budget->share(memory_use::responses)} : memory_lease{};
}

graphql::response_admission make_admission(http::memory_budget* budget, const graphql::engine& engine,
                                           const graphql::operation& o, memory_lease& lease, client_computation& work) {
    return [budget, bytes = engine.response_estimate(o), &lease, &work]() -> awaitable<> {
        co_await work.restart_within_budget();
        if (!budget)
            co_return;
        auto taken = co_await budget->acquire(memory_use::responses, bytes);
        while (!taken) {
            {
                const computation::pause pause;
                // Lets other coroutines run. Throws if the subscription was cancelled.
                co_await asio::post(co_await asio::this_coro::executor, use_awaitable);
            }
            taken = co_await budget->acquire(memory_use::responses, bytes);
        }
        lease = *std::move(taken);
        // One event may wake many subscriptions at the same time, and each begins with a database read. Each waits in the run
        // queue, so that together they do not hold up the thread.
        co_await run_queue::of((co_await asio::this_coro::executor).context()).wait(run_queue::rank::new_work);
    };
}

std::string out_of_memory_body() {
    return error_body(out_of_memory(), no_memory_code);
}

http::response out_of_memory(std::string_view type) {
    return temporary_refusal(type, http::status::service_unavailable, out_of_memory(), no_memory_code);
}

void cached_documents::count(http::memory_budget* budget) const noexcept {
    const auto current = engine_.cached_bytes();
    if (!budget || current == counted_.load(std::memory_order_relaxed)) [[likely]]
        return;
    const auto previous = counted_.exchange(current);
    auto& share = budget->share(memory_use::documents);
    if (current > previous)
        share.take(current - previous);
    else
        share.give(previous - current);
}

} // namespace atrium::graphql_http

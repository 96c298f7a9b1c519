#pragma once

#include "client_computation.hpp"

#include <base/awaitable.hpp>
#include <graphql/engine.hpp>
#include <http/memory_budget.hpp>
#include <http/response.hpp>
#include <http/response_memory.hpp>

#include <atomic>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// What operations take of the memory budget. A null budget is no limit.
namespace atrium::graphql_http {

/// For what an operation keeps of a request of `bytes`: the tree of its variables. Empty if it is not there.
[[nodiscard]] std::optional<http::memory_lease> take_for_request(http::memory_budget* budget, std::size_t bytes);

/// For a subscription, until it ends. Empty if it is not there.
[[nodiscard]] std::optional<http::memory_lease> take_for_subscription(http::memory_budget* budget);

/// For the response of an operation, before it runs: so none runs, and changes something, whose response could not be kept.
/// Waits for it; empty if it is not there in time.
[[nodiscard]] awaitable<std::optional<http::memory_lease>>
take_for_response(http::memory_budget* budget, const graphql::engine& engine, const graphql::operation& o);

/// Without a limit, and empty: for what is there already.
[[nodiscard]] http::memory_lease response_lease(http::memory_budget* budget);

/// The same before each response of a subscription, but waits as long as it takes, and before that until its client's budget
/// for computing allows it: no event may be left out. `into`, `work` and the engine outlive what is returned.
[[nodiscard]] graphql::response_admission admission(http::memory_budget* budget, const graphql::engine& engine,
                                                    const graphql::operation& o, http::memory_lease& into,
                                                    client_computation& work);

/// The response's JSON text for an operation that did not run for want of memory.
[[nodiscard]] std::string out_of_memory_body();

/// 503 with Retry-After, and that body.
[[nodiscard]] http::response out_of_memory(std::string_view type);

/// Counts the engine's kept documents as memory of a budget. Any thread; never gives back.
class cached_documents {
public:
    explicit cached_documents(const graphql::engine& engine) noexcept : engine_{engine} {}
    void count(http::memory_budget* budget) const noexcept;

private:
    const graphql::engine& engine_;
    mutable std::atomic<std::size_t> counted_{0};
};

} // namespace atrium::graphql_http

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

/// Memory that operations take from the memory budget. A null budget means no limit.
namespace atrium::graphql_http {

/// Takes memory for the variables of an operation, which are kept as a tree of values. `bytes` is the size of the request.
/// Empty if the memory is not available.
[[nodiscard]] std::optional<http::memory_lease> take_for_request(http::memory_budget* budget, std::size_t bytes);

/// Takes the memory that a subscription needs until it ends. Empty if the memory is not available.
[[nodiscard]] std::optional<http::memory_lease> take_for_subscription(http::memory_budget* budget);

/// Takes memory for the response before an operation on a WebSocket runs, because an operation that has changed something must
/// be able to return its response. Waits for the memory; empty if it does not become available in time.
[[nodiscard]] awaitable<std::optional<http::memory_lease>>
take_for_response(http::memory_budget* budget, const graphql::engine& engine, const graphql::operation& o);

/// An empty lease for responses. Its holder calls `resize` to count memory that is already in use, even beyond the budget.
[[nodiscard]] http::memory_lease empty_lease(http::memory_budget* budget);

/// Returns the function that a subscription calls before each response. The function waits until the client's computing budget
/// allows more, and then takes memory for the response into `lease`. It waits for this memory without a time limit, because no
/// event may be left out. `budget`, `lease` and `work` must outlive the function.
[[nodiscard]] graphql::response_admission make_admission(http::memory_budget* budget, const graphql::engine& engine,
                                                         const graphql::operation& o, http::memory_lease& lease,
                                                         client_computation& work);

/// The JSON text of the response to an operation that did not run because there was not enough memory.
[[nodiscard]] std::string out_of_memory_body();

/// 503 with Retry-After and the text of `out_of_memory_body`.
[[nodiscard]] http::response out_of_memory(std::string_view type);

/// Counts the engine's cached documents as used memory of a budget. Can be used on any thread. The destructor does not return
/// the memory.
class cached_documents {
public:
    explicit cached_documents(const graphql::engine& engine) noexcept : engine_{engine} {}
    /// Updates the counted memory to the current size of the cached documents.
    void count(http::memory_budget* budget) const noexcept;

private:
    const graphql::engine& engine_;
    mutable std::atomic<std::size_t> counted_{0};
};

} // namespace atrium::graphql_http

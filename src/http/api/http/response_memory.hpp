#pragma once

#include <base/awaitable.hpp>
#include <http/memory_budget.hpp>
#include <http/response.hpp>

#include <cstddef>
#include <optional>

/// Memory that a large response takes from the server's budget (docs/http.md#memory).
namespace atrium::http {

/// Reserves memory for a response of about `bytes` before the work begins, so that no change is made whose response cannot be
/// kept. Waits if necessary; empty if there is not enough after `http.deadlines.memory`. Without a budget (null) there is no
/// limit.
[[nodiscard]] awaitable<std::optional<memory_lease>> take_for_response(memory_budget* budget, std::size_t bytes);

/// Keeps the lease until the connection counts the body as its own memory. If the body is small, the lease ends at once.
void keep_until_sent(response& answer, memory_lease taken);

/// A 503 with Retry-After, for a request that got no memory.
[[nodiscard]] response out_of_memory();

} // namespace atrium::http

#pragma once

#include <base/awaitable.hpp>
#include <http/memory_budget.hpp>
#include <http/response.hpp>

#include <cstddef>
#include <optional>

/// What a large response takes of the server's memory budget (docs/http.md#memory).
namespace atrium::http {

/// Reserves memory for a response of about `bytes` before the work begins, so that no change is made whose response cannot be
/// kept. Waits for it; empty if there is still none after `http.deadlines.memory`. Without a budget (null) there is no limit.
[[nodiscard]] awaitable<std::optional<memory_lease>> take_for_response(memory_budget* budget, std::size_t bytes);

/// Keeps what was taken until the connection has taken over the body.
void keep_until_sent(response& answer, memory_lease taken);

/// A response with status 503 and Retry-After, for a request that got no memory.
[[nodiscard]] response out_of_memory();

} // namespace atrium::http

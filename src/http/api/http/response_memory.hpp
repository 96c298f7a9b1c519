#pragma once

#include <base/awaitable.hpp>
#include <http/memory_budget.hpp>
#include <http/response.hpp>

#include <cstddef>
#include <optional>

/// What a large response takes of the server's memory budget (docs/http.md#memory).
namespace atrium::http {

/// For a response of about so many bytes, before it is made: so nothing is read, and nothing is changed, whose response could
/// not be kept. Waits for it; empty if it is not there in time. A null budget is no limit.
[[nodiscard]] awaitable<std::optional<memory_lease>> take_for_response(memory_budget* budget, std::size_t bytes);

/// Keeps what was taken until the connection has taken over the body.
void keep_until_sent(response& answer, memory_lease taken);

/// 503 with Retry-After: there is no memory for the response.
[[nodiscard]] response out_of_memory();

} // namespace atrium::http

#pragma once

#include <base/awaitable.hpp>
#include <http/memory_budget.hpp>
#include <http/request.hpp>
#include <http/response.hpp>

#include <cstddef>
#include <optional>
#include <utility>

/// Memory that a large response takes from the server's budget (docs/http.md#memory).
namespace atrium::http {

/// Memory for the response to one request. If possible, it comes from the account of the request's worker, because this needs
/// no atomic operation; otherwise it comes from the budget itself. Used on the worker's thread. The worker must outlive the
/// lease.
class response_lease {
public:
    response_lease() noexcept = default;
    explicit response_lease(account_lease lease) noexcept : of_worker_{std::move(lease)} {}
    explicit response_lease(memory_lease lease) noexcept : of_budget_{std::move(lease)} {}

    /// Changes the size, even if this exceeds the budget.
    void resize(std::size_t size) noexcept {
        of_worker_.resize(size);
        of_budget_.resize(size);
    }

private:
    account_lease of_worker_; ///< at most one of the two has a source
    memory_lease of_budget_;
};

/// Reserves memory for a response of about `bytes` before the work begins, so that a request cannot make a change and then lack
/// the memory for its response. Waits if necessary; empty if there is not enough after `http.deadlines.memory`. If the request
/// has no budget, there is no limit.
[[nodiscard]] awaitable<std::optional<response_lease>> take_for_response(const request& q, std::size_t bytes);

/// Keeps the lease until the connection counts the body as its own memory. If the body is small, the lease ends immediately.
void keep_until_sent(response& answer, response_lease lease);

/// A 503 with Retry-After, for a request that got no memory.
[[nodiscard]] response out_of_memory();

} // namespace atrium::http

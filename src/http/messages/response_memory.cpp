#include <http/response_memory.hpp>

#include <chrono>
#include <memory>
#include <utility>

namespace atrium::http {

using namespace std::chrono_literals;

awaitable<std::optional<response_lease>> take_for_response(const request& q, std::size_t bytes) {
    if (!q.memory)
        co_return response_lease{};
    // If the budget is full, the request waits, even if the worker's account still has memory that is not in use.
    const bool is_full = q.memory->used() + bytes > q.memory->limit();
    if (q.response_memory && bytes <= memory_budget::max_small && !is_full) {
        account_lease lease{*q.response_memory};
        if (lease.try_resize(bytes)) [[likely]]
            co_return response_lease{std::move(lease)};
    }
    if (auto lease = co_await q.memory->acquire(memory_use::responses, bytes))
        co_return response_lease{*std::move(lease)};
    co_return std::nullopt;
}

void keep_until_sent(response& answer, response_lease lease) {
    const auto size = answer.body.size();
    if (size <= memory_budget::max_small)
        return;
    lease.resize(size);
    answer.memory = std::make_shared<const response_lease>(std::move(lease));
}

response out_of_memory() {
    return problem(error{.code = errc::unavailable, .detail = "the server is short of memory", .retry_after = 1s});
}

} // namespace atrium::http

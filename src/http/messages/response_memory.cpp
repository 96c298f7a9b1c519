#include <http/response_memory.hpp>

#include <chrono>
#include <memory>
#include <utility>

namespace atrium::http {

using namespace std::chrono_literals;

awaitable<std::optional<memory_lease>> take_for_response(memory_budget* budget, std::size_t bytes) {
    if (!budget)
        co_return memory_lease{};
    co_return co_await budget->acquire(memory_use::responses, bytes);
}

void keep_until_sent(response& answer, memory_lease taken) {
    const auto size = answer.body.size();
    if (size <= memory_budget::max_small)
        return;
    taken.resize(size);
    answer.memory = std::make_shared<const memory_lease>(std::move(taken));
}

response out_of_memory() {
    return problem(error{.code = errc::unavailable, .detail = "the server is short of memory", .retry_after = 1s});
}

} // namespace atrium::http

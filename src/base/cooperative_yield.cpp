#include <base/cooperative_yield.hpp>
#include <base/run_queue.hpp>

#include <boost/asio/this_coro.hpp>

namespace atrium {

awaitable<> cooperative_yield::yield_if_due() {
    const auto now = std::chrono::steady_clock::now();
    if (now - slice_begin_ < max_slice)
        co_return;
    auto& queue = run_queue::of((co_await asio::this_coro::executor).context());
    queue.count(slice_begin_, now);
    co_await queue.wait(run_queue::rank::continued);
    slice_begin_ = std::chrono::steady_clock::now();
}

} // namespace atrium

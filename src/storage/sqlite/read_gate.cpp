#include "sqlite/read_gate.hpp"

#include <base/computation.hpp>
#include <base/run_queue.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <utility>

namespace atrium::storage::sqlite {

read_gate::read_gate(metrics::registry& metrics)
    : held_back_{metrics.counter("atrium_storage_held_reads_total",
                                 "Reads that waited for others to end, so that the write-ahead log could be restarted")} {}

bool read_gate::try_enter() noexcept {
    auto state = state_.load();
    while ((state & closed) == 0) {
        if (state_.compare_exchange_weak(state, state + 1)) [[likely]]
            return true;
    }
    return false;
}

void read_gate::leave() noexcept {
    if (state_.fetch_sub(1) == (closed | 1) && report_shut_) [[unlikely]]
        report_shut_();
}

bool read_gate::try_close() noexcept {
    std::uint32_t without_reads = 0;
    return state_.compare_exchange_strong(without_reads, closed);
}

void read_gate::open() {
    std::vector<held_read> released;
    {
        const std::lock_guard lock{mutex_};
        state_.fetch_and(~closed);
        released.swap(held_);
    }
    for (auto& each : released)
        asio::post(std::move(each.handler));
}

awaitable<> read_gate::wait_until_open() {
    const computation::pause measurement_pause;
    const auto initiate = [this](auto handler) {
        if (!store_if_closed(handler))
            asio::post(std::move(handler));
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<executor>, void()>(initiate, use_awaitable);
    // Resumed through the run queue, because many reads may have been held back on one thread, which also has other work.
    const auto home = co_await asio::this_coro::executor;
    co_await run_queue::of(home.context()).wait(run_queue::rank::new_work);
}

/// Stores `handler` unless the gate is open again. Returns whether `handler` was stored.
bool read_gate::store_if_closed(held_read::handler_type& handler) {
    const std::lock_guard lock{mutex_};
    if ((state_ & closed) == 0)
        return false;
    const auto home = handler.get_executor();
    held_.push_back({std::move(handler), asio::make_work_guard(home)});
    held_back_.increment();
    return true;
}

} // namespace atrium::storage::sqlite

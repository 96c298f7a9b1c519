#include <base/computation.hpp>
#include <base/processor_time.hpp>
#include <base/run_queue.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace atrium {

asio::execution_context::id run_queue::id;

struct run_queue::waiter {
    virtual ~waiter() = default;
    virtual void resume() = 0;
};

template <class Handler>
struct run_queue::handler_waiter final : waiter {
    explicit handler_waiter(Handler h) : handler{std::move(h)} {}
    void resume() override { std::move(handler)(); }

    Handler handler;
};

/// Schedules the next slice for the coroutines that still wait, even if the current slice ends with an exception.
class run_queue::slice_end {
public:
    explicit slice_end(run_queue& queue) : queue_{queue} {}
    ~slice_end() {
        queue_.begin_slice();
        if (!queue_.new_waiters_.empty() || !queue_.continued_waiters_.empty())
            queue_.schedule();
    }
    slice_end(const slice_end&) = delete;
    slice_end& operator=(const slice_end&) = delete;

private:
    run_queue& queue_;
};

run_queue& run_queue::of(asio::io_context& context) {
    return asio::use_service<run_queue>(context);
}

run_queue::run_queue(asio::execution_context& owner) : service{owner}, context_{static_cast<asio::io_context&>(owner)} {}

run_queue::~run_queue() = default;

/// Destroying a coroutine may make other coroutines wait here, so this repeats until no coroutine is left.
void run_queue::shutdown() noexcept {
    is_scheduled_ = true; // so that nothing more is posted
    while (!new_waiters_.empty() || !continued_waiters_.empty()) {
        const auto first = std::exchange(new_waiters_, {});
        const auto continued = std::exchange(continued_waiters_, {});
    }
}

awaitable<> run_queue::wait(rank r) {
    const auto enqueue = [this, r](auto handler) {
        queue_of(r).push_back(std::make_unique<handler_waiter<decltype(handler)>>(std::move(handler)));
        schedule();
    };
    const computation::pause measurement_pause;
    co_await asio::async_initiate<const asio::use_awaitable_t<executor>, void()>(enqueue, use_awaitable);
}

/// Called when the slice is used up according to steady_clock. That time may include waiting for other things, so the processor
/// time decides whether the slice is over.
void run_queue::check_processor_time() {
    const auto now = thread_processor_time();
    counted_time_ = {};
    if (processor_time_ > now) { // it has never been read
        processor_time_ = now;
        return;
    }
    if (now - processor_time_ < slice)
        return;
    is_over_ = true;
    schedule();
}

void run_queue::begin_slice() noexcept {
    is_over_ = false;
    counted_time_ = {};
    counted_until_ = clock::now();
    processor_time_ = thread_processor_time();
}

/// Asio runs handlers in the order in which they became ready, and checks sockets and timers before it runs the posted slice.
void run_queue::schedule() {
    if (std::exchange(is_scheduled_, true))
        return;
    asio::post(context_, [this] { run_slice(); });
}

void run_queue::run_slice() {
    is_scheduled_ = false;
    const slice_end end_of_slice{*this};
    begin_slice();
    const auto end = counted_until_ + slice;
    const bool begins_with_continued = std::exchange(is_continued_next_, false) && !continued_waiters_.empty();
    if (begins_with_continued)
        resume_front(continued_waiters_);
    for (auto count = new_waiters_.size(); count > 0 && clock::now() < end; --count)
        resume_front(new_waiters_);
    if (begins_with_continued || continued_waiters_.empty())
        return;
    if (clock::now() < end)
        resume_front(continued_waiters_);
    else
        is_continued_next_ = true;
}

void run_queue::resume_front(line& waiters) {
    const auto next = std::move(waiters.front());
    waiters.pop_front();
    next->resume();
}

} // namespace atrium

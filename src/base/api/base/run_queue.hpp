#pragma once

#include <base/awaitable.hpp>

#include <boost/asio/execution_context.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>

namespace atrium {

/// Divides the time of a thread among coroutines: once the thread has used up a slice, coroutines with more work wait here.
/// Waiting coroutines are resumed in slices of time, and between two slices the thread handles everything that is ready
/// (sockets, timers, new connections). Each `io_context` owns one run queue, which is used only on the thread of that context.
///
/// A coroutine reports with `count` when its work began and ended, and then calls `wait` if `is_over` returns true.
class run_queue final : public asio::execution_context::service {
public:
    using clock = std::chrono::steady_clock;

    /// How long the thread works before it checks sockets and timers again.
    static constexpr std::chrono::milliseconds slice{2};

    enum class rank {
        new_work,  ///< each slice resumes these coroutines until the slice is used up
        continued, ///< coroutines that have used up a slice: at least every other slice resumes one of them
    };

    [[nodiscard]] static run_queue& of(asio::io_context& context);

    using key_type = run_queue;
    static asio::execution_context::id id;
    explicit run_queue(asio::execution_context& owner);
    ~run_queue() override;

    /// Counts work on this thread from `begin` to `end`. The time may include waiting: before a slice counts as over,
    /// the processor time of the thread is checked.
    void count(clock::time_point begin, clock::time_point end) {
        counted_time_ += end - std::max(begin, counted_until_);
        counted_until_ = end;
        if (counted_time_ >= slice && !is_over_) [[unlikely]]
            check_processor_time();
    }
    /// Whether a slice has been used up since the thread last checked sockets and timers. Work that can wait should then wait.
    [[nodiscard]] bool is_over() const noexcept { return is_over_; }
    /// Whether the thread has worked for four more slices since `is_over` became true, as measured by steady_clock alone. Then
    /// even urgent work should wait.
    [[nodiscard]] bool is_far_over() const noexcept { return is_over_ && counted_time_ >= max_urgent_slices * slice; }

    /// Suspends the calling coroutine until the queue resumes it. A coroutine that is cancelled while it waits keeps its place
    /// and is resumed without an exception; its next `co_await` throws `operation_aborted`.
    [[nodiscard]] awaitable<> wait(rank r);

private:
    static constexpr int max_urgent_slices = 4;

    struct waiter;
    template <class Handler>
    struct handler_waiter;
    class slice_end;
    using line = std::deque<std::unique_ptr<waiter>>;

    void shutdown() noexcept override;
    void check_processor_time();
    void begin_slice() noexcept;
    void schedule();
    void run_slice();
    void resume_front(line& waiters);
    [[nodiscard]] line& queue_of(rank r) noexcept { return r == rank::new_work ? new_waiters_ : continued_waiters_; }

    asio::io_context& context_;
    line new_waiters_;
    line continued_waiters_;
    bool is_scheduled_ = false; ///< `run_slice` is posted, and runs after everything that is ready now
    /// Whether the next slice starts with a continued coroutine, because the last slice resumed only new work.
    bool is_continued_next_ = false;
    bool is_over_ = false;
    clock::duration counted_time_{};
    clock::time_point counted_until_{};
    /// The processor time of this thread at the start of the slice; max() before it is first read.
    clock::duration processor_time_ = clock::duration::max();
};

} // namespace atrium

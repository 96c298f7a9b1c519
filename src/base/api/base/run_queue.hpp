#pragma once

#include <base/awaitable.hpp>

#include <boost/asio/execution_context.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>

namespace atrium {

/// Shares the time of a thread: coroutines that have computed for a long time wait here. Waiting coroutines are resumed in
/// slices of time, and between two slices the thread handles everything that is ready (sockets, timers, new connections). Each
/// `io_context` owns one run queue, which is used only on the thread of that context.
///
/// A coroutine reports its work with `count`, using clock readings that it has anyway, and then calls `wait` if `is_over`.
class run_queue final : public asio::execution_context::service {
public:
    using clock = std::chrono::steady_clock;

    /// How long the thread works before it checks sockets and timers again.
    static constexpr std::chrono::milliseconds slice{2};

    enum class rank {
        first,     ///< new work: each slice resumes as many of these coroutines as fit into it
        continued, ///< work that has used up a slice: at least every other slice resumes one of these coroutines
    };

    [[nodiscard]] static run_queue& of(asio::io_context& context);

    using key_type = run_queue;
    static asio::execution_context::id id;
    explicit run_queue(asio::execution_context& owner);
    ~run_queue() override;

    /// Counts work on this thread from `begin` to `end`. The time may include waiting: before a slice counts as over, the
    /// processor time of the thread is checked.
    void count(clock::time_point begin, clock::time_point end) {
        counted_ += end - std::max(begin, counted_until_);
        counted_until_ = end;
        if (counted_ >= slice && !is_over_) [[unlikely]]
            look_at_processor_time();
    }
    /// Whether a slice has been used up since the thread last checked sockets and timers. Work that can wait should then wait.
    [[nodiscard]] bool is_over() const noexcept { return is_over_; }
    /// Whether the thread has worked for several more slices since then. Then even urgent work should wait.
    [[nodiscard]] bool is_far_over() const noexcept { return is_over_ && counted_ >= urgent_slices * slice; }

    /// Suspends the calling coroutine until the queue resumes it. Does not throw. A coroutine that is cancelled meanwhile is
    /// resumed in the same order, and stops at its next wait.
    [[nodiscard]] awaitable<> wait(rank r);

private:
    static constexpr int urgent_slices = 4;

    struct waiter;
    template <class Handler>
    struct waiting;
    class next_round;
    using line = std::deque<std::unique_ptr<waiter>>;

    void shutdown() noexcept override;
    void look_at_processor_time();
    void begin_slice() noexcept;
    void schedule();
    void run_slice();
    void resume_front(line& waiters);
    [[nodiscard]] line& queue_of(rank r) noexcept { return r == rank::first ? first_ : continued_; }

    asio::io_context& context_;
    line first_;
    line continued_;
    bool is_scheduled_ = false;   ///< `run_slice` is posted, and runs after everything that is ready now
    bool owes_continued_ = false; ///< the last slice resumed only new work, so the next one starts with a continued coroutine
    bool is_over_ = false;
    clock::duration counted_{};
    clock::time_point counted_until_{};
    clock::duration processor_time_ = clock::duration::max(); ///< of this thread, at the start of the slice
};

} // namespace atrium

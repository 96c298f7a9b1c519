#pragma once

#include <base/awaitable.hpp>

#include <boost/asio/execution_context.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>

namespace atrium {

/// Where coroutines of one thread wait while others have their share of its time. Work is resumed a slice at a time, and
/// between two slices the thread handles everything that is ready: sockets, timers, new connections. One for each `io_context`,
/// which owns it; used only on that context's thread.
///
/// The caller counts its work with clock readings that it has anyway: `count`, then `wait` if `is_over`.
class run_queue final : public asio::execution_context::service {
public:
    using clock = std::chrono::steady_clock;

    /// How long the thread works before it looks again at what is ready.
    static constexpr std::chrono::milliseconds slice{2};

    enum class rank {
        first,     ///< has not begun: as many as fit into a slice go on
        continued, ///< has used up a slice: one of them goes on at least in every other slice
    };

    [[nodiscard]] static run_queue& of(asio::io_context& context);

    using key_type = run_queue;
    static asio::execution_context::id id;
    explicit run_queue(asio::execution_context& owner);
    ~run_queue() override;

    /// Somebody worked on this thread from `begin` to `end`, or waited for something in between: then it counts nothing.
    void count(clock::time_point begin, clock::time_point end) {
        counted_ += end - std::max(begin, counted_until_);
        counted_until_ = end;
        if (counted_ >= slice && !is_over_) [[unlikely]]
            look_at_processor_time();
    }
    /// Whether a slice was used up since the thread last looked at what is ready. Those who can wait should.
    [[nodiscard]] bool is_over() const noexcept { return is_over_; }
    /// Whether urgent work, which otherwise does not wait, has used up several slices as well.
    [[nodiscard]] bool is_far_over() const noexcept { return is_over_ && counted_ >= urgent_slices * slice; }

    /// Suspends the calling coroutine until its turn. Does not throw; a coroutine that is cancelled meanwhile is resumed in its
    /// turn as well, and stops where it waits next.
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
    void resume_front(line& from);
    [[nodiscard]] line& line_of(rank r) noexcept { return r == rank::first ? first_ : continued_; }

    asio::io_context& context_;
    line first_;
    line continued_;
    bool is_scheduled_ = false;   ///< `run_slice` is behind all that is ready now
    bool owes_continued_ = false; ///< the last slice went to those who began
    bool is_over_ = false;
    clock::duration counted_{};
    clock::time_point counted_until_{};
    clock::duration processor_time_ = clock::duration::max(); ///< of this thread, when the slice began
};

} // namespace atrium

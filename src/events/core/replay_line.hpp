#pragma once

#include <base/awaitable.hpp>
#include <base/notification.hpp>
#include <base/timer.hpp>

#include <chrono>
#include <list>

namespace atrium::events {

/// A waiting line for the followers of one thread that read old events. The first one reads for a few milliseconds, then the
/// thread is free for other work for the same time, then the next one reads. Used on that thread only.
class replay_line {
    using clock_time = std::chrono::steady_clock::time_point;

public:
    explicit replay_line(const executor& thread_executor) : executor_{thread_executor} {}
    replay_line(const replay_line&) = delete;
    replay_line& operator=(const replay_line&) = delete;

    /// A follower's place in the line. The constructor adds it at the end, and the destructor removes it.
    class place {
    public:
        explicit place(replay_line& line)
            : line_{line}, own_{line.places_.insert(line.places_.end(), this)}, moved_{line.executor_} {}
        ~place() { line_.leave(own_, began_); }
        place(const place&) = delete;
        place& operator=(const place&) = delete;

        /// Waits until this place is the first in the line and its follower may read. Throws `operation_aborted` if it is
        /// cancelled.
        awaitable<> reach_front() {
            while (line_.places_.front() != this)
                co_await moved_.wait();
            if (std::chrono::steady_clock::now() < line_.next_at_) {
                steady_timer pause{line_.executor_, line_.next_at_};
                co_await pause.async_wait(use_awaitable);
            }
            began_ = std::chrono::steady_clock::now();
        }

        /// Whether the follower has used up its time, so that it should leave the line.
        [[nodiscard]] bool is_over() const noexcept { return std::chrono::steady_clock::now() - began_ >= max_time; }

    private:
        friend class replay_line;
        replay_line& line_;
        std::list<place*>::iterator own_;
        notification moved_;
        clock_time began_ = clock_time::max(); ///< max() if the follower has not read yet
    };

    static constexpr std::chrono::milliseconds max_time{2}; ///< how long a follower reads in one turn

private:
    void leave(std::list<place*>::iterator own, clock_time began) {
        const bool was_first = own == places_.begin();
        places_.erase(own);
        if (const auto now = std::chrono::steady_clock::now(); began <= now)
            next_at_ = now + (now - began);
        if (was_first && !places_.empty())
            places_.front()->moved_.notify();
    }

    executor executor_;
    std::list<place*> places_; ///< in the order of their turns
    clock_time next_at_{};     ///< no follower reads before this time
};

} // namespace atrium::events

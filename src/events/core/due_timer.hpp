#pragma once

#include <base/awaitable.hpp>
#include <base/clock.hpp>
#include <base/timer.hpp>

#include <chrono>
#include <functional>
#include <optional>

namespace atrium::events {

/// Waits until the clock `time` shows a given date and time. The clock may be set forward or back during the wait: the timer
/// sleeps for short intervals of the steady clock, and reads `time` after each interval. All functions are called on the thread
/// of the executor. `time` outlives the timer.
class due_timer {
public:
    using steady = std::chrono::steady_clock;

    /// `max_step` is the maximum delay until a change of the clock is noticed.
    due_timer(executor thread, const clock& time, std::chrono::milliseconds max_step)
        : timer_{thread}, time_{time}, step_{max_step} {}

    /// Calls `on_expired` once the clock shows `due` (if there is one) or the steady clock shows `latest`, whichever is
    /// earlier, but not during this call. A later call replaces an earlier one.
    void wait(std::optional<timestamp> due, steady::time_point latest, std::function<void()> on_expired);

    /// Ensures that `on_expired` is not called any more.
    void cancel();

private:
    void sleep();
    [[nodiscard]] bool is_over() const;

    steady_timer timer_;
    const clock& time_;
    const std::chrono::milliseconds step_;
    std::optional<timestamp> due_;
    steady::time_point latest_;
    std::function<void()> on_expired_; ///< empty while the timer does not wait
};

} // namespace atrium::events

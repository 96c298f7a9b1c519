#pragma once

#include "shared_state.hpp"

#include <base/awaitable.hpp>
#include <base/background_thread.hpp>
#include <base/clock_steps.hpp>
#include <base/timer.hpp>

#include <chrono>
#include <functional>
#include <optional>

namespace atrium::idempotency {

/// Removes the keys that are older than a given age, in small steps between which other writes come first. A clock that is
/// wrong for a while does not cause keys to be removed (docs/decisions/0019). Has a thread of its own, which sleeps most of the
/// time.
class sweeper {
public:
    using steady = std::chrono::steady_clock;

    /// `s` must outlive this object.
    sweeper(shared_state& s, std::chrono::milliseconds age, std::function<steady::time_point()> steady_now);
    ~sweeper();
    sweeper(const sweeper&) = delete;
    sweeper& operator=(const sweeper&) = delete;

    /// Start and stop this object's thread. Call both functions on the same thread. `stop` is idempotent.
    void start();
    void stop();

    /// Removes all keys that are too old. Runs on the sweeper's thread or, if that has not been started, on any thread.
    [[nodiscard]] awaitable<> sweep_once();

private:
    awaitable<> keep_sweeping();
    awaitable<> start_time();
    [[nodiscard]] timestamp cutoff_now();

    shared_state& state_;
    const std::chrono::milliseconds age_;
    const std::function<steady::time_point()> steady_now_;
    run_bound run_;                     ///< no key that this process has stored counts as older than the process
    std::optional<cautious_time> time_; ///< set by `start_time`; begins with the time of the newest key

    background_thread thread_;
    steady_timer timer_;
    bool is_stopping_ = false; ///< only used on the sweeper's thread
};

} // namespace atrium::idempotency

#pragma once

#include "core/history_limits.hpp"
#include "core/runner.hpp"

#include <base/clock_steps.hpp>

#include <optional>

namespace atrium::events {

/// Removes old events from the log, old ids of received events, and old records of operators' actions, in small steps and at a
/// fixed interval (`retention_policy::every`). A clock that is wrong for a while does not cause events to be removed
/// (docs/decisions/0019). Every member runs on the dispatcher's thread.
class retention {
public:
    retention(const runner_context& c, retention_policy policy, dead_letter_policy dead_letters);

    void start();
    void stop();

private:
    awaitable<> keep_sweeping();
    /// Initializes `time_` with the time of the last event in the log, which has certainly passed, or with the clock's time if
    /// that is earlier. Called before the first sweep.
    awaitable<> start_time();
    [[nodiscard]] table::age_limit age_limit_now();
    /// Continues where the last sweep stopped early, or begins with the oldest event.
    awaitable<> sweep_once();
    awaitable<> forget_received();
    /// Returns a time. Records that were made before that time have at least this age, even if the clock was wrong for a while.
    [[nodiscard]] timestamp cutoff_of(std::chrono::milliseconds age);
    awaitable<> rest();

    runner_context context_;
    retention_policy policy_;
    history_limits history_;
    steady_timer timer_;
    event_seq seen_;                    ///< the last event that an unfinished sweep has examined
    std::optional<cautious_time> time_; ///< empty until `start_time` has succeeded
    std::optional<run_bound> run_;      ///< set together with `time_`
    event_seq last_before_start_;       ///< the seq of the last event of earlier runs
    std::chrono::steady_clock::time_point started_;
    bool stopping_ = false;
};

} // namespace atrium::events

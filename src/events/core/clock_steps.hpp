#pragma once

#include <base/clock.hpp>

#include <chrono>
#include <optional>

namespace atrium::events {

/// Notices that the time of day was set back: it moved otherwise than the steady clock. One thread.
class clock_steps {
public:
    using steady = std::chrono::steady_clock;

    /// Whether it was set back, by a second or more, since the last call; true at the first call, as it may have been before.
    [[nodiscard]] bool was_set_back(timestamp now, steady::time_point at);

private:
    struct reading {
        timestamp time;
        steady::time_point at;
    };
    std::optional<reading> last_;
};

/// The time of day for what removes old things for good: a clock that jumps ahead is believed only after it has stayed there
/// for an hour; until then time goes on from before the jump. A further jump begins the hour again. A clock that is set back is
/// believed at once, since then less is old. One thread.
class cautious_time {
public:
    using steady = std::chrono::steady_clock;
    static constexpr std::chrono::hours probation{1};

    /// `known`: a moment that has certainly passed when the steady clock showed `at`.
    cautious_time(timestamp known, steady::time_point at) : time_{known}, at_{at} {}

    /// `now` and `at` are the two clocks at this moment.
    [[nodiscard]] timestamp read(timestamp now, steady::time_point at);

private:
    struct reading {
        timestamp time;
        steady::time_point at;
    };
    timestamp time_;
    steady::time_point at_;
    std::optional<reading> ahead_; ///< the first one where the clock is now
};

/// Bounds what is old for what bears only the time at which it was written: what was written in this run is as young as the
/// run, even if the clock was behind meanwhile. One thread.
class run_bound {
public:
    using steady = std::chrono::steady_clock;

    explicit run_bound(steady::time_point started) : started_{started} {}

    /// `before`, but nothing of this run unless it has run for `age`. `now` and `at` are the two clocks at this moment; a time
    /// that the clock shows only between two calls is not known.
    [[nodiscard]] timestamp limit(timestamp before, std::chrono::milliseconds age, timestamp now, steady::time_point at);

private:
    steady::time_point started_;
    std::optional<timestamp> earliest_; ///< that the clock has shown
};

} // namespace atrium::events

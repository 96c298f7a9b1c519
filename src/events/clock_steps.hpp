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
/// for an hour; until then time goes on from before the jump. A clock that is set back is believed at once, since then less
/// is old. One thread.
class cautious_time {
public:
    using steady = std::chrono::steady_clock;
    static constexpr std::chrono::hours probation{1};

    /// `known`: a moment that has certainly passed when the steady clock showed `at`.
    cautious_time(timestamp known, steady::time_point at) : time_{known}, at_{at} {}

    /// `now` and `at` are the two clocks at this moment.
    [[nodiscard]] timestamp read(timestamp now, steady::time_point at);

private:
    timestamp time_;
    steady::time_point at_;
    std::optional<steady::time_point> ahead_since_;
};

} // namespace atrium::events

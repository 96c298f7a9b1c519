#pragma once

#include <base/clock.hpp>

#include <chrono>
#include <optional>

namespace atrium {

/// Detects that the time of day was set back, by comparing it with the steady clock. Used by one thread.
class clock_steps {
public:
    using steady = std::chrono::steady_clock;

    /// Whether the time of day was set back by more than a second since the last call. True at the first call, because the
    /// time of day may have been set back before.
    [[nodiscard]] bool was_set_back(timestamp now, steady::time_point steady_now);

private:
    struct reading {
        timestamp time;
        steady::time_point at;
    };
    std::optional<reading> last_;
};

/// The time of day for code that removes old data for good. A clock that jumps ahead is trusted only after it has stayed ahead
/// for an hour; until then, the result continues from the time before the jump. A further jump restarts the hour. A clock that
/// is set back is trusted immediately, because then less data counts as old. Used by one thread.
class cautious_time {
public:
    using steady = std::chrono::steady_clock;
    static constexpr std::chrono::hours probation{1};

    /// `known` is a moment that had certainly passed when the steady clock showed `steady_now`.
    cautious_time(timestamp known, steady::time_point steady_now) : time_{known}, at_{steady_now} {}

    /// `now` and `steady_now` are the readings of the two clocks.
    [[nodiscard]] timestamp read(timestamp now, steady::time_point steady_now);

private:
    struct reading {
        timestamp time;
        steady::time_point at;
    };
    timestamp time_;
    steady::time_point at_;
    std::optional<reading> ahead_; ///< the first reading since the clock jumped ahead
};

/// Limits which records count as old if each record has only the time of day at which it was written. A record that this run of
/// the server has written is at most as old as the run, even if the clock was behind when it was written. Used by one thread.
class run_bound {
public:
    using steady = std::chrono::steady_clock;

    explicit run_bound(steady::time_point started) : started_{started} {}

    /// Returns the time before which records count as old. `age` is the age from which a record is old, and `cutoff` is the
    /// time at which a record of this age was written. The result is `cutoff` if the run has lasted for `age`; until then, it
    /// is early enough that no record of this run counts as old. `now` and `steady_now` are the readings of the two clocks. A
    /// clock that is changed and changed back between two calls is not noticed.
    [[nodiscard]] timestamp limit(timestamp cutoff, std::chrono::milliseconds age, timestamp now,
                                  steady::time_point steady_now);

private:
    steady::time_point started_;
    std::optional<timestamp> earliest_; ///< the earliest time that the clock has shown
};

} // namespace atrium

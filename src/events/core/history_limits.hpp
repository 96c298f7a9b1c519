#pragma once

#include "core/runner.hpp"

#include <base/timer.hpp>
#include <events/settings.hpp>

#include <chrono>
#include <functional>

namespace atrium::events {

/// Keeps the tables of dead letters and of operators' actions bounded, in small steps: moves the oldest dead letters to the
/// archive, and removes old entries of the archive, operations that have ended, and failure groups without dead letters.
/// Updates the gauges of these tables. Every member runs on the dispatcher's thread.
class history_limits {
public:
    history_limits(const runner_context& c, retention_policy policy, dead_letter_policy dead_letters);

    /// A function that returns a time. Records that were made before that time have at least the age `age`.
    using cutoff_of_age = std::function<timestamp(std::chrono::milliseconds age)>;
    awaitable<> sweep(const cutoff_of_age& cutoff);
    void stop();

private:
    /// Runs `step` repeatedly, until it changes fewer rows than a step may change. `step` is a function of `transaction&` that
    /// returns the number of rows that it has changed. Returns the sum of these numbers.
    template <class F>
    awaitable<std::int64_t> repeat(F step);
    awaitable<> expire_dead_letters(const cutoff_of_age& cutoff);
    awaitable<> remove_empty_groups();
    awaitable<> update_gauges();
    awaitable<> rest();

    runner_context context_;
    retention_policy policy_;
    dead_letter_policy dead_letters_;
    steady_timer timer_;
    metrics::counter expired_;
    bool stopping_ = false;
};

} // namespace atrium::events

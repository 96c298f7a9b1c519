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

    /// Returns the time before which records of at least this age were made.
    using cutoff_of_age = std::function<timestamp(std::chrono::milliseconds age)>;
    awaitable<> sweep(const cutoff_of_age& cutoff);
    void stop();

private:
    /// Runs `step`, a function of `transaction&` that returns how many rows it has changed, until it changes fewer than a full
    /// step. Returns the sum.
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

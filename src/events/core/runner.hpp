#pragma once

#include "core/due_timer.hpp"
#include "core/journal_tables.hpp"
#include "core/rate_meter.hpp"

#include <base/awaitable.hpp>
#include <base/clock.hpp>
#include <base/clock_steps.hpp>
#include <base/log.hpp>
#include <base/throttle.hpp>
#include <events/bus.hpp>
#include <events/settings.hpp>
#include <metrics/registry.hpp>
#include <storage/store.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace atrium::events {

/// The objects that every runner needs. They must outlive the runners.
struct runner_context {
    executor dispatcher_executor; ///< runs on the dispatcher's thread
    storage::store store;
    const clock& time;
    std::chrono::milliseconds clock_step; ///< the maximum delay until a runner notices that `time` was set forward or back
    retry_policy retry;
    metrics::registry& metrics;
    logger log;
};

/// Hands the deliveries of one subscription to its handler, or those of an outlet to the broker. Every member runs on the
/// dispatcher's thread, unless noted otherwise.
class runner {
public:
    runner(const runner_context& c, subscription s, subscription_id id);
    virtual ~runner() = default;
    runner(const runner&) = delete;
    runner& operator=(const runner&) = delete;

    [[nodiscard]] subscription_id id() const noexcept { return id_; }

    /// The number of deliveries handled per second, averaged over the last minute. Any thread.
    [[nodiscard]] double rate() const { return rate_.per_second(std::chrono::steady_clock::now()); }

    /// Reports that there may be work. May be called at any time; cheap if there is no work.
    void wake();

    /// Takes no new work. Running handlers continue, and their outcomes are recorded.
    void stop();

    /// Cancels handlers that are still running; their deliveries stay as they are.
    virtual void cancel() {}

protected:
    /// Does the work that is waiting now; returns true if there may be more. An exception means that the storage failed: it is
    /// logged, and the runner tries again after a pause.
    virtual awaitable<bool> run_once() = 0;

    /// Whether there are outcomes that the journal does not contain yet; they are recorded even while stopping.
    [[nodiscard]] virtual bool has_outcomes() const { return false; }

    /// Wakes the runner when the clock of the context shows `due`, but at the latest when a backoff of maximum length that
    /// begins now would end. A later call replaces an earlier one.
    void wake_at(timestamp due);

    /// Whether backoffs may end later than the policy allows, because the clock was set back after they began. Stays true until
    /// `limit_backoffs` is committed and `note_limited_backoffs` is called.
    [[nodiscard]] bool must_limit_backoffs();
    /// Shortens each backoff whose remaining time is longer than the policy allows for a whole backoff after the same number of
    /// failures. Call it in a transaction of the owner `events`.
    void limit_backoffs(storage::transaction& t) const;
    void note_limited_backoffs() noexcept { must_limit_backoffs_ = false; }

    /// Wakes the runner after a while, because the storage currently does not work.
    void pause();

    /// A failed run of a handler. `record_failure` schedules another attempt or makes the delivery a dead letter, in a
    /// transaction of the owner `events`.
    struct failure {
        events::event event;
        int attempts;
        std::string reason;
        bool dead;
        timestamp due;
    };
    [[nodiscard]] failure record_failure(storage::transaction& t, const table::delivery_row& row,
                                         const std::string& reason) const;
    /// Makes the delivery of a failure a dead letter, in a transaction of the owner `events`.
    void record_death(storage::transaction& t, const failure& f) const;
    void report(const failure& f);
    void count_handled(double number) {
        handled_.increment(number);
        rate_.add(number, std::chrono::steady_clock::now());
    }

    runner_context context_;
    subscription subscription_;
    std::string module_; ///< the first word of the subscription's name: the module whose tables the handler can access
    subscription_id id_;
    bool stopping_ = false;

private:
    awaitable<> work();
    void sleep_until(std::optional<timestamp> due, std::chrono::steady_clock::time_point latest);

    due_timer timer_;
    clock_steps steps_;
    throttle fault_log_ = throttle::once_a_minute();
    bool must_limit_backoffs_ = false;
    bool working_ = false;
    bool has_new_work_ = false;
    rate_meter rate_;
    metrics::counter handled_;
    metrics::counter failed_;
    metrics::counter dead_;
};

} // namespace atrium::events

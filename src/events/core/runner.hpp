#pragma once

#include "core/clock_steps.hpp"
#include "core/journal_tables.hpp"

#include <base/awaitable.hpp>
#include <base/clock.hpp>
#include <base/log.hpp>
#include <base/throttle.hpp>
#include <base/timer.hpp>
#include <events/bus.hpp>
#include <events/settings.hpp>
#include <metrics/registry.hpp>
#include <storage/store.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace atrium::events {

/// What every runner works with. All of it outlives the runners.
struct runner_context {
    executor on; ///< the dispatcher's thread
    storage::store store;
    const clock& time;
    retry_policy retry;
    metrics::registry& metrics;
    logger log;
};

/// Hands the deliveries of one subscription to its handler. Every member runs on the dispatcher's thread, unless it says
/// otherwise.
class runner {
public:
    runner(const runner_context& c, subscription s, subscription_id id);
    virtual ~runner() = default;
    runner(const runner&) = delete;
    runner& operator=(const runner&) = delete;

    [[nodiscard]] subscription_id id() const noexcept { return id_; }

    /// There may be work. Cheap where there is none, harmless at any time.
    void wake();

    /// Takes no new work; what runs goes on, and what has happened is recorded.
    void stop();

    /// Cancels handlers that still run; their deliveries stay as they are.
    virtual void cancel() {}

protected:
    /// Looks for work once and takes it; true where more may be waiting. What it throws is a fault of the storage: it is
    /// logged, and a further look follows after a pause.
    virtual awaitable<bool> look() = 0;

    /// Whether something has happened outside that the journal does not know yet: it is recorded also while stopping.
    [[nodiscard]] virtual bool has_outcomes() const { return false; }

    /// Wakes when a backoff ends, at the latest when the longest one would; the time asked for last counts.
    void wake_at(timestamp due);

    /// Whether backoffs may end later than the policy allows, since the time of day by which they were set was set back; until
    /// `limit_backoffs` is committed and `backoffs_limited` called.
    [[nodiscard]] bool must_limit_backoffs();
    /// Lets each backoff end as if its last attempt had failed now, if it would end later than that. In the transaction of the
    /// owner `events`.
    void limit_backoffs(storage::transaction& t) const;
    void backoffs_limited() noexcept { must_limit_backoffs_ = false; }

    /// Wakes after a while: the storage does not work now.
    void pause();

    /// Sets the fate of a delivery whose handler ran and failed: another try later, or the end. In the transaction of the owner
    /// `events`.
    struct failure {
        event what;
        int attempts;
        std::string reason;
        bool dead;
        timestamp due;
    };
    [[nodiscard]] failure record_failure(storage::transaction& t, const table::delivery_row& row, std::string reason) const;
    void report(const failure& f);
    void count_handled(double number) { handled_.increment(number); }

    runner_context context_;
    subscription subscription_;
    std::string module_; ///< the first word of the subscription's name: whose tables the handler sees
    subscription_id id_;
    bool stopping_ = false;

private:
    awaitable<> work();
    void sleep_until(std::chrono::steady_clock::time_point when);

    steady_timer timer_;
    clock_steps steps_;
    throttle fault_log_ = throttle::once_a_minute();
    bool must_limit_backoffs_ = false;
    bool working_ = false;
    bool again_ = false;
    metrics::counter handled_;
    metrics::counter failed_;
    metrics::counter dead_;
};

} // namespace atrium::events

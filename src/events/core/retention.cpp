#include "core/retention.hpp"

#include <boost/asio/redirect_error.hpp>

#include <algorithm>
#include <limits>

namespace atrium::events {
namespace {

constexpr int max_events_per_step = 500; ///< max number of events that one function on the writer examines
constexpr int max_idle_steps = 100;      ///< a sweep stops early after this many steps in a row that have removed nothing
constexpr std::chrono::milliseconds pause_between_steps{20}; ///< the pause between two steps, so that other writes come first

} // namespace

retention::retention(const runner_context& c, retention_policy policy, dead_letter_policy dead_letters)
    : context_{c}, policy_{policy}, history_{c, policy, dead_letters}, timer_{c.dispatcher_executor} {}

void retention::start() {
    spawn_logged(context_.dispatcher_executor, keep_sweeping(), context_.log, "retention");
}

void retention::stop() {
    stopping_ = true;
    timer_.cancel();
    history_.stop();
}

awaitable<> retention::keep_sweeping() {
    const history_limits::cutoff_of_age cutoff = [this](std::chrono::milliseconds age) { return cutoff_of(age); };
    while (!stopping_) {
        try {
            if (!time_)
                co_await start_time();
            co_await sweep_once();
            co_await forget_received();
            co_await history_.sweep(cutoff);
        } catch (const std::exception& e) {
            context_.log.error("old events could not be removed; this will be tried again", {{"reason", e.what()}});
        }
        if (stopping_)
            break;
        timer_.expires_after(policy_.every);
        boost::system::error_code cancelled;
        co_await timer_.async_wait(asio::redirect_error(use_awaitable, cancelled));
    }
}

awaitable<> retention::start_time() {
    struct end_of_log {
        event_seq seq;
        std::optional<timestamp> time;
    };
    const auto end = co_await context_.store.read(
        [](storage::snapshot& s) -> result<end_of_log> { return end_of_log{table::last_seq(s), table::last_time(s)}; });
    if (!end)
        throw storage::outage{end.error().detail};
    const auto now = context_.time.now();
    started_ = std::chrono::steady_clock::now();
    last_before_start_ = end->seq;
    run_.emplace(started_);
    time_.emplace(std::min(now, end->time.value_or(now)), started_);
}

/// An event that was added in this run of the process does not count as older than the run, whatever its time is.
table::age_limit retention::age_limit_now() {
    const auto steady_now = std::chrono::steady_clock::now();
    const bool has_run_for_age = steady_now - started_ >= policy_.age;
    return {.before = time_->read(context_.time.now(), steady_now) - policy_.age,
            .last_old = has_run_for_age ? event_seq{std::numeric_limits<std::int64_t>::max()} : last_before_start_,
            .count = policy_.count};
}

awaitable<> retention::sweep_once() {
    std::int64_t removed = 0;
    int idle_steps = 0;
    for (bool more = true; more && idle_steps < max_idle_steps && !stopping_;) {
        const auto old = age_limit_now();
        const auto step = co_await context_.store.write(
            [&](storage::transaction& t) -> result<table::sweep> {
                return table::remove_old_events(t, seen_, old, max_events_per_step);
            },
            storage::write_priority::internal);
        if (!step)
            throw storage::outage{step.error().detail};
        removed += step->removed;
        idle_steps = step->removed > 0 ? 0 : idle_steps + 1;
        more = step->more;
        seen_ = more ? step->reached : event_seq{};
        if (more)
            co_await rest();
    }
    if (removed > 0)
        context_.log.debug("old events removed", {{"count", removed}});
}

awaitable<> retention::forget_received() {
    // If the id of an event was removed and the broker then delivers the event again, the event is handled again. Therefore ids
    // are kept longer than events.
    const auto min_age = std::max<std::chrono::hours>(std::chrono::hours{24 * 7}, policy_.age) + std::chrono::hours{1};
    for (bool more = true; more && !stopping_;) {
        const auto cutoff = cutoff_of(min_age);
        const auto forgotten = co_await context_.store.write(
            [&](storage::transaction& t) -> result<std::int64_t> {
                return table::remove_old_received(t, cutoff, max_events_per_step);
            },
            storage::write_priority::internal);
        if (!forgotten)
            throw storage::outage{forgotten.error().detail};
        more = *forgotten == max_events_per_step;
        if (more)
            co_await rest();
    }
}

timestamp retention::cutoff_of(std::chrono::milliseconds age) {
    const auto now = context_.time.now();
    const auto steady_now = std::chrono::steady_clock::now();
    return run_->limit(time_->read(now, steady_now) - age, age, now, steady_now);
}

awaitable<> retention::rest() {
    timer_.expires_after(pause_between_steps);
    boost::system::error_code cancelled;
    co_await timer_.async_wait(asio::redirect_error(use_awaitable, cancelled));
}

} // namespace atrium::events

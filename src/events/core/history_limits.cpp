#include "core/history_limits.hpp"

#include "core/dead_letter_tables.hpp"
#include "core/failure_tables.hpp"
#include "core/operation_tables.hpp"

#include <boost/asio/redirect_error.hpp>

#include <algorithm>

namespace atrium::events {
namespace {

constexpr int max_rows_per_step = 200;                       // max number of rows that one function on the writer changes
constexpr std::chrono::milliseconds pause_between_steps{20}; // the pause between two steps, so that other writes come first
constexpr std::string_view expiry_reason = "limit";

/// Moves up to `limit` dead letters to the archive, the oldest first: the `surplus` oldest ones, whatever their age, and those
/// that died before `cutoff`.
int expire(storage::transaction& t, timestamp cutoff, std::int64_t surplus, timestamp now, int limit) {
    int expired = 0;
    for (; expired < limit; ++expired) {
        const auto oldest = table::oldest_dead_letter(t);
        const auto row = oldest ? table::find_dead_letter_row(t, *oldest) : std::nullopt;
        if (!row || (row->died >= cutoff && expired >= surplus))
            break;
        (void)table::archive_dead_letter(
            t, *oldest, {.resolution = resolution::expired, .principal = "atrium", .reason = expiry_reason, .at = now});
    }
    return expired;
}

} // namespace

history_limits::history_limits(const runner_context& c, retention_policy policy, dead_letter_policy dead_letters)
    : context_{c}, policy_{policy}, dead_letters_{dead_letters}, timer_{c.dispatcher_executor},
      expired_{c.metrics.counter("atrium_events_dead_letters_expired_total",
                                 "Dead letters moved to the archive by events.dead_letters.age and .count")} {}

void history_limits::stop() {
    stopping_ = true;
    timer_.cancel();
}

awaitable<> history_limits::sweep(const cutoff_of_age& cutoff) {
    co_await repeat(
        [&](storage::transaction& t) { return table::complete_dead_letters(t, context_.time.now(), max_rows_per_step); });
    co_await expire_dead_letters(cutoff);
    const auto cutoff_time = cutoff(policy_.age);
    co_await repeat(
        [&](storage::transaction& t) { return table::remove_old_archive(t, cutoff_time, policy_.count, max_rows_per_step); });
    co_await repeat([&](storage::transaction& t) {
        return table::remove_old_operations(t, cutoff_time, policy_.count, max_rows_per_step);
    });
    co_await remove_empty_groups();
    co_await update_gauges();
}

template <class F>
awaitable<std::int64_t> history_limits::repeat(F step) {
    std::int64_t sum = 0;
    for (bool more = true; more && !stopping_;) {
        const auto changed = co_await context_.store.write([&](storage::transaction& t) -> result<int> { return step(t); },
                                                           storage::write_priority::internal);
        if (!changed)
            throw storage::outage{changed.error().detail};
        sum += *changed;
        more = *changed >= max_rows_per_step;
        if (more)
            co_await rest();
    }
    co_return sum;
}

awaitable<> history_limits::expire_dead_letters(const cutoff_of_age& cutoff) {
    const auto count =
        co_await context_.store.read([](storage::snapshot& s) -> result<std::int64_t> { return table::count_dead_letters(s); });
    if (!count)
        throw storage::outage{count.error().detail};
    auto surplus = std::max<std::int64_t>(*count - dead_letters_.count, 0);
    const auto cutoff_time = cutoff(dead_letters_.age);
    std::int64_t expired = 0;
    expired = co_await repeat([&](storage::transaction& t) {
        const auto moved = expire(t, cutoff_time, surplus, context_.time.now(), max_rows_per_step);
        surplus -= std::min<std::int64_t>(moved, surplus);
        return moved;
    });
    if (expired == 0)
        co_return;
    expired_.increment(static_cast<double>(expired));
    context_.log.warning("dead letters have exceeded their limits and were moved to the archive",
                         {{"count", expired}, {"what_to_do", "see events.dead_letters in the configuration"}});
}

awaitable<> history_limits::remove_empty_groups() {
    failure_group_id reached;
    for (bool more = true; more && !stopping_;) {
        const auto next = co_await context_.store.write(
            [&](storage::transaction& t) -> result<std::optional<failure_group_id>> {
                return table::remove_empty_groups(t, reached, max_rows_per_step);
            },
            storage::write_priority::internal);
        if (!next)
            throw storage::outage{next.error().detail};
        more = next->has_value();
        reached = next->value_or(reached);
        if (more)
            co_await rest();
    }
}

awaitable<> history_limits::update_gauges() {
    const auto sizes = co_await context_.store.read(
        [](storage::snapshot& s) -> result<table::history_sizes> { return table::count_history(s); });
    if (!sizes)
        throw storage::outage{sizes.error().detail};
    auto& metrics = context_.metrics;
    metrics.gauge("atrium_events_failures", "Recorded failures of deliveries").set(static_cast<double>(sizes->failures));
    metrics.gauge("atrium_events_failure_groups", "Groups of dead letters with the same error")
        .set(static_cast<double>(sizes->groups));
    metrics.gauge("atrium_events_archived", "Dead letters in the archive").set(static_cast<double>(sizes->archived));
    metrics.gauge("atrium_events_operations", "Recorded actions of operators on many deliveries")
        .set(static_cast<double>(sizes->operations));
}

awaitable<> history_limits::rest() {
    timer_.expires_after(pause_between_steps);
    boost::system::error_code cancelled;
    co_await timer_.async_wait(asio::redirect_error(use_awaitable, cancelled));
}

} // namespace atrium::events

#include "core/runner.hpp"

#include "core/dead_letter_tables.hpp"
#include "core/error_text.hpp"
#include "core/failure_tables.hpp"
#include "core/retry.hpp"

#include <algorithm>

namespace atrium::events {
namespace {

using namespace std::chrono_literals;

constexpr auto pause_after_fault = 1s;

metrics::counter outcome(const runner_context& c, const std::string& name, std::string_view word) {
    return c.metrics.counter("atrium_events_deliveries_total", "Runs of event handlers, by how they ended",
                             {{"subscription", name}, {"outcome", std::string{word}}});
}

} // namespace

runner::runner(const runner_context& c, subscription s, subscription_id id)
    : context_{c}, subscription_{std::move(s)}, module_{subscription_.name.substr(0, subscription_.name.find('.'))}, id_{id},
      timer_{c.dispatcher_executor, c.time, c.clock_step}, handled_{outcome(c, subscription_.name, "handled")},
      failed_{outcome(c, subscription_.name, "failed")}, dead_{outcome(c, subscription_.name, "dead")} {}

void runner::wake() {
    has_new_work_ = true;
    if (working_ || (stopping_ && !has_outcomes()))
        return;
    working_ = true; // set before spawning, because the coroutine may begin and end within the call
    try {
        spawn_logged(context_.dispatcher_executor, work(), context_.log, subscription_.name);
    } catch (...) {
        working_ = false; // memory has run out; without this, no later call of `wake` would start the coroutine
        throw;
    }
}

void runner::stop() {
    stopping_ = true;
    timer_.cancel();
}

awaitable<> runner::work() {
    while (has_new_work_ && (!stopping_ || has_outcomes())) {
        has_new_work_ = false;
        try {
            if (co_await run_once())
                has_new_work_ = true;
        } catch (const std::exception& e) {
            if (const auto left_out = fault_log_.pass())
                context_.log.error(
                    "the journal is not available; deliveries are kept and will be tried again",
                    {{"subscription", subscription_.name}, {"reason", e.what()}, {"others_since_last_line", *left_out}});
            pause();
        }
    }
    working_ = false;
}

void runner::pause() {
    sleep_until(std::nullopt, std::chrono::steady_clock::now() + pause_after_fault);
}

void runner::wake_at(timestamp due) {
    const auto max_delay = max_retry_delay(context_.retry, context_.retry.attempts);
    sleep_until(due, std::chrono::steady_clock::now() + std::max(max_delay, 1ms));
}

bool runner::must_limit_backoffs() {
    const bool was_set_back = steps_.was_set_back(context_.time.now(), std::chrono::steady_clock::now());
    must_limit_backoffs_ = must_limit_backoffs_ || was_set_back;
    return must_limit_backoffs_;
}

void runner::limit_backoffs(storage::transaction& t) const {
    const auto now = context_.time.now();
    const auto max_delay = [&](int attempts) { return max_retry_delay(context_.retry, attempts); };
    for (const auto& each : table::backoffs_after(t, id_, now + max_delay(1)))
        if (each.due > now + max_delay(each.attempts))
            table::set_due(t, id_, each.seq, now + retry_delay(context_.retry, each.attempts));
}

void runner::sleep_until(std::optional<timestamp> due, std::chrono::steady_clock::time_point latest) {
    if (!stopping_)
        timer_.wait(due, latest, [this] { wake(); });
}

runner::failure runner::record_failure(storage::transaction& t, const table::delivery_row& row,
                                       const std::string& reason) const {
    failure f{.event = row.event, .attempts = row.attempts + 1, .reason = storable_error(reason), .dead = false, .due = {}};
    f.dead = f.attempts >= context_.retry.attempts || row.is_event_lost;
    if (f.dead) {
        record_death(t, f);
        return f;
    }
    const auto now = context_.time.now();
    f.due = now + retry_delay(context_.retry, f.attempts);
    table::insert_failure(t, id_, row.event.seq, {f.attempts, now, f.reason});
    table::back_off(t, id_, row.event.seq, f.attempts, f.due, f.reason);
    return f;
}

void runner::record_death(storage::transaction& t, const failure& f) const {
    table::make_dead_letter(t, {.place = {f.event.seq, id_},
                                .topic = f.event.topic,
                                .attempts = f.attempts,
                                .error = f.reason,
                                .at = context_.time.now()});
    table::promote(t, id_, f.event.key);
}

void runner::report(const failure& f) {
    const auto log = context_.log.with({{"subscription", subscription_.name},
                                        {"topic", f.event.topic},
                                        {"key", f.event.key},
                                        {"seq", f.event.seq.value},
                                        {"event_id", f.event.id},
                                        {"attempt", f.attempts},
                                        {"reason", f.reason}});
    failed_.increment();
    const auto is_quiet = subscription_.expects_failures;
    if (f.dead) {
        dead_.increment();
        (log.*(is_quiet ? &logger::debug : &logger::error))("a delivery failed its last attempt and is now a dead letter", {});
    } else {
        (log.*(is_quiet ? &logger::debug : &logger::warning))("a delivery failed and will be tried again",
                                                              {{"due", to_rfc3339(f.due)}});
    }
}

} // namespace atrium::events

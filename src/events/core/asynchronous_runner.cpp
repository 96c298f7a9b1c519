#include "core/asynchronous_runner.hpp"

#include <storage/unknown_commit.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>

#include <utility>

namespace atrium::events {

asynchronous_runner::asynchronous_runner(const runner_context& c, subscription s, subscription_id id, asynchronous_handler h)
    : runner{c, std::move(s), id}, handler_{std::move(h)} {}

void asynchronous_runner::cancel() {
    cancelled_ = true;
    for (auto& f : flights_)
        f.cancel.emit(asio::cancellation_type::terminal);
}

awaitable<bool> asynchronous_runner::run_once() {
    const auto free_slots = subscription_.concurrency - static_cast<int>(flights_.size());
    if (free_slots <= 0)
        co_return false; // the end of a flight wakes this runner

    const bool must_limit = must_limit_backoffs();
    if (must_limit || (next_due_ && *next_due_ <= context_.time.now())) {
        const auto next = co_await context_.store.write(
            [this, must_limit](storage::transaction& t) -> result<std::optional<timestamp>> {
                if (must_limit)
                    limit_backoffs(t);
                table::end_backoff(t, id_, context_.time.now());
                return table::next_due(t, id_);
            },
            storage::write_priority::internal);
        if (!next)
            throw storage::outage{next.error().detail};
        if (must_limit)
            note_limited_backoffs();
        next_due_ = *next;
    }
    if (next_due_)
        wake_at(*next_due_); // set on each run, because `pause` uses the same timer

    // Of each key in flight, at most one delivery is ready, and it is skipped below. So this many rows are enough to fill all
    // free slots.
    const auto limit = subscription_.concurrency + static_cast<int>(flights_.size());
    auto rows = co_await context_.store.read([&](storage::snapshot& s) -> result<std::vector<table::delivery_row>> {
        if (table::is_paused(s, id_))
            return std::vector<table::delivery_row>{}; // the commit that resumes it wakes this runner
        return table::ready_deliveries(s, id_, limit);
    });
    if (!rows)
        throw storage::outage{rows.error().detail};
    for (auto& row : *rows)
        if (static_cast<int>(flights_.size()) < subscription_.concurrency && !stopping_ && !keys_.contains(row.event.key))
            start_handler(std::move(row));
    co_return false; // a commit or the end of a flight wakes this runner
}

void asynchronous_runner::start_handler(table::delivery_row row) {
    const auto key = keys_.insert(row.event.key).first;
    auto f = flights_.end();
    try {
        f = flights_.emplace(flights_.end());
        f->row = std::move(row);
        asio::co_spawn(context_.dispatcher_executor, run_flight(f),
                       asio::bind_cancellation_slot(f->cancel.slot(), [](std::exception_ptr) {}));
    } catch (...) { // out of memory; remove the key, because a key without a flight would be blocked until the next start
        if (f != flights_.end())
            flights_.erase(f);
        keys_.erase(key);
        throw;
    }
}

awaitable<> asynchronous_runner::run_flight(std::list<flight>::iterator f) {
    bool storage_works = true;
    try {
        const auto reason = co_await handle(*f);
        co_await asio::this_coro::reset_cancellation_state(); // the outcome is recorded even after a cancellation
        if (f->completed)
            count_handled(1);
        else if (reason)
            co_await fail(*f, *reason);
    } catch (const std::exception& e) {
        storage_works = false;
        context_.log.error("the outcome of a delivery could not be recorded; the delivery will be handled again",
                           {{"subscription", subscription_.name}, {"seq", f->row.event.seq.value}, {"reason", e.what()}});
    }
    keys_.erase(f->row.event.key);
    flights_.erase(f);
    storage_works ? wake() : pause();
}

awaitable<std::optional<std::string>> asynchronous_runner::handle(flight& f) {
    if (f.row.is_event_lost)
        co_return std::string{table::lost_event_reason};
    using namespace asio::experimental::awaitable_operators;
    steady_timer alarm{context_.dispatcher_executor, subscription_.deadline};
    try {
        // The operator || waits for the first success; run_handler returns an exception as a value, so that an exception ends
        // the wait as well.
        const auto first = co_await (run_handler(f) || alarm.async_wait(use_awaitable));
        if (first.index() == 1)
            co_return "the handler took longer than " + std::to_string(subscription_.deadline.count()) + " ms";
        const auto& ended = std::get<0>(first);
        if (ended.exception)
            std::rethrow_exception(ended.exception);
        if (!ended.value && cancelled_)
            co_return std::nullopt; // the stop made the handler fail; the delivery is handled again after the next start
        if (!ended.value)
            co_return ended.value.error().detail;
        if (!f.completed)
            co_await complete(f, [](storage::transaction&) -> result<> { return {}; });
        co_return std::nullopt;
    } catch (const storage::outage&) {
        throw; // not the handler's fault: this run does not count as a failed attempt
    } catch (const storage::unknown_commit&) {
        throw; // not the handler's fault either; if the delivery still exists, it is handled again
    } catch (...) {
        if (stopping_)
            co_return std::nullopt; // the handler was cancelled: the delivery is handled again after the next start
        co_return reason_of(std::current_exception());
    }
}

awaitable<asynchronous_runner::handler_outcome> asynchronous_runner::run_handler(flight& f) {
    // A named variable, because g++ 12 destroys some temporary objects of a co_await expression twice.
    delivery to_handle{f.row.event, f.row.attempts + 1, [this, &f](std::function<result<>(storage::transaction&)> effect) {
                           return complete(f, std::move(effect));
                       }};
    handler_outcome outcome;
    try {
        outcome.value = co_await handler_(std::move(to_handle));
    } catch (...) {
        outcome.exception = std::current_exception();
    }
    co_return outcome;
}

result<> asynchronous_runner::apply(storage::transaction& t, const event& e,
                                    const std::function<result<>(storage::transaction&)>& effect) const {
    if (!table::remove_delivery(t, id_, e.seq))
        return error{errc::not_found, "the delivery is gone: it was handled already"};
    table::promote(t, id_, e.key);
    const storage::acting_as as{t, module_};
    return effect(t);
}

awaitable<result<>> asynchronous_runner::complete(flight& f, std::function<result<>(storage::transaction&)> effect) {
    result<> handled;
    auto done = co_await context_.store.write(
        [&](storage::transaction& t) -> result<> {
            handled = apply(t, f.row.event, effect);
            return handled;
        },
        storage::write_priority::internal);
    if (!done && handled)
        throw storage::outage{done.error().detail}; // the store refused the transaction, which is not the handler's fault
    f.completed = f.completed || done.has_value();
    co_return done;
}

awaitable<> asynchronous_runner::fail(const flight& f, const std::string& reason) {
    const auto failed = co_await context_.store.write(
        [&](storage::transaction& t) -> result<failure> { return record_failure(t, f.row, reason); },
        storage::write_priority::internal);
    if (!failed)
        throw storage::outage{failed.error().detail};
    report(*failed);
    if (!failed->dead) {
        next_due_ = next_due_ ? std::min(*next_due_, failed->due) : failed->due;
        wake_at(*next_due_);
    }
}

} // namespace atrium::events

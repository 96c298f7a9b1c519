#include "core/transactional_runner.hpp"

#include <algorithm>

namespace atrium::events {
namespace {

constexpr int max_per_pass = 128; ///< max number of deliveries that one function on the writer handles, in a few milliseconds
constexpr int max_per_key = 64;   ///< max number of deliveries of one key among these

} // namespace

transactional_runner::transactional_runner(const runner_context& c, subscription s, subscription_id id, transactional_handler h)
    : runner{c, std::move(s), id}, handler_{std::move(h)} {}

awaitable<bool> transactional_runner::run_once() {
    const bool must_limit = must_limit_backoffs();
    const auto done = co_await context_.store.write(
        [this, must_limit](storage::transaction& t) -> result<pass> { return deliver(t, must_limit); },
        storage::write_priority::internal);
    if (!done)
        throw storage::outage{done.error().detail};
    if (must_limit)
        note_limited_backoffs();
    count_handled(done->handled);
    for (const auto& f : done->failures)
        report(f);
    if (done->next_due)
        wake_at(*done->next_due);
    co_return done->more;
}

transactional_runner::pass transactional_runner::deliver(storage::transaction& t, bool limits_backoffs) const {
    pass done;
    if (limits_backoffs)
        limit_backoffs(t);
    if (table::is_paused(t, id_))
        return done; // the commit that resumes it wakes this runner
    table::end_backoff(t, id_, context_.time.now());
    t.nested([&] {
        deliver_ready(t, done);
        return !done.is_undone;
    });
    if (done.is_undone) {
        done = {.is_separate = true, .known = std::move(done.known)};
        deliver_ready(t, done);
    }
    done.next_due = table::next_due(t, id_);
    done.more = !table::ready_deliveries(t, id_, 1).empty();
    return done;
}

void transactional_runner::deliver_ready(storage::transaction& t, pass& done) const {
    int budget = max_per_pass;
    for (const auto& head : table::ready_deliveries(t, id_, max_per_pass)) {
        const auto handled_before = done.handled;
        deliver_key(t, head, std::min(budget, max_per_key), done);
        budget -= std::max(done.handled - handled_before, 1);
        if (budget <= 0 || done.is_undone)
            break;
    }
}

/// Handles up to `budget` deliveries of a key, beginning with `head`. If one fails, the deliveries after it are not changed.
void transactional_runner::deliver_key(storage::transaction& t, const table::delivery_row& head, int budget, pass& done) const {
    if (!deliver_one(t, head, done))
        return;
    auto later = table::queued_deliveries_after(t, id_, head.event.key, head.place, std::max(budget - 1, 1));
    if (later.empty())
        return; // no delivery of this key is queued, so there is nothing to promote
    later.resize(std::min(later.size(), static_cast<std::size_t>(budget - 1)));
    for (const auto& row : later)
        if (!deliver_one(t, row, done))
            return;
    table::promote(t, id_, head.event.key);
}

/// Returns whether the delivery was handled and removed.
bool transactional_runner::deliver_one(storage::transaction& t, const table::delivery_row& row, pass& done) const {
    const auto reason = row.is_event_lost ? std::optional{std::string{table::lost_event_reason}} : handle(t, row.event, done);
    if (done.is_undone)
        return false;
    if (!reason) {
        ++done.handled;
        return true;
    }
    if (done.is_separate) {
        done.failures.push_back(record_failure(t, row, *reason));
    } else {
        done.is_undone = true;
        done.known = failed_run{row.event.seq, *reason};
    }
    return false;
}

std::optional<std::string> transactional_runner::handle(storage::transaction& t, const event& e, pass& done) const {
    if (done.known && done.known->seq == e.seq)
        return done.known->reason;
    std::optional<std::string> reason;
    const auto run = [&] {
        {
            const storage::acting_as as{t, module_};
            if (auto handled = handler_(t, e); !handled)
                reason = handled.error().detail;
        }
        return !reason && table::remove_delivery(t, id_, e.seq);
    };
    try {
        if (done.is_separate)
            t.nested(run);
        else if (!run() && !reason)
            done.is_undone = true;
    } catch (const storage::outage&) {
        throw; // not the handler's fault, so it does not use an attempt
    } catch (...) {
        reason = reason_of(std::current_exception());
    }
    return reason;
}

} // namespace atrium::events

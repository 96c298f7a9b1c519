#include "core/transactional_runner.hpp"

namespace atrium::events {
namespace {

constexpr int per_pass = 128; ///< max deliveries in one function, which then holds the writer for a few milliseconds
constexpr int per_key = 64;   ///< max of them on one key

} // namespace

transactional_runner::transactional_runner(const runner_context& c, subscription s, subscription_id id, transactional_handler h)
    : runner{c, std::move(s), id}, handler_{std::move(h)} {}

awaitable<bool> transactional_runner::run_once() {
    const bool limits = must_limit_backoffs();
    const auto done =
        co_await context_.store.write([this, limits](storage::transaction& t) -> result<pass> { return deliver(t, limits); },
                                      storage::write_priority::internal);
    if (!done)
        throw storage::outage{done.error().detail};
    if (limits)
        backoffs_limited();
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
    int budget = per_pass;
    for (auto& head : table::ready(t, id_, per_pass)) {
        const auto handled_before = done.handled;
        deliver_key(t, std::move(head), std::min(budget, per_key), done);
        budget -= std::max(done.handled - handled_before, 1);
        if (budget <= 0)
            break;
    }
    done.next_due = table::next_due(t, id_);
    done.more = !table::ready(t, id_, 1).empty();
    return done;
}

void transactional_runner::deliver_key(storage::transaction& t, table::delivery_row head, int budget, pass& done) const {
    const auto key = head.event.key;
    std::vector<table::delivery_row> line{std::move(head)};
    for (auto& follower : table::queued_after(t, id_, key, line.front().place, budget - 1))
        line.push_back(std::move(follower));

    for (const auto& row : line) {
        if (auto reason = row.is_event_lost ? std::optional{std::string{table::lost_event_reason}} : handle(t, row.event)) {
            done.failures.push_back(record_failure(t, row, *reason));
            return; // the other deliveries of the key stay as they were
        }
        ++done.handled;
    }
    table::promote(t, id_, key);
}

std::optional<std::string> transactional_runner::handle(storage::transaction& t, const event& what) const {
    std::optional<std::string> reason;
    try {
        t.nested([&] {
            {
                const storage::acting_as as{t, module_};
                if (auto handled = handler_(t, what); !handled)
                    reason = handled.error().detail;
            }
            return !reason && table::remove_delivery(t, id_, what.seq);
        });
    } catch (const storage::outage&) {
        throw; // not the handler's fault: it keeps its attempts
    } catch (...) {
        reason = reason_of(std::current_exception());
    }
    return reason;
}

} // namespace atrium::events

#include "core/bulk_driver.hpp"

#include "core/filter_json.hpp"
#include "core/number_tables.hpp"
#include "core/operation_names.hpp"

#include <base/json_writer.hpp>
#include <base/timer.hpp>

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace atrium::events {
namespace {

constexpr int max_matches_per_read = 2'000;
constexpr std::chrono::milliseconds min_rest{2}; // the pause between two steps, so that other writes come first

/// Whether the subscription has received the event: it was not sent through a broker, or has come back from the broker.
bool has_arrived(storage::snapshot& s, subscription_id subscription, const event& e) {
    const auto sent = table::sent_numbers(s, e.seq);
    const bool is_sent = std::ranges::find(sent, subscription, &table::sent_number_row::subscription) != sent.end();
    return !is_sent || table::has_received(s, subscription, e.id);
}

/// Whether an event of the log belongs to the history of the subscription. A corrected event belongs to one subscription only,
/// and replaces the event of its dead letter there.
bool is_history(storage::snapshot& s, subscription_id subscription, const event& e) {
    const auto origin = table::find_origin(s, e.seq).value_or(table::event_origin{});
    if (const auto corrected = parse_dead_letter_id(origin.edited_from); corrected && corrected->subscription != subscription)
        return false;
    const auto archived = table::find_archived(s, {e.seq, subscription});
    return !archived || archived->resolution != "edited";
}

std::string describe(const bulk_operation& o) {
    std::string data;
    json_writer json{data};
    json.begin_object().key("operation").value(o.id.value).key("verb").value(name_of(o.verb));
    json.key("state").value(name_of(o.state)).key("who").value(o.origin.principal).key("reason").value(o.origin.reason);
    json.key("request_id").value(o.origin.request_id).key("filter").raw(o.filter);
    if (!o.replay.empty())
        json.key("replay").value(o.replay);
    json.key("matched").value(o.matched).key("done").value(o.done).key("skipped").value(o.skipped).end_object();
    return data;
}

} // namespace

/// While this object exists, the worker ignores the operation. The destructor notifies the worker, in case the operation is
/// still running.
class bulk_driver::foreground_work {
public:
    foreground_work(bulk_driver& driver, operation_id id) : driver_{driver}, id_{id} {
        const std::lock_guard lock{driver_.mutex_};
        driver_.in_foreground_.insert(id_);
    }
    ~foreground_work() {
        {
            const std::lock_guard lock{driver_.mutex_};
            driver_.in_foreground_.erase(id_);
        }
        driver_.wake_worker_();
    }
    foreground_work(const foreground_work&) = delete;
    foreground_work& operator=(const foreground_work&) = delete;

private:
    bulk_driver& driver_;
    operation_id id_;
};

error bulk_driver::no_broker() {
    return {errc::conflict, "this process uses no broker, so its events cannot be sent to a broker again"};
}

bulk_driver::bulk_driver(storage::store journal_store, const clock& time, journal& journal, resender resend,
                         std::function<void()> wake_worker)
    : store_{std::move(journal_store)}, time_{time}, journal_{journal}, resend_{std::move(resend)},
      wake_worker_{std::move(wake_worker)} {}

awaitable<result<std::int64_t>> bulk_driver::count(bulk_verb verb, std::string filter) const {
    const auto count = co_await count_matches(verb, filter);
    if (!count)
        co_return count.error();
    co_return count->matched;
}

awaitable<result<bulk_driver::match_count>> bulk_driver::count_matches(bulk_verb verb, const std::string& filter) const {
    match_count count;
    std::optional<bulk_scan> scan;
    for (bulk_scan::step last{.matches = {}, .reached = {}, .more = true}; last.more;) {
        auto next = co_await store_.read([&](storage::snapshot& s) -> result<bulk_scan::step> {
            if (!scan) {
                count.bound = bulk_scan::bound_now(s, verb);
                scan.emplace(s, verb, filter, count.bound);
                if (const auto number = scan->count(s)) {
                    count.matched = *number;
                    return bulk_scan::step{};
                }
            }
            return scan->find(s, last.reached, max_matches_per_read);
        });
        if (!next)
            co_return next.error();
        last = *std::move(next);
        count.matched += static_cast<std::int64_t>(last.matches.size());
    }
    co_return count;
}

awaitable<result<bulk_operation>> bulk_driver::start(request r) {
    const auto matches = co_await count_matches(r.verb, r.filter);
    if (!matches)
        co_return matches.error();
    auto started =
        co_await store_.write([&](storage::transaction& t) -> result<bulk_operation> { return insert(t, r, *matches); });
    if (started && started->state == bulk_state::running)
        co_await work_in_foreground(*started);
    co_return started;
}

result<bulk_operation> bulk_driver::insert(storage::transaction& t, const request& r, const match_count& c) const {
    if (const auto known = table::find_replay(t, r.replay)) {
        if (known->operation.filter != r.filter)
            return error{errc::conflict, "the replay id belongs to an earlier replay of another range"};
        return known->operation;
    }
    table::operation_row row{.operation = {.id = {},
                                           .verb = r.verb,
                                           .state = bulk_state::running,
                                           .filter = r.filter,
                                           .replay = r.replay,
                                           .matched = c.matched,
                                           .origin = r.origin,
                                           .began = time_.now(),
                                           .ended = {}},
                             .bound = c.bound,
                             .cursor = {}};
    row.operation.id = table::insert_operation(t, row);
    return row.operation;
}

/// Works on the operation until it ends or `max_foreground_time` has passed. If a step fails, the worker continues the
/// operation later, because the operation is stored in the journal. A resend waits for the broker, so only the worker does its
/// steps, and this function waits for the worker.
awaitable<> bulk_driver::work_in_foreground(bulk_operation& operation) {
    std::optional<foreground_work> foreground;
    if (operation.verb != bulk_verb::resend)
        foreground.emplace(*this, operation.id);
    else
        wake_worker_();
    const auto end = std::chrono::steady_clock::now() + max_foreground_time;
    steady_timer rest{co_await asio::this_coro::executor};
    for (auto began = std::chrono::steady_clock::now(); began < end; began = std::chrono::steady_clock::now()) {
        result<bool> running{true};
        if (foreground)
            running = co_await step(operation.id);
        else
            running = co_await is_running(operation.id);
        if (!running || !*running)
            break;
        rest.expires_after(std::max<std::chrono::steady_clock::duration>(std::chrono::steady_clock::now() - began, min_rest));
        co_await rest.async_wait(use_awaitable);
    }
    const auto reached = co_await store_.read([&](storage::snapshot& s) -> result<std::optional<table::operation_row>> {
        return table::find_operation(s, operation.id);
    });
    if (reached && *reached)
        operation = (*reached)->operation;
}

awaitable<result<bool>> bulk_driver::is_running(operation_id id) const {
    co_return co_await store_.read([&](storage::snapshot& s) -> result<bool> {
        const auto row = table::find_operation(s, id);
        return row && row->operation.state == bulk_state::running;
    });
}

awaitable<result<bool>> bulk_driver::step(operation_id id) {
    const auto next = co_await store_.read([&](storage::snapshot& s) -> result<work> { return find_work(s, id); });
    if (!next)
        co_return next.error();
    if (next->row.operation.state != bulk_state::running)
        co_return false;
    std::int64_t resent = 0;
    if (next->row.operation.verb == bulk_verb::resend && !next->scan.matches.empty()) {
        std::vector<event_seq> events;
        for (const auto& place : next->scan.matches)
            events.push_back(place.seq);
        const auto sent = co_await resend_(next->target, std::move(events));
        if (!sent)
            co_return sent.error();
        resent = *sent;
    }
    co_return co_await store_.write([&](storage::transaction& t) -> result<bool> { return apply(t, *next, resent); },
                                    storage::write_priority::internal);
}

result<bulk_driver::work> bulk_driver::find_work(storage::snapshot& s, operation_id id) const {
    auto row = table::find_operation(s, id);
    if (!row)
        return error{errc::not_found, "there is no such operation"};
    work w{.row = *std::move(row), .scan = {}};
    const auto& o = w.row.operation;
    if (o.state != bulk_state::running)
        return w;
    if (works_on_events(o.verb))
        if (const auto target = table::find_subscription(s, event_range_of(o.filter).subscription))
            w.target = target->id;
    w.scan = bulk_scan{s, o.verb, o.filter, w.row.bound}.find(s, w.row.cursor, batch);
    return w;
}

/// Applies the verb to the matches of one step, and records the progress. Does nothing if another thread has done this step.
/// Returns whether the operation is still running.
bool bulk_driver::apply(storage::transaction& t, const work& w, std::int64_t resent) {
    auto row = table::find_operation(t, w.row.operation.id);
    if (!row || row->operation.state != bulk_state::running)
        return false;
    if (row->cursor != w.row.cursor)
        return true;
    auto& o = row->operation;
    std::int64_t done = resent;
    if (o.verb != bulk_verb::resend)
        done = std::ranges::count_if(w.scan.matches, [&](const auto& place) { return apply_one(t, w, place); });
    o.done += done;
    o.skipped += static_cast<std::int64_t>(w.scan.matches.size()) - done;
    row->cursor = w.scan.reached;
    if (w.scan.more) {
        table::set_progress(t, *row);
        return true;
    }
    o.skipped = std::max(o.skipped, o.matched - o.done); // this includes matches that were resolved before their step
    end(t, o, bulk_state::done);
    return false;
}

bool bulk_driver::apply_one(storage::transaction& t, const work& w, const dead_letter_place& place) {
    const auto& o = w.row.operation;
    switch (o.verb) {
    case bulk_verb::retry: return retry(t, place);
    case bulk_verb::discard:
        return table::archive_dead_letter(t, place,
                                          {.resolution = resolution::discarded,
                                           .principal = o.origin.principal,
                                           .reason = o.origin.reason,
                                           .at = time_.now()});
    case bulk_verb::replay: return replay(t, w, place.seq);
    case bulk_verb::resend: break;
    }
    return false;
}

/// Returns false if the event of the dead letter cannot be read or is lost, because no handler could handle it.
bool bulk_driver::retry(storage::transaction& t, const dead_letter_place& place) {
    const auto topic = table::find_topic(t, place.seq);
    return topic && *topic != unreadable_topic && *topic != lost_topic && journal_.retry_dead_letter(t, place);
}

bool bulk_driver::replay(storage::transaction& t, const work& w, event_seq seq) {
    const auto e = table::find_event(t, seq);
    return e && e->topic != unreadable_topic && e->topic != lost_topic && has_arrived(t, w.target, *e) &&
           is_history(t, w.target, *e) && journal_.redeliver(t, w.target, *e, w.row.operation.replay);
}

void bulk_driver::end(storage::transaction& t, bulk_operation& o, bulk_state state) {
    o.state = state;
    o.ended = time_.now();
    table::end_operation(t, o);
    journal_.publish(t, {.topic = std::string{topic_of(o.verb)},
                         .key = "operation/" + std::to_string(o.id.value),
                         .data = describe(o),
                         .traceparent = o.origin.traceparent,
                         .request_id = o.origin.request_id});
}

awaitable<result<bulk_operation>> bulk_driver::cancel(operation_id id) {
    co_return co_await store_.write([&](storage::transaction& t) -> result<bulk_operation> {
        auto row = table::find_operation(t, id);
        if (!row)
            return error{errc::not_found, "there is no such operation"};
        if (row->operation.state == bulk_state::running)
            end(t, row->operation, bulk_state::cancelled);
        return row->operation;
    });
}

awaitable<result<std::vector<operation_id>>> bulk_driver::background_operations(int limit) const {
    auto running = co_await store_.read(
        [&](storage::snapshot& s) -> result<std::vector<operation_id>> { return table::running_operations(s, limit); });
    if (running) {
        const std::lock_guard lock{mutex_};
        std::erase_if(*running, [&](operation_id id) { return in_foreground_.contains(id); });
    }
    co_return running;
}

} // namespace atrium::events

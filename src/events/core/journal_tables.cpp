#include "core/journal_tables.hpp"

#include "core/failure_tables.hpp"
#include "core/number_tables.hpp"

#include <algorithm>
#include <utility>

namespace atrium::events::table {
namespace {

std::vector<delivery_row> read_deliveries(storage::cursor rows) {
    std::vector<delivery_row> found;
    while (rows.next()) {
        auto& one = found.emplace_back(delivery_row{.event = read_event(rows),
                                                    .place = {rows.integer(10)},
                                                    .attempts = static_cast<int>(rows.integer(9)),
                                                    .is_event_lost = rows.is_null(1)});
        one.event.replay = rows.text(11);
    }
    return found;
}

subscription_row read_subscription(const storage::cursor& row) {
    return {.id = {row.integer(0)},
            .name = std::string{row.text(1)},
            .topics = std::string{row.text(2)},
            .began = {row.integer(3)},
            .is_paused = row.integer(4) != 0};
}

std::vector<event_seq> read_seqs(storage::cursor rows) {
    std::vector<event_seq> found;
    while (rows.next())
        found.push_back({rows.integer(0)});
    return found;
}

delivery_state state_of(std::string_view name) {
    for (const auto state : {delivery_state::queued, delivery_state::ready, delivery_state::backoff})
        if (name == name_of(state))
            return state;
    return delivery_state::dead;
}

} // namespace

event read_event(const storage::cursor& row, int first) {
    return {.seq = {row.integer(first)},
            .id = std::string{row.text(first + 1)},
            .source = std::string{row.text(first + 2)},
            .topic = std::string{row.text(first + 3)},
            .key = std::string{row.text(first + 4)},
            .priority = static_cast<int>(row.integer(first + 5)),
            .time = row.time(first + 6),
            .traceparent = std::string{row.text(first + 7)},
            .data = std::string{row.text(first + 8)},
            .replay = {}};
}

event_seq insert_event(storage::transaction& t, const event& e, std::string_view request_id) {
    t.execute("INSERT INTO events_log (id, source, topic, key, priority, time, traceparent, data, request_id)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
              e.id, e.source, e.topic, e.key, e.priority, e.time, e.traceparent, e.data, request_id);
    return {t.last_insert_id()};
}

void set_edited_from(storage::transaction& t, event_seq seq, std::string_view dead_letter_id) {
    t.execute("UPDATE events_log SET edited_from = ?2 WHERE seq = ?1", seq, dead_letter_id);
}

std::optional<event_origin> find_origin(storage::snapshot& s, event_seq seq) {
    auto rows = s.query("SELECT request_id, edited_from FROM events_log WHERE seq = ?1", seq);
    return rows.next() ? std::optional{event_origin{std::string{rows.text(0)}, std::string{rows.text(1)}}} : std::nullopt;
}

event_seq last_seq(storage::snapshot& s) {
    return {s.query_integer("SELECT max(seq) FROM events_log").value_or(0)};
}

std::optional<timestamp> last_time(storage::snapshot& s) {
    auto rows = s.query("SELECT time FROM events_log ORDER BY seq DESC LIMIT 1");
    return rows.next() ? std::optional{rows.time(0)} : std::nullopt;
}

std::vector<event> events_after(storage::snapshot& s, event_seq seq, int limit) {
    std::vector<event> found;
    auto rows = s.query("SELECT seq, id, source, topic, key, priority, time, traceparent, data"
                        " FROM events_log WHERE seq > ?1 ORDER BY seq LIMIT ?2",
                        seq, limit);
    while (rows.next())
        found.push_back(read_event(rows));
    return found;
}

void for_each_event(storage::snapshot& s, event_seq first, event_seq last, bool is_reverse, int limit,
                    const std::function<bool(const event_head&)>& visit) {
    auto rows = is_reverse ? s.query("SELECT seq, topic, key, time, traceparent FROM events_log WHERE seq >= ?1 AND seq <= ?2"
                                     " ORDER BY seq DESC LIMIT ?3",
                                     first, last, limit)
                           : s.query("SELECT seq, topic, key, time, traceparent FROM events_log WHERE seq >= ?1 AND seq <= ?2"
                                     " ORDER BY seq LIMIT ?3",
                                     first, last, limit);
    while (rows.next())
        if (!visit({{rows.integer(0)}, rows.text(1), rows.text(2), rows.time(3), rows.text(4)}))
            return;
}

void for_each_topic(storage::snapshot& s, event_seq seq, event_seq last,
                    const std::function<bool(event_seq, std::string_view topic)>& visit) {
    for (auto rows = s.query("SELECT seq, topic FROM events_log WHERE seq > ?1 AND seq <= ?2 ORDER BY seq", seq, last);
         rows.next();)
        if (!visit({rows.integer(0)}, rows.text(1)))
            return;
}

sweep remove_old_events(storage::transaction& t, event_seq seq, const age_limit& old, int limit) {
    const auto newest = last_seq(t);
    const event_seq newest_surplus{
        std::min(newest.value - old.count, newest.value - 1)}; // the log always keeps the last seq that was assigned
    sweep done{.reached = seq};
    std::vector<event_seq> unneeded;
    int looked_at = 0;
    bool young = false;
    for (auto rows = t.query("SELECT l.seq, l.time, EXISTS (SELECT 1 FROM events_delivery AS d"
                             "   WHERE d.subscription IN (SELECT id FROM events_subscription) AND d.seq = l.seq)"
                             "   OR EXISTS (SELECT 1 FROM events_scheduled AS w WHERE w.seq = l.seq)"
                             " FROM events_log AS l WHERE l.seq > ?1 ORDER BY l.seq LIMIT ?2",
                             seq, limit);
         rows.next(); ++looked_at) {
        const event_seq each{rows.integer(0)};
        const bool is_recent = rows.time(1) >= old.before || each > old.last_old;
        young = each == newest || (is_recent && each > newest_surplus);
        if (young)
            break;
        done.reached = each;
        if (rows.integer(2) == 0)
            unneeded.push_back(done.reached);
    }
    for (const auto each : unneeded) {
        done.removed += t.execute("DELETE FROM events_log WHERE seq = ?1", each);
        remove_sent_numbers(t, each);
        remove_failures(t, each);
    }
    done.more = !young && looked_at == limit;
    return done;
}

std::vector<subscription_row> subscriptions(storage::snapshot& s) {
    std::vector<subscription_row> found;
    for (auto rows = s.query("SELECT id, name, topics, began, paused FROM events_subscription ORDER BY id"); rows.next();)
        found.push_back(read_subscription(rows));
    return found;
}

std::optional<subscription_row> find_subscription(storage::snapshot& s, std::string_view name) {
    auto rows = s.query("SELECT id, name, topics, began, paused FROM events_subscription WHERE name = ?1", name);
    return rows.next() ? std::optional{read_subscription(rows)} : std::nullopt;
}

bool set_paused(storage::transaction& t, subscription_id id, bool paused) {
    return t.execute("UPDATE events_subscription SET paused = ?2 WHERE id = ?1 AND paused <> ?2", id, paused ? 1 : 0) == 1;
}

bool is_paused(storage::snapshot& s, subscription_id id) {
    return s.query_integer("SELECT paused FROM events_subscription WHERE id = ?1", id).value_or(0) != 0;
}

subscription_id insert_subscription(storage::transaction& t, std::string_view name, std::string_view topics, event_seq began) {
    t.execute("INSERT INTO events_subscription (name, topics, began, numbered) VALUES (?1, ?2, ?3, 1)", name, topics, began);
    return {t.last_insert_id()};
}

void rename_subscription(storage::transaction& t, subscription_id id, std::string_view name) {
    t.execute("UPDATE events_subscription SET name = ?2 WHERE id = ?1", id, name);
}

void set_topics(storage::transaction& t, subscription_id id, std::string_view topics) {
    t.execute("UPDATE events_subscription SET topics = ?2 WHERE id = ?1", id, topics);
}

void insert_stale_topic(storage::transaction& t, subscription_id subscription, std::string_view topic) {
    t.execute("INSERT INTO events_stale_topic (subscription, topic) VALUES (?1, ?2) ON CONFLICT DO NOTHING", subscription,
              topic);
}

void remove_stale_topic(storage::transaction& t, subscription_id subscription, std::string_view topic) {
    t.execute("DELETE FROM events_stale_topic WHERE subscription = ?1 AND topic = ?2", subscription, topic);
}

std::vector<std::string> stale_topics(storage::snapshot& s, subscription_id subscription) {
    std::vector<std::string> found;
    for (auto rows = s.query("SELECT topic FROM events_stale_topic WHERE subscription = ?1", subscription); rows.next();)
        found.emplace_back(rows.text(0));
    return found;
}

delivery_place last_place(storage::snapshot& s) {
    return {s.query_integer("SELECT max(place) FROM events_delivery").value_or(0)};
}

// Without INDEXED BY, SQLite would scan all pending deliveries of the subscription to find out whether a key has one.

void insert_delivery(storage::transaction& t, subscription_id subscription, const event& e, delivery_place place) {
    t.execute("INSERT INTO events_delivery (subscription, seq, key, priority, place, state) VALUES (?1, ?2, ?3, ?4, ?5,"
              " CASE WHEN EXISTS (SELECT 1 FROM events_delivery INDEXED BY events_delivery_key"
              "                   WHERE subscription = ?1 AND key = ?3 AND state <> 'dead')"
              "      THEN 'queued' ELSE 'ready' END)",
              subscription, e.seq, e.key, e.priority, place);
}

void insert_replay(storage::transaction& t, subscription_id subscription, const event& e, delivery_place place,
                   std::string_view replay) {
    insert_delivery(t, subscription, e, place);
    t.execute("UPDATE events_delivery SET replay = ?3 WHERE subscription = ?1 AND seq = ?2", subscription, e.seq, replay);
}

std::vector<delivery_row> ready_deliveries(storage::snapshot& s, subscription_id subscription, int limit) {
    return read_deliveries(
        s.query("SELECT d.seq, l.id, l.source, l.topic, d.key, d.priority, l.time, l.traceparent, l.data, d.attempts, d.place,"
                " d.replay"
                " FROM events_delivery AS d LEFT JOIN events_log AS l ON l.seq = d.seq"
                " WHERE d.subscription = ?1 AND d.state = 'ready'"
                " ORDER BY d.priority DESC, d.place LIMIT ?2",
                subscription, limit));
}

std::vector<event_seq> pending_seqs(storage::snapshot& s, subscription_id subscription) {
    return read_seqs(
        s.query("SELECT seq FROM events_delivery WHERE subscription = ?1 AND state <> 'dead' ORDER BY place", subscription));
}

std::vector<event_seq> ready_seqs(storage::snapshot& s, subscription_id subscription, int limit) {
    return read_seqs(s.query("SELECT seq FROM events_delivery WHERE subscription = ?1 AND state = 'ready'"
                             " ORDER BY priority DESC, place LIMIT ?2",
                             subscription, limit));
}

std::optional<event> find_event(storage::snapshot& s, std::string_view id) {
    auto rows =
        s.query("SELECT seq, id, source, topic, key, priority, time, traceparent, data FROM events_log WHERE id = ?1", id);
    return rows.next() ? std::optional{read_event(rows)} : std::nullopt;
}

std::optional<event> find_event(storage::snapshot& s, event_seq seq) {
    auto rows =
        s.query("SELECT seq, id, source, topic, key, priority, time, traceparent, data FROM events_log WHERE seq = ?1", seq);
    return rows.next() ? std::optional{read_event(rows)} : std::nullopt;
}

std::optional<std::string> find_topic(storage::snapshot& s, event_seq seq) {
    auto rows = s.query("SELECT topic FROM events_log WHERE seq = ?1", seq);
    return rows.next() ? std::optional{std::string{rows.text(0)}} : std::nullopt;
}

std::string key_of_delivery(storage::snapshot& s, subscription_id subscription, event_seq seq) {
    auto rows = s.query("SELECT key FROM events_delivery WHERE subscription = ?1 AND seq = ?2", subscription, seq);
    return rows.next() ? std::string{rows.text(0)} : std::string{};
}

std::optional<waiting_delivery> find_delivery(storage::snapshot& s, subscription_id subscription, event_seq seq) {
    auto rows = s.query("SELECT state, place, attempts, due, replay FROM events_delivery WHERE subscription = ?1 AND seq = ?2",
                        subscription, seq);
    if (!rows.next())
        return std::nullopt;
    return waiting_delivery{.state = state_of(rows.text(0)),
                            .place = {rows.integer(1)},
                            .attempts = static_cast<int>(rows.integer(2)),
                            .due = rows.optional_time(3),
                            .replay = std::string{rows.text(4)}};
}

std::int64_t count_before(storage::snapshot& s, subscription_id subscription, std::string_view key, delivery_place place,
                          std::int64_t limit) {
    return s
        .query_integer("SELECT count(*) FROM (SELECT 1 FROM events_delivery INDEXED BY events_delivery_key"
                       " WHERE subscription = ?1 AND key = ?2 AND state <> 'dead' AND place < ?3 LIMIT ?4)",
                       subscription, key, place, limit)
        .value_or(0);
}

bool has_pending(storage::snapshot& s, subscription_id subscription) {
    return s.query_integer("SELECT 1 FROM events_delivery WHERE subscription = ?1 AND state <> 'dead' LIMIT 1", subscription)
        .has_value();
}

bool has_delivery(storage::snapshot& s, subscription_id subscription, event_seq seq) {
    return s.query_integer("SELECT 1 FROM events_delivery WHERE subscription = ?1 AND seq = ?2", subscription, seq).has_value();
}

bool has_received(storage::snapshot& s, subscription_id subscription, std::string_view id) {
    return s.query_integer("SELECT 1 FROM events_received WHERE subscription = ?1 AND id = ?2", subscription, id).has_value();
}

void insert_scheduled(storage::transaction& t, event_seq seq, timestamp due) {
    t.execute("INSERT INTO events_scheduled (due, seq) VALUES (?1, ?2)", due, seq);
    t.execute("UPDATE events_log SET deliver_at = ?2 WHERE seq = ?1", seq, due);
}

void remove_scheduled(storage::transaction& t, event_seq seq) {
    t.execute("DELETE FROM events_scheduled WHERE seq = ?1", seq);
}

std::optional<timestamp> find_scheduled(storage::snapshot& s, event_seq seq) {
    auto rows = s.query("SELECT due FROM events_scheduled WHERE seq = ?1", seq);
    return rows.next() ? std::optional{rows.time(0)} : std::nullopt;
}

std::vector<event_seq> scheduled_seqs(storage::snapshot& s, event_seq first, event_seq last) {
    return read_seqs(s.query("SELECT seq FROM events_scheduled WHERE seq >= ?1 AND seq <= ?2 ORDER BY seq", first, last));
}

std::vector<event_seq> due_seqs(storage::snapshot& s, timestamp now, int limit) {
    return read_seqs(s.query("SELECT seq FROM events_scheduled WHERE due <= ?1 ORDER BY due, seq LIMIT ?2", now, limit));
}

std::optional<timestamp> next_scheduled(storage::snapshot& s) {
    auto rows = s.query("SELECT due FROM events_scheduled ORDER BY due LIMIT 1");
    return rows.next() ? std::optional{rows.time(0)} : std::nullopt;
}

std::int64_t count_scheduled(storage::snapshot& s) {
    return s.query_integer("SELECT count(*) FROM events_scheduled").value_or(0);
}

bool insert_received(storage::transaction& t, subscription_id subscription, std::string_view id, timestamp now) {
    return t.execute("INSERT INTO events_received (subscription, id, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                     subscription, id, now) == 1;
}

std::int64_t remove_old_received(storage::transaction& t, timestamp cutoff, int limit) {
    // Removed one by one, because a single statement would make SQLite scan all ids of a subscription.
    std::vector<std::pair<std::int64_t, std::string>> old;
    for (auto rows = t.query("SELECT subscription, id FROM events_received WHERE at < ?1 ORDER BY at LIMIT ?2", cutoff, limit);
         rows.next();)
        old.emplace_back(rows.integer(0), rows.text(1));
    for (const auto& [subscription, id] : old)
        t.execute("DELETE FROM events_received WHERE subscription = ?1 AND id = ?2", subscription, id);
    return static_cast<std::int64_t>(old.size());
}

std::optional<adapter_row> last_adapter(storage::snapshot& s) {
    auto rows = s.query("SELECT name, drained FROM events_adapter");
    return rows.next() ? std::optional{adapter_row{std::string{rows.text(0)}, rows.integer(1) != 0}} : std::nullopt;
}

void set_adapter(storage::transaction& t, std::string_view name, bool drained) {
    t.execute("INSERT INTO events_adapter (only_row, name, drained) VALUES (1, ?1, ?2)"
              " ON CONFLICT (only_row) DO UPDATE SET name = excluded.name, drained = excluded.drained",
              name, drained);
}

std::vector<delivery_row> queued_deliveries_after(storage::snapshot& s, subscription_id subscription, std::string_view key,
                                                  delivery_place place, int limit) {
    return read_deliveries(
        s.query("SELECT d.seq, l.id, l.source, l.topic, d.key, d.priority, l.time, l.traceparent, l.data, d.attempts, d.place,"
                " d.replay"
                " FROM events_delivery AS d LEFT JOIN events_log AS l ON l.seq = d.seq"
                " WHERE d.subscription = ?1 AND d.key = ?2 AND d.place > ?3 AND d.state <> 'dead' AND d.state = 'queued'"
                " ORDER BY d.place LIMIT ?4",
                subscription, key, place, limit));
}

bool remove_delivery(storage::transaction& t, subscription_id subscription, event_seq seq) {
    return t.execute("DELETE FROM events_delivery WHERE subscription = ?1 AND seq = ?2", subscription, seq) == 1;
}

void promote(storage::transaction& t, subscription_id subscription, std::string_view key) {
    t.execute(
        "UPDATE events_delivery SET state = 'ready' WHERE subscription = ?1 AND state = 'queued' AND seq = ("
        " SELECT seq FROM events_delivery WHERE subscription = ?1 AND key = ?2 AND state <> 'dead' ORDER BY place LIMIT 1)",
        subscription, key);
}

void back_off(storage::transaction& t, subscription_id subscription, event_seq seq, int attempts, timestamp due,
              std::string_view error) {
    t.execute("UPDATE events_delivery SET state = 'backoff', attempts = ?3, due = ?4, last_error = ?5"
              " WHERE subscription = ?1 AND seq = ?2",
              subscription, seq, attempts, due, error);
}

void end_backoff(storage::transaction& t, subscription_id subscription, timestamp now) {
    t.execute(
        "UPDATE events_delivery SET state = 'ready', due = NULL WHERE subscription = ?1 AND state = 'backoff' AND due <= ?2",
        subscription, now);
}

std::vector<backoff_row> backoffs_after(storage::snapshot& s, subscription_id subscription, timestamp moment) {
    std::vector<backoff_row> found;
    for (auto rows = s.query("SELECT seq, attempts, due FROM events_delivery"
                             " WHERE subscription = ?1 AND state = 'backoff' AND due > ?2 ORDER BY due",
                             subscription, moment);
         rows.next();)
        found.push_back({{rows.integer(0)}, static_cast<int>(rows.integer(1)), rows.time(2)});
    return found;
}

void set_due(storage::transaction& t, subscription_id subscription, event_seq seq, timestamp due) {
    t.execute("UPDATE events_delivery SET due = ?3 WHERE subscription = ?1 AND seq = ?2 AND state = 'backoff'", subscription,
              seq, due);
}

std::optional<timestamp> next_due(storage::snapshot& s, subscription_id subscription) {
    auto rows = s.query("SELECT due FROM events_delivery WHERE subscription = ?1 AND state = 'backoff' ORDER BY due LIMIT 1",
                        subscription);
    return rows.next() ? std::optional{rows.time(0)} : std::nullopt;
}

std::int64_t count_dead_letters_of(storage::snapshot& s, subscription_id subscription) {
    return s
        .query_integer("SELECT count(*) FROM events_delivery INDEXED BY events_delivery_dead_subscription"
                       " WHERE subscription = ?1 AND state = 'dead'",
                       subscription)
        .value_or(0);
}

counts count(storage::snapshot& s, subscription_id subscription) {
    counts found;
    found.pending =
        s.query_integer("SELECT count(*) FROM events_delivery WHERE subscription = ?1 AND state <> 'dead'", subscription)
            .value_or(0);
    found.dead = count_dead_letters_of(s, subscription);
    found.oldest = oldest_pending(s, subscription, found);
    return found;
}

// A scheduled event waits from its due time on. It may have a lower seq than events that have waited for longer, so the search
// does not end with it, but with the first event that was not scheduled. If there are more dead letters than pending
// deliveries, the search reads only the pending deliveries, and sorts them by seq. Otherwise it reads all deliveries by seq,
// and skips dead letters.
std::optional<timestamp> oldest_pending(storage::snapshot& s, subscription_id subscription, const counts& known) {
    std::optional<timestamp> oldest;
    if (known.pending == 0)
        return oldest;
    auto rows = known.pending < known.dead
                    ? s.query("SELECT l.time, l.deliver_at FROM (SELECT seq FROM events_delivery INDEXED BY events_delivery_key"
                              "  WHERE subscription = ?1 AND state <> 'dead' ORDER BY seq LIMIT 100) AS d"
                              " JOIN events_log AS l ON l.seq = d.seq ORDER BY d.seq",
                              subscription)
                    : s.query("SELECT l.time, l.deliver_at FROM events_delivery AS d JOIN events_log AS l ON l.seq = d.seq"
                              " WHERE d.subscription = ?1 AND d.state <> 'dead' ORDER BY d.seq LIMIT 100",
                              subscription);
    for (bool is_scheduled = true; is_scheduled && rows.next();) {
        is_scheduled = !rows.is_null(1);
        const auto since = rows.time(is_scheduled ? 1 : 0);
        oldest = std::min(oldest.value_or(since), since);
    }
    return oldest;
}

capped_counts count_capped(storage::snapshot& s, subscription_id subscription, std::int64_t limit) {
    const auto number = [](std::optional<std::int64_t> counted) { return counted.value_or(0); };
    return {
        .pending = number(s.query_integer("SELECT count(*) FROM (SELECT 1 FROM events_delivery INDEXED BY events_delivery_key"
                                          " WHERE subscription = ?1 AND state <> 'dead' LIMIT ?2)",
                                          subscription, limit)),
        .ready = number(s.query_integer("SELECT count(*) FROM (SELECT 1 FROM events_delivery INDEXED BY events_delivery_ready"
                                        " WHERE subscription = ?1 AND state = 'ready' LIMIT ?2)",
                                        subscription, limit)),
        .backoff = number(s.query_integer("SELECT count(*) FROM (SELECT 1 FROM events_delivery INDEXED BY events_delivery_due"
                                          " WHERE subscription = ?1 AND state = 'backoff' LIMIT ?2)",
                                          subscription, limit)),
        .dead = number(s.query_integer("SELECT count(*) FROM (SELECT 1 FROM events_delivery"
                                       " INDEXED BY events_delivery_dead_subscription"
                                       " WHERE subscription = ?1 AND state = 'dead' LIMIT ?2)",
                                       subscription, limit))};
}

} // namespace atrium::events::table

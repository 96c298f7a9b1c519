#include "core/journal_tables.hpp"

#include "core/number_tables.hpp"

#include <utility>

namespace atrium::events::table {
namespace {

/// Reads the columns `seq, id, source, topic, key, priority, time, traceparent, data`, which are the first columns of each
/// query for events.
event read_event(const storage::cursor& row) {
    return {.seq = {row.integer(0)},
            .id = std::string{row.text(1)},
            .source = std::string{row.text(2)},
            .topic = std::string{row.text(3)},
            .key = std::string{row.text(4)},
            .priority = static_cast<int>(row.integer(5)),
            .time = row.time(6),
            .traceparent = std::string{row.text(7)},
            .data = std::string{row.text(8)},
            .replay = {}};
}

std::vector<delivery_row> read_deliveries(storage::cursor rows) {
    std::vector<delivery_row> found;
    while (rows.next())
        found.push_back({.event = read_event(rows),
                         .place = {rows.integer(10)},
                         .attempts = static_cast<int>(rows.integer(9)),
                         .is_event_lost = rows.is_null(1)});
    return found;
}

std::vector<event_seq> read_seqs(storage::cursor rows) {
    std::vector<event_seq> found;
    while (rows.next())
        found.push_back({rows.integer(0)});
    return found;
}

/// A scheduled event counts from its due time. It may have a lower seq than events that have waited for longer, so the search
/// ends with the first event that was not scheduled.
std::optional<timestamp> oldest_pending(storage::snapshot& s, subscription_id subscription) {
    std::optional<timestamp> oldest;
    auto rows = s.query("SELECT l.time, l.deliver_at FROM events_delivery AS d JOIN events_log AS l ON l.seq = d.seq"
                        " WHERE d.subscription = ?1 AND d.state <> 'dead' ORDER BY d.seq LIMIT 100",
                        subscription);
    for (bool is_scheduled = true; is_scheduled && rows.next();) {
        is_scheduled = !rows.is_null(1);
        const auto since = rows.time(is_scheduled ? 1 : 0);
        oldest = std::min(oldest.value_or(since), since);
    }
    return oldest;
}

} // namespace

event_seq insert_event(storage::transaction& t, const event& e) {
    t.execute("INSERT INTO events_log (id, source, topic, key, priority, time, traceparent, data)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
              e.id, e.source, e.topic, e.key, e.priority, e.time, e.traceparent, e.data);
    return {t.last_insert_id()};
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

void for_each_topic(storage::snapshot& s, event_seq seq, event_seq last,
                    const std::function<bool(event_seq, std::string_view topic)>& look) {
    for (auto rows = s.query("SELECT seq, topic FROM events_log WHERE seq > ?1 AND seq <= ?2 ORDER BY seq", seq, last);
         rows.next();)
        if (!look({rows.integer(0)}, rows.text(1)))
            return;
}

sweep remove_old_events(storage::transaction& t, event_seq seq, const age_limit& old, int limit) {
    const auto newest = last_seq(t);
    const event_seq newest_surplus{
        std::min(newest.value - old.count, newest.value - 1)}; // the log always keeps the last number that was assigned
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
    }
    done.more = !young && looked_at == limit;
    return done;
}

std::vector<subscription_row> subscriptions(storage::snapshot& s) {
    std::vector<subscription_row> found;
    for (auto rows = s.query("SELECT id, name, topics, began FROM events_subscription ORDER BY id"); rows.next();)
        found.push_back({{rows.integer(0)}, std::string{rows.text(1)}, std::string{rows.text(2)}, {rows.integer(3)}});
    return found;
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

// INDEXED BY: to find out whether a key has a pending delivery, SQLite would otherwise scan all pending deliveries of the
// subscription.

void insert_delivery(storage::transaction& t, subscription_id subscription, const event& e, delivery_place place) {
    t.execute("INSERT INTO events_delivery (subscription, seq, key, priority, place, state) VALUES (?1, ?2, ?3, ?4, ?5,"
              " CASE WHEN EXISTS (SELECT 1 FROM events_delivery INDEXED BY events_delivery_key"
              "                   WHERE subscription = ?1 AND key = ?3 AND state <> 'dead')"
              "      THEN 'queued' ELSE 'ready' END)",
              subscription, e.seq, e.key, e.priority, place);
}

std::vector<delivery_row> ready(storage::snapshot& s, subscription_id subscription, int limit) {
    return read_deliveries(
        s.query("SELECT d.seq, l.id, l.source, l.topic, d.key, d.priority, l.time, l.traceparent, l.data, d.attempts, d.place"
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

std::string key_of_delivery(storage::snapshot& s, subscription_id subscription, event_seq seq) {
    auto rows = s.query("SELECT key FROM events_delivery WHERE subscription = ?1 AND seq = ?2", subscription, seq);
    return rows.next() ? std::string{rows.text(0)} : std::string{};
}

bool has_pending(storage::snapshot& s, subscription_id subscription) {
    return s.query_integer("SELECT 1 FROM events_delivery WHERE subscription = ?1 AND state <> 'dead' LIMIT 1", subscription)
        .has_value();
}

bool has_delivery(storage::snapshot& s, subscription_id subscription, event_seq seq) {
    return s.query_integer("SELECT 1 FROM events_delivery WHERE subscription = ?1 AND seq = ?2", subscription, seq).has_value();
}

void insert_scheduled(storage::transaction& t, event_seq seq, timestamp due) {
    t.execute("INSERT INTO events_scheduled (due, seq) VALUES (?1, ?2)", due, seq);
    t.execute("UPDATE events_log SET deliver_at = ?2 WHERE seq = ?1", seq, due);
}

void remove_scheduled(storage::transaction& t, event_seq seq) {
    t.execute("DELETE FROM events_scheduled WHERE seq = ?1", seq);
}

bool is_scheduled(storage::snapshot& s, event_seq seq) {
    return s.query_integer("SELECT 1 FROM events_scheduled WHERE seq = ?1", seq).has_value();
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
    std::vector<std::pair<std::int64_t, std::string>> old; // in a single statement, SQLite would scan all ids of a subscription
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

std::vector<delivery_row> queued_after(storage::snapshot& s, subscription_id subscription, std::string_view key,
                                       delivery_place place, int limit) {
    return read_deliveries(
        s.query("SELECT l.seq, l.id, l.source, l.topic, l.key, l.priority, l.time, l.traceparent, l.data, d.attempts, d.place"
                " FROM events_delivery AS d JOIN events_log AS l ON l.seq = d.seq"
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

void make_dead_letter(storage::transaction& t, subscription_id subscription, event_seq seq, int attempts,
                      std::string_view error) {
    t.execute("UPDATE events_delivery SET state = 'dead', attempts = ?3, due = NULL, last_error = ?4"
              " WHERE subscription = ?1 AND seq = ?2",
              subscription, seq, attempts, error);
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

std::vector<dead_letter> dead_letters(storage::snapshot& s, int limit) {
    std::vector<dead_letter> found;
    auto rows = s.query("SELECT d.seq, l.id, l.source, l.topic, d.key, d.priority, l.time, l.traceparent, l.data,"
                        "       d.attempts, d.last_error, u.name"
                        " FROM events_delivery AS d LEFT JOIN events_log AS l ON l.seq = d.seq"
                        " JOIN events_subscription AS u ON u.id = d.subscription"
                        " WHERE d.state = 'dead' ORDER BY d.seq LIMIT ?1",
                        limit);
    while (rows.next())
        found.push_back({.subscription = std::string{rows.text(11)},
                         .event = read_event(rows),
                         .attempts = static_cast<int>(rows.integer(9)),
                         .last_error = std::string{rows.text(10)}});
    return found;
}

std::optional<subscription_id> find_dead_letter(storage::snapshot& s, std::string_view subscription, event_seq seq) {
    const auto found =
        s.query_integer("SELECT d.subscription FROM events_delivery AS d JOIN events_subscription AS u ON u.id = d.subscription"
                        " WHERE u.name = ?1 AND d.seq = ?2 AND d.state = 'dead'",
                        subscription, seq);
    return found ? std::optional{subscription_id{*found}} : std::nullopt;
}

void retry_dead_letter(storage::transaction& t, subscription_id subscription, event_seq seq, delivery_place place) {
    t.execute("UPDATE events_delivery AS d SET attempts = 0, last_error = NULL, place = ?3, state ="
              " CASE WHEN EXISTS (SELECT 1 FROM events_delivery AS o INDEXED BY events_delivery_key"
              "                   WHERE o.subscription = d.subscription AND o.key = d.key AND o.state <> 'dead')"
              "      THEN 'queued' ELSE 'ready' END"
              " WHERE d.subscription = ?1 AND d.seq = ?2",
              subscription, seq, place);
}

counts count(storage::snapshot& s, subscription_id subscription) {
    counts found;
    found.pending =
        s.query_integer("SELECT count(*) FROM events_delivery WHERE subscription = ?1 AND state <> 'dead'", subscription)
            .value_or(0);
    found.dead = s.query_integer("SELECT count(*) FROM events_delivery INDEXED BY events_delivery_dead"
                                 " WHERE subscription = ?1 AND state = 'dead'",
                                 subscription)
                     .value_or(0);
    if (found.pending > 0)
        found.oldest = oldest_pending(s, subscription);
    return found;
}

} // namespace atrium::events::table

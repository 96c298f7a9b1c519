#include "core/failure_tables.hpp"

#include <cstdint>

namespace atrium::events::table {
namespace {

delivery_failure read_failure(const storage::cursor& row) {
    return {.attempt = static_cast<int>(row.integer(0)), .at = row.time(1), .error = std::string{row.text(2)}};
}

} // namespace

failure_id insert_failure(storage::transaction& t, subscription_id subscription, event_seq seq, const delivery_failure& f) {
    t.execute("INSERT INTO events_failure (seq, subscription, attempt, at, error) VALUES (?1, ?2, ?3, ?4, ?5)", seq,
              subscription, f.attempt, f.at, f.error);
    const failure_id inserted{t.last_insert_id()};
    t.execute("DELETE FROM events_failure WHERE id = (SELECT id FROM events_failure WHERE seq = ?1 AND subscription = ?2"
              " ORDER BY id DESC LIMIT 1 OFFSET ?3)",
              seq, subscription, max_failures);
    return inserted;
}

std::vector<delivery_failure> failures(storage::snapshot& s, subscription_id subscription, event_seq seq) {
    std::vector<delivery_failure> found;
    for (auto rows = s.query("SELECT attempt, at, error FROM events_failure WHERE seq = ?1 AND subscription = ?2 ORDER BY id",
                             seq, subscription);
         rows.next();)
        found.push_back(read_failure(rows));
    return found;
}

std::optional<delivery_failure> last_failure(storage::snapshot& s, subscription_id subscription) {
    auto rows = s.query("SELECT attempt, at, error FROM events_failure INDEXED BY events_failure_subscription"
                        " WHERE subscription = ?1 ORDER BY id DESC LIMIT 1",
                        subscription);
    return rows.next() ? std::optional{read_failure(rows)} : std::nullopt;
}

void remove_failures(storage::transaction& t, event_seq seq) {
    t.execute("DELETE FROM events_failure WHERE seq = ?1", seq);
}

void remove_failures_of_lost_event(storage::transaction& t, subscription_id subscription, event_seq seq) {
    t.execute("DELETE FROM events_failure WHERE seq = ?1 AND subscription = ?2"
              " AND NOT EXISTS (SELECT 1 FROM events_log AS l WHERE l.seq = ?1)",
              seq, subscription);
}

failure_group_id note_failure(storage::transaction& t, subscription_id subscription, std::string_view topic,
                              std::string_view masked, timestamp time) {
    t.execute("INSERT INTO events_failure_group (subscription, topic, error, first, last) VALUES (?1, ?2, ?3, ?4, ?4)"
              " ON CONFLICT (subscription, topic, error) DO UPDATE SET last = excluded.last",
              subscription, topic, masked, time);
    return {t.query_integer("SELECT id FROM events_failure_group WHERE subscription = ?1 AND topic = ?2 AND error = ?3",
                            subscription, topic, masked)
                .value()};
}

std::vector<failure_group_row> failure_groups(storage::snapshot& s, failure_group_id after, int limit) {
    std::vector<failure_group_row> found;
    for (auto rows = s.query("SELECT g.id, coalesce(u.name, ''), g.topic, g.error, g.first, g.last"
                             " FROM events_failure_group AS g LEFT JOIN events_subscription AS u ON u.id = g.subscription"
                             " WHERE g.id > ?1 ORDER BY g.id LIMIT ?2",
                             after, limit);
         rows.next();)
        found.push_back({{rows.integer(0)},
                         std::string{rows.text(1)},
                         std::string{rows.text(2)},
                         std::string{rows.text(3)},
                         rows.time(4),
                         rows.time(5)});
    return found;
}

std::int64_t count_group(storage::snapshot& s, failure_group_id group, std::int64_t limit) {
    return s
        .query_integer("SELECT count(*) FROM (SELECT 1 FROM events_delivery INDEXED BY events_delivery_dead_group"
                       " WHERE failure_group = ?1 AND state = 'dead' LIMIT ?2)",
                       group, limit)
        .value_or(0);
}

std::optional<failure_group_id> remove_empty_groups(storage::transaction& t, failure_group_id after, int limit) {
    std::vector<failure_group_id> empty;
    std::optional<failure_group_id> reached;
    for (auto rows = t.query("SELECT g.id, EXISTS (SELECT 1 FROM events_delivery AS d INDEXED BY events_delivery_dead_group"
                             "  WHERE d.failure_group = g.id AND d.state = 'dead')"
                             " FROM events_failure_group AS g WHERE g.id > ?1 ORDER BY g.id LIMIT ?2",
                             after, limit);
         rows.next();) {
        reached = failure_group_id{rows.integer(0)};
        if (rows.integer(1) == 0)
            empty.push_back(*reached);
    }
    for (const auto group : empty)
        t.execute("DELETE FROM events_failure_group WHERE id = ?1", group);
    return reached;
}

} // namespace atrium::events::table

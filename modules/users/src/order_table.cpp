#include "order_table.hpp"

#include <vector>

namespace atrium::users::order_table {

order_row find_order(storage::snapshot& s, order_id order) {
    auto row = s.query("SELECT user_id, tombstone IS NOT NULL, assumed FROM users_order WHERE order_id = ?1", order);
    if (!row.next())
        return {};
    const auto state_of_deleted = row.integer(2) != 0 ? order_state::assumed : order_state::deleted;
    return {.state = row.integer(1) != 0 ? state_of_deleted : order_state::counted, .user = {row.integer(0)}};
}

void insert_counted(storage::transaction& t, order_id order, user_id user) {
    t.execute("INSERT INTO users_order (order_id, user_id) VALUES (?1, ?2)", order, user);
}

void write_tombstone(storage::transaction& t, order_id order, user_id user, order_state state, timestamp now) {
    t.execute("INSERT INTO users_order (order_id, user_id, tombstone, deleted_at, assumed) VALUES (?1, ?2,"
              " 1 + coalesce((SELECT tombstone FROM users_order WHERE tombstone > 0"
              "               ORDER BY tombstone DESC LIMIT 1), 0),"
              " ?3, ?4)"
              " ON CONFLICT (order_id) DO UPDATE SET tombstone = excluded.tombstone, deleted_at = excluded.deleted_at,"
              " assumed = excluded.assumed",
              order, user, now, state == order_state::assumed);
}

void confirm_tombstone(storage::transaction& t, order_id order) {
    t.execute("UPDATE users_order SET assumed = 0 WHERE order_id = ?1", order);
}

void remove_order(storage::transaction& t, order_id order) {
    t.execute("DELETE FROM users_order WHERE order_id = ?1", order);
}

void remove_old_tombstones(storage::transaction& t, timestamp now, const tombstone_limits& limits) {
    const auto last = t.query_integer("SELECT tombstone FROM users_order WHERE tombstone > 0 ORDER BY tombstone DESC LIMIT 1");
    std::vector<order_id> old;
    for (auto rows = t.query("SELECT order_id, tombstone, deleted_at FROM users_order WHERE tombstone > 0"
                             " ORDER BY tombstone LIMIT 2");
         rows.next();)
        if (rows.integer(1) <= last.value_or(0) - limits.count || rows.time(2) < now - limits.age)
            old.push_back({rows.integer(0)});
    for (const auto order : old)
        remove_order(t, order);
}

bool may_predate_table(storage::snapshot& s, timestamp event_time) {
    return s.query_integer("SELECT 1 FROM users_order_history WHERE only_row = 1 AND counted_until >= ?1", event_time)
        .has_value();
}

bool may_predate_table(storage::snapshot& s, order_id order) {
    return s
        .query_integer("SELECT 1 FROM users_order_history"
                       " WHERE only_row = 1 AND (first_order IS NULL OR first_order > ?1)",
                       order)
        .has_value();
}

void record_first_order(storage::transaction& t, order_id order, timestamp event_time) {
    t.execute("UPDATE users_order_history SET first_order = ?1"
              " WHERE only_row = 1 AND counted_until < ?2 AND (first_order IS NULL OR first_order > ?1)",
              order, event_time);
}

} // namespace atrium::users::order_table

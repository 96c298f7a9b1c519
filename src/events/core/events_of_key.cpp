#include "core/events_of_key.hpp"

namespace atrium::events::table {

void for_each_event_of_key(storage::snapshot& s, std::string_view key, event_seq first, event_seq last, bool is_reverse,
                           int limit, const std::function<bool(const event_head&)>& look) {
    auto rows = is_reverse ? s.query("SELECT seq, topic, key, time, traceparent FROM events_log INDEXED BY events_log_key"
                                     " WHERE key = ?1 AND seq >= ?2 AND seq <= ?3 ORDER BY seq DESC LIMIT ?4",
                                     key, first, last, limit)
                           : s.query("SELECT seq, topic, key, time, traceparent FROM events_log INDEXED BY events_log_key"
                                     " WHERE key = ?1 AND seq >= ?2 AND seq <= ?3 ORDER BY seq LIMIT ?4",
                                     key, first, last, limit);
    while (rows.next())
        if (!look({{rows.integer(0)}, rows.text(1), rows.text(2), rows.time(3), rows.text(4)}))
            return;
}

} // namespace atrium::events::table

#include "core/operation_tables.hpp"

#include "core/operation_names.hpp"

namespace atrium::events::table {
namespace {

/// Reads a row with the columns that `find_operation` and `operations_before` select.
operation_row read_operation(const storage::cursor& row) {
    operation_row one;
    one.operation = {.id = {row.integer(0)},
                     .verb = bulk_verb_of(row.text(1)),
                     .state = bulk_state_of(row.text(2)),
                     .filter = std::string{row.text(3)},
                     .replay = std::string{row.text(4)},
                     .matched = row.integer(6),
                     .done = row.integer(7),
                     .skipped = row.integer(8),
                     .origin = {.principal = std::string{row.text(11)},
                                .reason = std::string{row.text(12)},
                                .request_id = std::string{row.text(13)},
                                .traceparent = std::string{row.text(14)}},
                     .began = row.time(15),
                     .ended = row.optional_time(16)};
    one.bound = row.integer(5);
    one.cursor = {{row.integer(9)}, {row.integer(10)}};
    return one;
}

} // namespace

operation_id insert_operation(storage::transaction& t, const operation_row& row) {
    const auto& o = row.operation;
    t.execute("INSERT INTO events_operation (verb, state, filter, replay, bound, matched, done, skipped, cursor_seq,"
              " cursor_subscription, principal, reason, request_id, traceparent, began)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
              name_of(o.verb), name_of(o.state), o.filter, o.replay, row.bound, o.matched, o.done, o.skipped, row.cursor.seq,
              row.cursor.subscription, o.origin.principal, o.origin.reason, o.origin.request_id, o.origin.traceparent, o.began);
    return {t.last_insert_id()};
}

std::optional<operation_row> find_operation(storage::snapshot& s, operation_id id) {
    auto rows =
        s.query("SELECT id, verb, state, filter, replay, bound, matched, done, skipped, cursor_seq, cursor_subscription,"
                " principal, reason, request_id, traceparent, began, ended FROM events_operation WHERE id = ?1",
                id);
    return rows.next() ? std::optional{read_operation(rows)} : std::nullopt;
}

std::optional<operation_row> find_replay(storage::snapshot& s, std::string_view replay) {
    const auto id = s.query_integer("SELECT id FROM events_operation WHERE replay = ?1 AND replay <> ''", replay);
    return id ? find_operation(s, {*id}) : std::nullopt;
}

std::vector<bulk_operation> operations_before(storage::snapshot& s, operation_id before, int limit) {
    std::vector<bulk_operation> found;
    for (auto rows =
             s.query("SELECT id, verb, state, filter, replay, bound, matched, done, skipped, cursor_seq, cursor_subscription,"
                     " principal, reason, request_id, traceparent, began, ended FROM events_operation WHERE id < ?1"
                     " ORDER BY id DESC LIMIT ?2",
                     before, limit);
         rows.next();)
        found.push_back(read_operation(rows).operation);
    return found;
}

std::vector<operation_id> running_operations(storage::snapshot& s, int limit) {
    std::vector<operation_id> found;
    for (auto rows = s.query("SELECT id FROM events_operation INDEXED BY events_operation_running WHERE state = 'running'"
                             " ORDER BY id LIMIT ?1",
                             limit);
         rows.next();)
        found.push_back({rows.integer(0)});
    return found;
}

void set_progress(storage::transaction& t, const operation_row& row) {
    t.execute("UPDATE events_operation SET done = ?2, skipped = ?3, cursor_seq = ?4, cursor_subscription = ?5 WHERE id = ?1",
              row.operation.id, row.operation.done, row.operation.skipped, row.cursor.seq, row.cursor.subscription);
}

void end_operation(storage::transaction& t, const bulk_operation& ended) {
    t.execute("UPDATE events_operation SET state = ?2, matched = ?3, done = ?4, skipped = ?5, ended = ?6 WHERE id = ?1",
              ended.id, name_of(ended.state), ended.matched, ended.done, ended.skipped, ended.ended);
}

int remove_old_operations(storage::transaction& t, timestamp cutoff, std::int64_t count, int limit) {
    const auto newest = t.query_integer("SELECT id FROM events_operation ORDER BY id DESC LIMIT 1").value_or(0);
    std::vector<operation_id> old;
    for (auto rows = t.query("SELECT id, began, state FROM events_operation ORDER BY id LIMIT ?1", limit); rows.next();) {
        const operation_id each{rows.integer(0)};
        if (rows.time(1) >= cutoff && each.value > newest - count)
            break;
        if (bulk_state_of(rows.text(2)) != bulk_state::running)
            old.push_back(each);
    }
    for (const auto each : old)
        t.execute("DELETE FROM events_operation WHERE id = ?1", each);
    return static_cast<int>(old.size());
}

history_sizes count_history(storage::snapshot& s) {
    return {.failures = s.query_integer("SELECT count(*) FROM events_failure").value_or(0),
            .groups = s.query_integer("SELECT count(*) FROM events_failure_group").value_or(0),
            .archived = s.query_integer("SELECT count(*) FROM events_archive").value_or(0),
            .operations = s.query_integer("SELECT count(*) FROM events_operation").value_or(0)};
}

} // namespace atrium::events::table

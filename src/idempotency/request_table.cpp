#include "request_table.hpp"

#include <limits>
#include <stdexcept>
#include <vector>

namespace atrium::idempotency::table {

std::optional<request_row> find_request(storage::snapshot& s, const request_key& key) {
    auto rows = s.query("SELECT id, fingerprint, status, headers, body FROM idempotency_request"
                        " WHERE principal = ?1 AND key = ?2",
                        key.principal, key.key);
    if (!rows.next())
        return std::nullopt;
    request_row found{.id = {rows.integer(0)}, .fingerprint = std::string{rows.text(1)}, .response = {}};
    if (!rows.is_null(2))
        found.response = {.status = static_cast<unsigned>(rows.integer(2)),
                          .headers = std::string{rows.text(3)},
                          .body = std::string{rows.text(4)}};
    return found;
}

completed_fields find_fields(storage::snapshot& s, request_id request) {
    completed_fields found;
    for (auto rows = s.query("SELECT field, entity, body FROM idempotency_field WHERE request = ?1", request); rows.next();)
        found.emplace(rows.text(0), completed_field{.id = rows.integer(1), .body = std::string{rows.text(2)}});
    return found;
}

void insert_response(storage::transaction& t, const request_key& key, const stored_response& response, timestamp now) {
    const auto changed =
        t.execute("INSERT INTO idempotency_request (principal, key, fingerprint, status, headers, body, at)"
                  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
                  " ON CONFLICT (principal, key) DO UPDATE"
                  " SET status = excluded.status, headers = excluded.headers, body = excluded.body"
                  " WHERE idempotency_request.status IS NULL AND idempotency_request.fingerprint = excluded.fingerprint",
                  key.principal, key.key, key.fingerprint, response.status, response.headers, response.body, now);
    if (changed != 1)
        throw std::logic_error{"two requests with one idempotency key have run at the same time"};
}

void insert_field(storage::transaction& t, const request_key& key, std::string_view field, const completed_field& outcome,
                  timestamp now) {
    t.execute("INSERT INTO idempotency_request (principal, key, fingerprint, status, headers, body, at)"
              " VALUES (?1, ?2, ?3, NULL, '', '', ?4) ON CONFLICT (principal, key) DO NOTHING",
              key.principal, key.key, key.fingerprint, now);
    t.execute("INSERT INTO idempotency_field (request, field, entity, body)"
              " SELECT id, ?3, ?4, ?5 FROM idempotency_request WHERE principal = ?1 AND key = ?2",
              key.principal, key.key, field, outcome.id, outcome.body);
}

void remove_fields(storage::transaction& t, const request_key& key) {
    t.execute("DELETE FROM idempotency_field"
              " WHERE request = (SELECT id FROM idempotency_request WHERE principal = ?1 AND key = ?2)",
              key.principal, key.key);
}

std::int64_t count_requests(storage::snapshot& s) {
    // The ids have no gaps, because only the oldest rows are removed. So the number follows from the first and the last id.
    return s
        .query_integer("SELECT (SELECT id FROM idempotency_request ORDER BY id DESC LIMIT 1)"
                       " - (SELECT id FROM idempotency_request ORDER BY id LIMIT 1) + 1")
        .value_or(0);
}

std::optional<timestamp> oldest_time(storage::snapshot& s) {
    auto rows = s.query("SELECT at FROM idempotency_request ORDER BY id LIMIT 1");
    return rows.next() ? std::optional{rows.time(0)} : std::nullopt;
}

std::optional<timestamp> newest_time(storage::snapshot& s) {
    auto rows = s.query("SELECT at FROM idempotency_request ORDER BY id DESC LIMIT 1");
    return rows.next() ? std::optional{rows.time(0)} : std::nullopt;
}

std::int64_t remove_older(storage::transaction& t, timestamp cutoff, std::int64_t limit) {
    std::vector<request_id> old;
    for (auto rows = t.query("SELECT id, at FROM idempotency_request ORDER BY id LIMIT ?1", limit);
         rows.next() && rows.time(1) < cutoff;)
        old.push_back({rows.integer(0)});
    for (const auto each : old) {
        t.execute("DELETE FROM idempotency_field WHERE request = ?1", each);
        t.execute("DELETE FROM idempotency_request WHERE id = ?1", each);
    }
    return static_cast<std::int64_t>(old.size());
}

void remove_oldest(storage::transaction& t, std::int64_t count) {
    (void)remove_older(t, timestamp{std::chrono::milliseconds{std::numeric_limits<std::int64_t>::max()}}, count);
}

} // namespace atrium::idempotency::table

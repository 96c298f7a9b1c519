#include "credential_tables.hpp"

#include <access/principal.hpp>
#include <storage/store.hpp>

#include <algorithm>

namespace atrium::auth::table {
namespace {

constexpr const char* select_tokens =
    "SELECT id, name, scopes, created, created_by, expires, used, revoked, revoked_by, hash FROM auth_token ORDER BY name, id";

digest read_digest(std::string_view text) {
    const auto parsed = parse_digest(text);
    if (!parsed)
        throw storage::failure{"a token or session in the database has a digest that cannot be read"};
    return *parsed;
}

stored_token read_token(const storage::cursor& rows) {
    return {.row = {.id = {rows.integer(0)},
                    .name = std::string{rows.text(1)},
                    .scopes = access::read_scopes(rows.text(2)),
                    .created = rows.time(3),
                    .created_by = std::string{rows.text(4)},
                    .expires = rows.optional_time(5),
                    .used = rows.optional_time(6),
                    .revoked = rows.optional_time(7),
                    .revoked_by = std::string{rows.text(8)}},
            .hash = read_digest(rows.text(9))};
}

stored_session read_session(const storage::cursor& rows) {
    return {.id = {rows.integer(0)},
            .hash = read_digest(rows.text(1)),
            .token = rows.is_null(2) ? std::nullopt : std::optional{token_id{rows.integer(2)}},
            .issuer = rows.is_null(3) ? std::nullopt : std::optional{std::string{rows.text(3)}},
            .mode = std::string{rows.text(4)},
            .principal = std::string{rows.text(5)},
            .scopes = access::read_scopes(rows.text(6)),
            .created = rows.time(7),
            .expires = rows.time(8)};
}

void count_change(storage::transaction& t) {
    t.execute("UPDATE auth_change SET number = number + 1");
}

} // namespace

std::int64_t read_change_number(storage::snapshot& s) {
    return s.query_integer("SELECT number FROM auth_change").value_or(0);
}

std::vector<stored_token> read_tokens(storage::snapshot& s) {
    std::vector<stored_token> tokens;
    for (auto rows = s.query(select_tokens); rows.next();)
        tokens.push_back(read_token(rows));
    return tokens;
}

std::optional<token_id> find_token(storage::snapshot& s, std::string_view name) {
    const auto id = s.query_integer("SELECT id FROM auth_token WHERE name = ?1 AND revoked IS NULL", name);
    return id ? std::optional{token_id{*id}} : std::nullopt;
}

token_id insert_token(storage::transaction& t, const stored_token& token) {
    const auto& row = token.row;
    t.execute("INSERT INTO auth_token (name, hash, scopes, created, created_by, expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
              row.name, to_text(token.hash), join_scopes(row.scopes), row.created, row.created_by, row.expires);
    const token_id inserted{t.last_insert_id()};
    count_change(t);
    return inserted;
}

void revoke_token(storage::transaction& t, token_id token, std::string_view actor, timestamp now) {
    t.execute("UPDATE auth_token SET revoked = ?2, revoked_by = ?3 WHERE id = ?1", token, now, actor);
    t.execute("DELETE FROM auth_session WHERE token = ?1", token);
    count_change(t);
}

void record_use(storage::transaction& t, token_id token, timestamp used) {
    t.execute("UPDATE auth_token SET used = ?2 WHERE id = ?1 AND (used IS NULL OR used < ?2)", token, used);
}

std::vector<stored_session> read_valid_sessions(storage::snapshot& s, timestamp now, const std::optional<std::string>& issuer,
                                                std::string_view mode, std::int64_t limit) {
    std::vector<stored_session> sessions;
    for (auto rows = s.query("SELECT id, hash, token, issuer, mode, principal, scopes, created, expires FROM auth_session"
                             " WHERE expires > ?1 AND (token IN (SELECT id FROM auth_token WHERE revoked IS NULL)"
                             " OR issuer = ?2 OR mode = ?3)"
                             " ORDER BY id DESC LIMIT ?4",
                             now, issuer, mode, limit);
         rows.next();)
        sessions.push_back(read_session(rows));
    std::ranges::reverse(sessions);
    return sessions;
}

std::optional<session_id> insert_session(storage::transaction& t, const stored_session& session, std::int64_t limit) {
    const auto inserted = t.execute("INSERT INTO auth_session (hash, token, issuer, mode, principal, scopes, created, expires)"
                                    " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8"
                                    " WHERE ?2 IS NULL OR EXISTS (SELECT 1 FROM auth_token WHERE id = ?2 AND revoked IS NULL)",
                                    to_text(session.hash), session.token, session.issuer, session.mode, session.principal,
                                    join_scopes(session.scopes), session.created, session.expires);
    if (inserted == 0)
        return std::nullopt;
    const session_id id{t.last_insert_id()};
    t.execute("DELETE FROM auth_session WHERE id IN (SELECT id FROM auth_session WHERE principal = ?1"
              " ORDER BY id DESC LIMIT -1 OFFSET ?2)",
              session.principal, limit);
    return id;
}

void remove_session(storage::transaction& t, const digest& hash) {
    t.execute("DELETE FROM auth_session WHERE hash = ?1", to_text(hash));
}

bool remove_session(storage::transaction& t, session_id session) {
    return t.execute("DELETE FROM auth_session WHERE id = ?1", session) > 0;
}

std::int64_t remove_old_tokens(storage::transaction& t, timestamp cutoff, std::int64_t limit) {
    const auto removed = t.execute("DELETE FROM auth_token WHERE id IN (SELECT id FROM auth_token"
                                   " WHERE revoked < ?1 OR expires < ?1 LIMIT ?2)",
                                   cutoff, limit);
    if (removed > 0)
        count_change(t);
    return removed;
}

std::int64_t remove_old_sessions(storage::transaction& t, timestamp now, std::int64_t limit) {
    return t.execute("DELETE FROM auth_session WHERE id IN (SELECT id FROM auth_session WHERE expires <= ?1"
                     " ORDER BY expires LIMIT ?2)",
                     now, limit);
}

std::int64_t remove_foreign_sessions(storage::transaction& t, const std::optional<std::string>& issuer, std::int64_t limit) {
    return t.execute("DELETE FROM auth_session WHERE id IN"
                     " (SELECT id FROM auth_session WHERE issuer < ?1 OR issuer > ?1 LIMIT ?2)",
                     issuer.value_or(std::string{}), limit);
}

std::int64_t remove_sessions_of_other_modes(storage::transaction& t, std::string_view mode, std::int64_t limit) {
    return t.execute("DELETE FROM auth_session WHERE id IN"
                     " (SELECT id FROM auth_session WHERE mode > '' AND mode <> ?1 LIMIT ?2)",
                     mode, limit);
}

} // namespace atrium::auth::table

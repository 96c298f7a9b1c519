#pragma once

#include <auth/secret.hpp>
#include <auth/sessions.hpp>
#include <auth/tokens.hpp>
#include <base/clock.hpp>
#include <storage/sql.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// All SQL on the tables of this part. The transaction or snapshot that a function gets must belong to the store of `owner`.
namespace atrium::auth::table {

/// A token with its digest.
struct stored_token {
    token_row row;
    digest hash;
};

/// A session with its digest.
struct stored_session {
    session_id id = {};
    digest hash = {};
    std::optional<token_id> token = {};     ///< the token with which the session was begun
    std::optional<std::string> issuer = {}; ///< the issuer of the JSON Web Token with which the session was begun
    /// The auth.mode while the link for the first administrator began the session; empty if the session was begun otherwise.
    std::string mode = {};
    std::string principal = {};
    std::vector<std::string> scopes = {};
    timestamp created = {};
    timestamp expires = {};
};

/// Returns a number that increases whenever tokens are created, revoked or removed.
[[nodiscard]] std::int64_t read_change_number(storage::snapshot& s);
[[nodiscard]] std::vector<stored_token> read_tokens(storage::snapshot& s);
/// The id of the token with this name that is not revoked.
[[nodiscard]] std::optional<token_id> find_token(storage::snapshot& s, std::string_view name);
token_id insert_token(storage::transaction& t, const stored_token& token);
void revoke_token(storage::transaction& t, token_id token, std::string_view actor, timestamp now);
void record_use(storage::transaction& t, token_id token, timestamp used);

/// Returns the newest sessions, at most `limit`, that have not expired and were begun with a credential that is still accepted:
/// a token that is not revoked, a JSON Web Token of `issuer`, or the link for the first administrator while auth.mode was
/// `mode`.
[[nodiscard]] std::vector<stored_session> read_valid_sessions(storage::snapshot& s, timestamp now,
                                                              const std::optional<std::string>& issuer, std::string_view mode,
                                                              std::int64_t limit);
/// Inserts a session, and keeps only the newest `limit` sessions of its principal. If the session's token was revoked, inserts
/// nothing and returns std::nullopt.
[[nodiscard]] std::optional<session_id> insert_session(storage::transaction& t, const stored_session& session,
                                                       std::int64_t limit);
void remove_session(storage::transaction& t, const digest& hash);
/// Returns false if there is no such session.
bool remove_session(storage::transaction& t, session_id session);

/// Removes at most `limit` tokens that expired or were revoked before `cutoff`. Returns their number.
std::int64_t remove_old_tokens(storage::transaction& t, timestamp cutoff, std::int64_t limit);
/// Removes at most `limit` sessions that have expired. Returns their number.
std::int64_t remove_old_sessions(storage::transaction& t, timestamp now, std::int64_t limit);
/// Removes at most `limit` sessions that were begun with a JSON Web Token of another issuer than `issuer`, or of any issuer if
/// `issuer` is empty. If they were kept, they would become valid again when an earlier configuration is restored. Returns their
/// number.
std::int64_t remove_foreign_sessions(storage::transaction& t, const std::optional<std::string>& issuer, std::int64_t limit);
/// Removes at most `limit` sessions that the link for the first administrator has begun while auth.mode was not `mode`. Returns
/// their number.
std::int64_t remove_sessions_of_other_modes(storage::transaction& t, std::string_view mode, std::int64_t limit);

} // namespace atrium::auth::table

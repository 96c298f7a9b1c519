#pragma once

#include <base/clock.hpp>
#include <base/error.hpp>
#include <base/ids.hpp>
#include <base/json_writer.hpp>
#include <storage/migration.hpp>
#include <storage/sql.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Tokens with which programs authenticate themselves. The transaction or snapshot that a function gets must belong to the
/// store of `owner`.
namespace atrium::auth {

/// The name of this part as the owner of its tables.
inline constexpr std::string_view owner = "auth";

/// The migrations that create the tables of this part.
[[nodiscard]] storage::schema credential_schema();

/// The actor of a change that was made with the command `atrium token`.
inline constexpr std::string_view command_line = "command line";

using token_id = id<struct token_tag>;

/// A token as it is listed. It does not contain the secret, because only the digest of the secret is stored.
struct token_row {
    token_id id = {};
    std::string name = {};
    std::vector<std::string> scopes = {};
    timestamp created = {};
    std::string created_by = {};           ///< the name of a principal, or `command_line`
    std::optional<timestamp> expires = {}; ///< empty if the token never expires
    std::optional<timestamp> used = {};    ///< the last use, to the minute; empty if never used
    std::optional<timestamp> revoked = {};
    std::string revoked_by = {};
};

/// The properties of a new token.
struct token_request {
    std::string name;
    std::vector<std::string> scopes;
    std::optional<timestamp> expires = {};
};

/// A new token with its secret, which is shown only once.
struct issued_token {
    token_row row;
    std::string secret;
};

/// Checks and stores a token.
/// @param actor the name of the principal that creates it, or `command_line`
/// Errors: invalid, with all faults of the request; conflict (another token, which was not revoked, has this name).
[[nodiscard]] result<issued_token> create_token(storage::transaction& t, const token_request& request, std::string_view actor,
                                                timestamp now);

/// Revokes a token and ends its sessions. Errors: not_found (no token has this name, or it was revoked).
[[nodiscard]] result<token_row> revoke_token(storage::transaction& t, std::string_view name, std::string_view actor,
                                             timestamp now);

/// All tokens in the order of their names, including expired and revoked ones until these are removed.
[[nodiscard]] std::vector<token_row> list_tokens(storage::snapshot& s);

/// "active", "expired" or "revoked".
[[nodiscard]] std::string_view state_of(const token_row& row, timestamp now) noexcept;

/// Writes a token as a JSON object, with the secret if it is not empty.
void write_token(json_writer& json, const token_row& row, timestamp now, std::string_view secret = {});

/// Joins scopes to one text, with spaces between them.
[[nodiscard]] std::string join_scopes(const std::vector<std::string>& scopes);

} // namespace atrium::auth

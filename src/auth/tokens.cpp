#include "credential_tables.hpp"
#include "migrations.hpp"

#include <access/principal.hpp>
#include <auth/secret.hpp>
#include <auth/tokens.hpp>
#include <base/json_texts.hpp>
#include <base/names.hpp>
#include <base/text.hpp>

#include <algorithm>
#include <utility>

namespace atrium::auth {
namespace {

constexpr std::size_t max_name = 100; // characters
constexpr std::size_t max_scopes = 100;

/// What is wrong with a token's name, which is also a segment of a path; empty if it is valid.
std::string fault_of(const std::string& name) {
    if (name.empty() || !is_utf8(name) || count_code_points(name) > max_name)
        return "must have 1 to 100 characters";
    if (has_control_character(name) || has_outer_blanks(name) || name.find('/') != std::string::npos)
        return "must not begin or end with a blank, or contain a slash or a control character";
    return fault_of_name(name);
}

std::vector<fault> find_faults(const token_request& request, timestamp now) {
    std::vector<fault> faults;
    if (auto detail = fault_of(request.name); !detail.empty())
        faults.push_back({"/name", std::move(detail)});
    if (request.scopes.empty() || request.scopes.size() > max_scopes)
        faults.push_back({"/scopes", "must have 1 to 100 scopes"});
    const auto wrong = std::ranges::find_if_not(request.scopes, access::is_scope);
    if (wrong != request.scopes.end())
        faults.push_back({"/scopes", "must be scopes such as users:read, or admin"});
    if (request.expires && *request.expires <= now)
        faults.push_back({"/expires", "must be in the future"});
    return faults;
}

} // namespace

storage::schema credential_schema() {
    return {std::string{owner}, migrations};
}

result<issued_token> create_token(storage::transaction& t, const token_request& request, std::string_view actor,
                                  timestamp now) {
    if (auto faults = find_faults(request, now); !faults.empty())
        return error{.code = errc::invalid, .detail = "the token cannot be created", .faults = std::move(faults)};
    if (table::find_token(t, request.name))
        return error{.code = errc::conflict,
                     .detail =
                         "there is a token with this name, which may have expired; revoke it first, or choose another name"};
    issued_token issued{.row = {.name = request.name,
                                .scopes = request.scopes,
                                .created = now,
                                .created_by = std::string{actor},
                                .expires = request.expires},
                        .secret = make_secret()};
    std::ranges::sort(issued.row.scopes);
    const auto duplicates = std::ranges::unique(issued.row.scopes);
    issued.row.scopes.erase(duplicates.begin(), duplicates.end());
    issued.row.id = table::insert_token(t, {issued.row, digest_of(issued.secret)});
    return issued;
}

result<token_row> revoke_token(storage::transaction& t, std::string_view name, std::string_view actor, timestamp now) {
    const auto token = table::find_token(t, name);
    if (!token)
        return error{.code = errc::not_found, .detail = "there is no token with this name, or it was revoked before"};
    table::revoke_token(t, *token, actor, now);
    return token_row{.id = *token, .name = std::string{name}, .revoked = now, .revoked_by = std::string{actor}};
}

std::vector<token_row> list_tokens(storage::snapshot& s) {
    std::vector<token_row> rows;
    for (auto& each : table::read_tokens(s))
        rows.push_back(std::move(each.row));
    return rows;
}

std::string_view state_of(const token_row& row, timestamp now) noexcept {
    if (row.revoked)
        return "revoked";
    return row.expires && *row.expires <= now ? "expired" : "active";
}

void write_token(json_writer& json, const token_row& row, timestamp now, std::string_view secret) {
    const auto write_time = [&](std::string_view key, const std::optional<timestamp>& when) {
        when ? json.key(key).value(*when) : json.key(key).null();
    };
    json.begin_object().key("name").value(row.name).key("scopes");
    write_texts(json, row.scopes).key("state").value(state_of(row, now)).key("created").value(row.created);
    json.key("created_by").value(row.created_by);
    write_time("expires", row.expires);
    write_time("used", row.used);
    write_time("revoked", row.revoked);
    if (row.revoked)
        json.key("revoked_by").value(row.revoked_by);
    if (!secret.empty())
        json.key("token").value(secret);
    json.end_object();
}

std::string join_scopes(const std::vector<std::string>& scopes) {
    std::string text;
    for (const auto& scope : scopes)
        text.append(text.empty() ? "" : " ").append(scope);
    return text;
}

} // namespace atrium::auth

#include "descriptions.hpp"

#include <string>
#include <utility>

namespace atrium::auth {
namespace {

using http::status;

constexpr std::string_view principal_schema = R"({
    "type": "object",
    "description": "The sender of a request, and the sender's scopes.",
    "properties": {
        "name": {"type": "string"},
        "scopes": {"type": "array", "items": {"type": "string"}},
        "expires": {"type": ["string", "null"], "format": "date-time", "description": "When the credential expires."}
    },
    "required": ["name", "scopes", "expires"]
})";

constexpr std::string_view session_schema = R"({
    "type": "object",
    "description": "The session of a browser.",
    "properties": {
        "id": {"type": "integer", "format": "int64"},
        "name": {"type": "string", "description": "The name of its principal."},
        "scopes": {"type": "array", "items": {"type": "string"}},
        "created": {"type": "string", "format": "date-time"},
        "expires": {"type": "string", "format": "date-time"}
    },
    "required": ["id", "name", "scopes", "created", "expires"]
})";

constexpr std::string_view token_members = R"(
        "name": {"type": "string"},
        "scopes": {"type": "array", "items": {"type": "string"}},
        "state": {"enum": ["active", "expired", "revoked"]},
        "created": {"type": "string", "format": "date-time"},
        "created_by": {"type": "string"},
        "expires": {"type": ["string", "null"], "format": "date-time"},
        "used": {"type": ["string", "null"], "format": "date-time", "description": "The last time, to within a minute."},
        "revoked": {"type": ["string", "null"], "format": "date-time"},
        "revoked_by": {"type": "string"})";

constexpr std::string_view token_names = R"("name", "scopes", "state", "created", "created_by", "expires", "used", "revoked")";

std::string token_schema() {
    return R"({"type": "object", "description": "A token, without its secret.", "properties": {)" + std::string{token_members} +
           R"(}, "required": [)" + std::string{token_names} + "]}";
}

std::string new_token_schema() {
    return R"({"type": "object", "description": "A new token.", "properties": {)" + std::string{token_members} +
           R"(, "token": {"type": "string", "description": "The secret, which is shown only here."}}, "required": [)" +
           std::string{token_names} + R"(, "token"]})";
}

constexpr std::string_view token_request_schema = R"({
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 100},
        "scopes": {
            "description": "Scopes such as users:read, or admin. In a form: separated by commas or blanks.",
            "type": ["array", "string"],
            "maxItems": 100,
            "items": {"type": "string", "maxLength": 100}
        },
        "expires": {"type": "string", "format": "date-time", "description": "Without it, the token does not expire."}
    },
    "required": ["name", "scopes"],
    "additionalProperties": false
})";

http::content html() {
    return {"text/html", R"({"type":"string"})"};
}

/// A response that is JSON, or a page for browsers.
http::described_response json_or_page(status s, std::string description, std::string schema,
                                      std::vector<std::string_view> headers = {}) {
    auto response = http::described_json(s, std::move(description), std::move(schema), std::move(headers));
    response.contents.push_back(html());
    return response;
}

http::described_response page_only(status s, std::string description) {
    return {.status = s, .description = std::move(description), .contents = {html()}};
}

http::described_response redirection(std::vector<std::string_view> headers) {
    return {.status = status::see_other,
            .description = "Browsers are sent to /session.",
            .contents = {},
            .headers = std::move(headers)};
}

} // namespace

http::operation describe_session() {
    return {.id = "get_session",
            .tag = "access",
            .responses = {json_or_page(status::ok, "The sender.", http::schema_named("Principal")),
                          page_only(status::unauthorized, "The sender is not known. Browsers get a page to sign in.")},
            .errors = {status::unauthorized},
            .schemas = {{"Principal", std::string{principal_schema}}}};
}

http::operation describe_session_begin() {
    return {
        .id = "begin_session",
        .tag = "access",
        .body = http::body_of_fields(
            R"({"type":"object","properties":{"token":{"type":"string"}},"required":["token"],"additionalProperties":false})"),
        .responses = {http::described_json(status::created, "The session has begun.", http::schema_named("Principal"),
                                           {"Set-Cookie"}),
                      redirection({"Location", "Set-Cookie"}),
                      page_only(status::unauthorized, "The token is not valid. Browsers get the page to sign in again.")},
        .errors = {status::unauthorized, status::conflict, status::unsupported_media_type, status::unprocessable_entity}};
}

http::operation describe_session_end(std::string id) {
    return {.id = std::move(id),
            .tag = "access",
            .responses = {{status::no_content, "The session has ended.", {}, {"Set-Cookie"}},
                          redirection({"Location", "Set-Cookie"})}};
}

http::operation describe_first_session() {
    return {.id = "begin_first_session",
            .tag = "access",
            .description = "The log of a server without a token shows this link with its code. It is valid once.",
            .parameters = {{.name = "code", .description = "The code.", .schema = R"({"type":"string"})", .is_required = true}},
            .responses = {json_or_page(status::ok, "The session has begun.", http::schema_named("Principal"), {"Set-Cookie"}),
                          {status::no_content, "The response to HEAD, which does not use up the code."},
                          redirection({"Location"}),
                          page_only(status::unauthorized, "The code is not valid. Browsers get a page with the reason.")},
            .errors = {status::unauthorized, status::conflict}};
}

http::operation describe_session_list() {
    return {.id = "list_sessions",
            .tag = "access",
            .responses = {http::described_json(status::ok, "The sessions that have not expired.", http::array_of("Session"))},
            .schemas = {{"Session", std::string{session_schema}}}};
}

http::operation describe_session_removal() {
    return {.id = "remove_session",
            .tag = "access",
            .parameters = {http::in_path("id", "The id of a session.", R"({"type":"integer","format":"int64","minimum":1})")},
            .responses = {{status::no_content, "The session has ended."}},
            .errors = {status::not_found}};
}

http::operation describe_token_list() {
    return {.id = "list_tokens",
            .tag = "access",
            .responses = {http::described_json(status::ok, "All tokens.", http::array_of("Token"))},
            .schemas = {{"Token", token_schema()}, {"NewToken", new_token_schema()}}};
}

http::operation describe_token_creation() {
    const auto refused = [](status s) { return page_only(s, "No token was created. Browsers get a page with the reason."); };
    return {.id = "create_token",
            .tag = "access",
            .body = http::body_of_fields(std::string{token_request_schema}),
            .responses = {json_or_page(status::created, "The token, with its secret.", http::schema_named("NewToken")),
                          refused(status::bad_request), refused(status::conflict), refused(status::unsupported_media_type),
                          refused(status::unprocessable_entity), refused(status::service_unavailable)},
            .errors = {status::conflict, status::unsupported_media_type, status::unprocessable_entity}};
}

http::operation describe_token_revocation() {
    return {.id = "revoke_token",
            .tag = "access",
            .parameters = {http::in_path("name", "The name of a token.", R"({"type":"string"})")},
            .responses = {{status::no_content, "The token is no longer valid."}},
            .errors = {status::not_found}};
}

} // namespace atrium::auth

#include "components.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace atrium::api_description {
namespace {

using http::status;

constexpr std::string_view accept = "Accept";
constexpr std::string_view retry_after = "Retry-After";

constexpr std::array errors{
    error_response{
        status::bad_request, "BadRequest",
        "The request cannot be read: it has an unknown, repeated or invalid parameter, a malformed body or a malformed "
        "header. `errors` names each parameter."},
    error_response{status::unauthorized, "Unauthorized", "The request needs a valid credential.", {"WWW-Authenticate"}},
    error_response{status::forbidden, "Forbidden",
                   "The sender lacks the scope that the route needs, or the request comes from a page of another site."},
    error_response{status::not_found, "NotFound", "The resource at this path does not exist, or no longer exists."},
    error_response{status::not_acceptable, "NotAcceptable", "The route has no response of a type that the client accepts."},
    error_response{status::request_timeout, "RequestTimeout", "The header or the body of the request did not arrive in time."},
    error_response{status::conflict,
                   "Conflict",
                   "The current state does not allow this; for example, a value is already in use. This is also the response, "
                   "with Retry-After, while the first request with the same Idempotency-Key runs.",
                   {retry_after}},
    error_response{status::precondition_failed, "PreconditionFailed",
                   "The current state does not match If-Match or If-None-Match. Nothing was changed."},
    error_response{status::payload_too_large, "ContentTooLarge", "The body is too large."},
    error_response{status::uri_too_long, "UriTooLong", "The request line is too long."},
    error_response{status::unsupported_media_type,
                   "UnsupportedMediaType",
                   "The body has a media type that the route does not accept.",
                   {accept, "Accept-Post", "Accept-Patch"}},
    error_response{status::expectation_failed, "ExpectationFailed", "Expect has a value other than 100-continue."},
    error_response{status::misdirected_request, "MisdirectedRequest",
                   "The host name in the request does not belong to this server."},
    error_response{status::unprocessable_entity, "UnprocessableContent",
                   "The body can be read, but has invalid values; `errors` lists all of them. Or the Idempotency-Key was used "
                   "for another request."},
    error_response{status::upgrade_required,
                   "UpgradeRequired",
                   "The version of the WebSocket protocol is not supported.",
                   {"Upgrade", "Sec-WebSocket-Version"}},
    error_response{status::too_many_requests,
                   "TooManyRequests",
                   "The client has sent too many requests. Nothing was changed.",
                   {retry_after, "RateLimit", "RateLimit-Policy"}},
    error_response{status::request_header_fields_too_large, "HeaderTooLarge", "The header of the request is too large."},
    error_response{status::internal_server_error, "InternalServerError",
                   "Something is broken. The server's log has the details under the request id. If it is not known whether a "
                   "change was stored, `detail` states this."},
    error_response{status::not_implemented, "NotImplemented", "The request has an unknown transfer coding."},
    error_response{status::service_unavailable,
                   "ServiceUnavailable",
                   "The request cannot be served now. Nothing was changed; it can be repeated.",
                   {retry_after}},
    error_response{status::http_version_not_supported, "VersionNotSupported", "The version of HTTP is neither 1.0 nor 1.1."},
};

constexpr std::array every_route_errors{status::bad_request,           status::forbidden,
                                        status::request_timeout,       status::payload_too_large,
                                        status::uri_too_long,          status::expectation_failed,
                                        status::misdirected_request,   status::request_header_fields_too_large,
                                        status::internal_server_error, status::not_implemented,
                                        status::service_unavailable,   status::http_version_not_supported};

/// A group of routes that does not belong to a module.
struct described_tag {
    std::string_view name;
    std::string_view description;
};

constexpr std::array tags{
    described_tag{"access", "Sessions and tokens."},
    described_tag{"api", "The description of the API."},
    described_tag{"console", "The pages of the console, and the data that they show."},
    described_tag{"events", "The journal, subscriptions, dead letters, and actions on them."},
    described_tag{"GraphQL", "GraphQL, its page and its schema."},
    described_tag{"server", "The server itself: its routes, its health and its metrics."},
};

constexpr std::array request_headers{
    header{.name = "If-Match",
           .description = "A list of ETags, or *. If the current ETag is not in the list, or with * if the resource does not "
                          "exist, the request is refused with 412 and changes nothing.",
           .example = R"("1")"},
    header{.name = "If-None-Match",
           .description = "A list of ETags, or *. If the current ETag is in the list, or with * if the resource exists, the "
                          "response to a GET is 304; every other request is refused with 412 and changes nothing.",
           .example = R"("1")"},
    header{.name = "Idempotency-Key",
           .description =
               "Marks a request that the client may repeat: the request has its effect only once, and each repetition gets "
               "the first response. The key consists of visible ASCII characters. It may be written in quotes, which are not "
               "part of it.",
           .schema = R"({"type":"string","minLength":1,"maxLength":255})",
           .example = "8e03978e-40d5-43dd-bc93-6894a57f9324"},
    header{.name = "Last-Event-ID",
           .description = "The id of the last event that a client received before it reconnected.",
           .example = "4711"},
};

constexpr std::array response_headers{
    header{.name = "X-Request-Id", .description = "Identifies the request in the log."},
    header{.name = "ETag", .description = "The version of the state that the body shows.", .example = R"("1")"},
    header{.name = "Link",
           .description = "The next page of the list (RFC 8288). Without it, this page is the last one.",
           .example = R"(</users/?after=eyJ&limit=2>; rel="next")"},
    header{.name = "Location",
           .description = "The path of the new resource, or the path at which the progress of an action can be read.",
           .example = "/users/1"},
    header{.name = "Idempotency-Replayed",
           .description = "The response was stored by an earlier request with the same Idempotency-Key.",
           .schema = R"({"const":"true"})"},
    header{.name = "RateLimit",
           .description = "How many requests the client may still send in this window (r), and how many seconds are left until "
                          "the next window (t), if a limit is set.",
           .example = R"("read";r=599;t=42)"},
    header{.name = "RateLimit-Policy",
           .description =
               "The max number of requests in a window (q), and the length of a window in seconds (w), if a limit is set.",
           .example = R"("read";q=600;w=60)"},
    header{.name = retry_after,
           .description = "After how many seconds the request can be repeated.",
           .schema = R"({"type":"string","pattern":"^[0-9]+$"})",
           .example = "1"},
    header{
        .name = "WWW-Authenticate", .description = "How a client authenticates itself.", .example = R"(Bearer realm="atrium")"},
    header{.name = "Allow", .description = "The methods that the path supports.", .example = "GET, HEAD, OPTIONS, POST"},
    header{.name = accept, .description = "The types of bodies that the route reads."},
    header{.name = "Accept-Post", .description = "The types of bodies that a POST may have."},
    header{.name = "Accept-Patch", .description = "The types of bodies that a PATCH may have."},
    header{.name = "Upgrade", .description = "The protocol that the path can switch to.", .schema = R"({"const":"websocket"})"},
    header{.name = "Sec-WebSocket-Version", .description = "The supported version.", .schema = R"({"const":"13"})"},
    header{.name = "Set-Cookie", .description = "Begins or ends the session of a browser."},
    header{.name = "Vary", .description = "The headers of the request on which the response depends."},
    header{.name = "Content-Encoding", .description = "How the body is compressed.", .schema = R"({"const":"gzip"})"},
    header{.name = "Cache-Control", .description = "Whether and how long the response may be cached."},
};

} // namespace

std::string text_of_tag(std::string_view tag) {
    const auto found = std::ranges::find(tags, tag, &described_tag::name);
    return found == tags.end() ? "The routes of the module " + std::string{tag} + "." : std::string{found->description};
}

const std::string_view problem_schema = R"({
    "type": "object",
    "description": "Why a request was refused (RFC 9457).",
    "properties": {
        "type": {"const": "about:blank"},
        "title": {"type": "string", "description": "The reason phrase of the status, such as \"Not Found\"."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "An explanation for people."},
        "instance": {"type": "string", "description": "The id of the request, as in X-Request-Id and in the log."},
        "errors": {
            "type": "array",
            "description": "Every error in the input.",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string", "description": "A JSON pointer into the body."},
                    "parameter": {"type": "string", "description": "The name of a query parameter."},
                    "detail": {"type": "string", "description": "The rule that the value breaks: \"must be an integer\"."}
                },
                "required": ["detail"]
            }
        }
    },
    "required": ["type", "title", "status", "instance"]
})";

std::span<const error_response> all_errors() noexcept {
    return errors;
}

const error_response& find_error(http::status s) {
    const auto found = std::ranges::find(errors, s, &error_response::status);
    if (found == errors.end())
        throw std::logic_error{"status " + std::to_string(static_cast<unsigned>(s)) +
                               " is not described: add it to the errors in src/api_description/components.cpp"};
    return *found;
}

std::span<const http::status> errors_of_every_route() noexcept {
    return every_route_errors;
}

std::span<const header> all_request_headers() noexcept {
    return request_headers;
}

std::span<const header> all_response_headers() noexcept {
    return response_headers;
}

bool has_header(std::span<const header> headers, std::string_view name) noexcept {
    return std::ranges::find(headers, name, &header::name) != headers.end();
}

} // namespace atrium::api_description

#include "descriptions.hpp"

#include <initializer_list>
#include <string>
#include <utility>

namespace atrium::graphql_http {
namespace {

using http::status;

constexpr std::string_view tag = "GraphQL";
constexpr std::string_view text = R"({"type":"string"})";

constexpr std::string_view request_schema = R"({
    "type": "object",
    "properties": {
        "query": {"type": "string", "description": "The GraphQL document."},
        "operationName": {"type": ["string", "null"]},
        "variables": {"type": ["object", "null"], "additionalProperties": true},
        "extensions": {
            "type": ["object", "null"],
            "properties": {"idempotencyKey": {"type": "string", "description": "The idempotency key of the request."}},
            "additionalProperties": true
        }
    },
    "required": ["query"],
    "additionalProperties": true
})";

constexpr std::string_view result_schema = R"({
    "type": "object",
    "properties": {
        "data": {"type": ["object", "null"], "additionalProperties": true},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "message": {"type": "string"},
                    "locations": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"line": {"type": "integer"}, "column": {"type": "integer"}},
                            "required": ["line", "column"]
                        }
                    },
                    "path": {"type": "array", "items": {"type": ["string", "integer"]}},
                    "extensions": {
                        "type": "object",
                        "properties": {"code": {"type": "string"}, "retryAfter": {"type": "integer"}},
                        "additionalProperties": true
                    }
                },
                "required": ["message"]
            }
        },
        "extensions": {"type": "object", "additionalProperties": true}
    }
})";

constexpr std::string_view batch_schema = R"({
    "oneOf": [
        {"$ref": "#/components/schemas/GraphQLResult"},
        {"type": "array", "items": {"$ref": "#/components/schemas/GraphQLResult"}, "description": "The results of a batch."}
    ]
})";

std::vector<http::content> contents_of(const std::string& schema) {
    return {{http::json_type, schema}, {"application/graphql-response+json", schema}, {"text/event-stream", std::string{text}}};
}

http::described_response response(status s, std::string description, const std::string& schema) {
    return {.status = s, .description = std::move(description), .contents = contents_of(schema)};
}

/// The responses that GET and POST have in common. `schema` is the JSON schema of their bodies.
std::vector<http::described_response> responses(const std::string& schema) {
    return {response(status::ok,
                     "The result. With the type application/json, an invalid GraphQL request also gets this status.", schema),
            response(status::bad_request, "The request is not well-formed, or is not valid GraphQL.", schema),
            {status::too_many_requests,
             "The client has used up its budget of computing time, or has sent too many requests.",
             contents_of(schema),
             {"Retry-After"}},
            response(status::internal_server_error, "Something is broken.", schema),
            {status::service_unavailable, "The server is short of memory or time.", contents_of(schema), {"Retry-After"}}};
}

http::parameter query_parameter(std::string name, std::string description) {
    return {.name = std::move(name), .description = std::move(description), .schema = std::string{text}};
}

std::vector<http::named_schema> schemas() {
    return {{"GraphQLRequest", std::string{request_schema}}, {"GraphQLResult", std::string{result_schema}}};
}

} // namespace

http::operation describe_get(bool has_page) {
    const auto result = http::schema_named("GraphQLResult");
    http::operation o{
        .id = "get_graphql",
        .tag = std::string{tag},
        .description =
            "The protocol of a WebSocket is graphql-transport-ws. The page needs no credential, but an operation needs "
            "one.",
        .parameters = {query_parameter("query", "The GraphQL document: a query or a subscription."),
                       query_parameter("operationName", "The name of the operation to run, if the document has several."),
                       query_parameter("variables", "A JSON object."), query_parameter("extensions", "A JSON object.")},
        .request_headers = {"Last-Event-ID"},
        .responses = responses(result),
        .errors = {status::unauthorized, status::not_acceptable, status::upgrade_required},
        .response_headers = {"Vary"},
        .schemas = schemas()};
    o.responses.push_back({status::switching_protocols, "The WebSocket is open."});
    o.responses.push_back(
        {status::no_content, "A client of server-sent events that reconnects has already received all of them."});
    o.responses.push_back(response(status::method_not_allowed, "A mutation must be sent by POST.", result));
    o.responses.back().headers = {"Allow"};
    if (has_page) {
        o.responses.front().contents.push_back({"text/html", std::string{text}});
        o.responses.front().headers = {"ETag", "Cache-Control", "Content-Encoding"};
        o.responses.push_back({status::not_modified, "The browser already has the page.", {}, {"ETag"}});
    }
    return o;
}

http::operation describe_post() {
    const auto schema = std::string{batch_schema};
    http::operation o{.id = "post_graphql",
                      .tag = std::string{tag},
                      .request_headers = {"Idempotency-Key"},
                      .body = http::request_body{.contents = {{http::json_type, R"({
                          "oneOf": [
                              {"$ref": "#/components/schemas/GraphQLRequest"},
                              {
                                  "type": "array",
                                  "minItems": 1,
                                  "items": {"$ref": "#/components/schemas/GraphQLRequest"},
                                  "description": "A batch: the requests run one after the other."
                              }
                          ]
                      })"}}},
                      .responses = responses(schema),
                      .errors = {status::not_acceptable},
                      .schemas = schemas()};
    o.responses.push_back(
        response(status::conflict, "The first request with the same Idempotency-Key is still running.", schema));
    o.responses.back().headers = {"Retry-After"};
    o.responses.push_back(response(status::unsupported_media_type, "The body must be application/json in UTF-8.", schema));
    o.responses.push_back(response(status::unprocessable_entity, "The Idempotency-Key was used for another request.", schema));
    o.responses.front().headers = {"Idempotency-Replayed"};
    return o;
}

http::operation describe_schema() {
    return {
        .id = "get_graphql_schema",
        .tag = std::string{tag},
        .responses = {
            {status::ok, "The types, in the language of GraphQL.", {{"text/plain", std::string{text}}}, {"Cache-Control"}}}};
}

} // namespace atrium::graphql_http

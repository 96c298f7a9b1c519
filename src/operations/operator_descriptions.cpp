#include "operator_descriptions.hpp"

#include <operations/route_json.hpp>

#include <string>

namespace atrium::operations {
namespace {

using http::status;

constexpr std::string_view index_schema = R"({
    "type": "object",
    "properties": {
        "name": {"const": "atrium"},
        "version": {"type": "string"},
        "routes": {
            "type": "array",
            "items": {"$ref": "#/components/schemas/Route"}
        }
    },
    "required": ["name", "version", "routes"]
})";

constexpr std::string_view readiness_schema = R"({
    "type": "object",
    "description": "Whether the process should receive traffic, and the state of each part. Each module that runs in another process has a member as well.",
    "properties": {
        "ready": {"type": "boolean"},
        "storage": {
            "type": "object",
            "properties": {"ready": {"type": "boolean"}, "detail": {"type": "string"}},
            "required": ["ready"]
        },
        "bus": {
            "type": "object",
            "properties": {
                "ready": {"type": "boolean"},
                "adapter": {"type": "string"},
                "broker": {"$ref": "#/components/schemas/Broker"},
                "pending": {"type": "integer"},
                "dead_letters": {"type": "integer"},
                "oldest_pending_ms": {"type": "integer"},
                "gaps": {"type": "array", "items": {"type": "string"}},
                "detail": {"type": "string"}
            },
            "required": ["ready", "adapter"]
        },
        "drained": {"type": "boolean"},
        "shutting_down": {"type": "boolean"}
    },
    "required": ["ready", "storage", "bus", "drained", "shutting_down"],
    "additionalProperties": {"type": "object", "additionalProperties": true}
})";

constexpr std::string_view broker_schema = R"({
    "type": "object",
    "properties": {
        "url": {"type": "string", "description": "Without the password."},
        "connected": {"type": "boolean"},
        "connected_since": {"type": "string", "format": "date-time"},
        "trouble": {"type": "string"},
        "blocked": {"type": "string"},
        "reconnects": {"type": "integer"},
        "unconfirmed": {"type": "integer"},
        "unacknowledged": {"type": "integer"},
        "returned": {"type": "integer"},
        "redelivered": {"type": "integer"},
        "standby": {"type": "array", "items": {"type": "string"}},
        "limited_queues": {"type": "array", "items": {"type": "string"}},
        "bridges": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "queue": {"type": "string"},
                    "connected": {"type": "boolean"},
                    "trouble": {"type": "string"}
                },
                "required": ["queue", "connected"]
            }
        },
        "drained": {"const": true}
    },
    "required": ["url", "connected", "reconnects", "unconfirmed", "unacknowledged", "returned", "redelivered", "standby"]
})";

http::operation describe(std::string id, http::described_response response) {
    return {.id = std::move(id), .tag = "server", .responses = {std::move(response)}};
}

} // namespace

http::operation describe_index() {
    auto all = describe("get_index",
                        http::described_json(status::ok, "The routes. Browsers get the console instead.",
                                             std::string{index_schema}, {"Vary", "ETag", "Cache-Control", "Content-Encoding"}));
    all.responses.front().contents.push_back({"text/html", R"({"type":"string"})"});
    all.responses.push_back({status::not_modified, "The browser already has the page.", {}, {"ETag", "Cache-Control", "Vary"}});
    all.schemas = {route_schema()};
    return all;
}

http::operation describe_liveness() {
    return describe("get_liveness",
                    http::described_json(status::ok, "The process is alive.",
                                         R"({"type":"object","properties":{"alive":{"const":true}},"required":["alive"]})"));
}

http::operation describe_readiness() {
    const auto schema = http::schema_named("Readiness");
    auto all = describe("get_readiness", http::described_json(status::ok, "The process should receive traffic.", schema));
    all.responses.push_back(
        http::described_json(status::service_unavailable,
                             "The process should not receive traffic: the database is broken, or the server is shutting "
                             "down.",
                             schema));
    all.schemas = {{"Readiness", std::string{readiness_schema}}, {"Broker", std::string{broker_schema}}};
    return all;
}

http::operation describe_metrics() {
    return describe("get_metrics", {.status = status::ok,
                                    .description = "All metrics in the Prometheus text format.",
                                    .contents = {{"text/plain", R"({"type":"string"})"}}});
}

} // namespace atrium::operations

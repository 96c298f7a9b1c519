#include "descriptions.hpp"

#include <pages/pages.hpp>

#include <string_view>
#include <utility>

namespace atrium::console {
namespace {

using http::status;

constexpr std::string_view tag = "console";
constexpr std::string_view any_text = R"({"type":"string"})";

constexpr std::string_view house_schema = R"({
    "type": "object",
    "description": "The running configuration.",
    "properties": {
        "name": {"const": "atrium"},
        "version": {"type": "string"},
        "modules": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "routes": {"type": "array", "items": {"$ref": "#/components/schemas/Route"}},
                    "publishes": {"type": "array", "items": {"type": "string"}},
                    "subscriptions": {"type": "array", "items": {"type": "string"}},
                    "calls": {"type": "array", "items": {"type": "string"}, "description": "The modules whose interfaces it uses."}
                },
                "required": ["name", "routes", "publishes", "subscriptions", "calls"]
            }
        },
        "remotes": {
            "type": "array",
            "description": "The modules that run in another process.",
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "url": {"type": "string"}},
                "required": ["name", "url"]
            }
        },
        "subscriptions": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "module": {"type": "string"},
                    "topics": {"type": "array", "items": {"type": "string"}}
                },
                "required": ["name", "module", "topics"]
            }
        },
        "topics": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "module": {"type": "string"}},
                "required": ["name", "module"]
            }
        },
        "bus": {
            "type": "object",
            "properties": {
                "adapter": {"type": "string"},
                "broker": {"oneOf": [{"$ref": "#/components/schemas/Broker"}, {"type": "null"}]}
            },
            "required": ["adapter", "broker"]
        },
        "other_routes": {"type": "array", "items": {"$ref": "#/components/schemas/Route"}},
        "auth": {"type": "object", "properties": {"mode": {"enum": ["none", "token", "jwt"]}}, "required": ["mode"]},
        "principal": {"oneOf": [{"$ref": "#/components/schemas/Principal"}, {"type": "null"}]}
    },
    "required": ["name", "version", "modules", "remotes", "subscriptions", "topics", "bus", "other_routes", "auth", "principal"]
})";

constexpr std::string_view history_schema = R"({
    "type": "object",
    "description": "Samples of the last hour, and the rates per second in the last interval.",
    "properties": {
        "interval": {"type": "number", "description": "Seconds between two samples."},
        "columns": {"type": "array", "items": {"type": "string"}},
        "rows": {"type": "array", "items": {"type": "array", "items": {"type": ["number", "null"]}}},
        "rates": {
            "type": "object",
            "properties": {
                "routes": {"type": "object", "additionalProperties": {"type": ["number", "null"]}},
                "topics": {"type": "object", "additionalProperties": {"type": ["number", "null"]}},
                "subscriptions": {"type": "object", "additionalProperties": {"type": ["number", "null"]}}
            },
            "required": ["routes", "topics", "subscriptions"]
        }
    },
    "required": ["interval", "columns", "rows", "rates"]
})";

constexpr std::string_view request_schema = R"({
    "type": "object",
    "description": "A request that the server has answered. Secrets are removed from its target.",
    "properties": {
        "seq": {"type": "integer", "format": "int64"},
        "at": {"type": "string", "format": "date-time"},
        "method": {"type": ["string", "null"]},
        "target": {"type": ["string", "null"]},
        "route": {"type": ["string", "null"]},
        "status": {"type": "integer"},
        "duration": {"type": "number", "description": "Seconds."},
        "response_bytes": {"type": "integer"},
        "request_id": {"type": ["string", "null"]},
        "trace_id": {"type": ["string", "null"]},
        "principal": {"type": ["string", "null"]},
        "address": {"type": "string"}
    },
    "required": ["seq", "at", "method", "target", "route", "status", "duration", "response_bytes", "request_id", "trace_id",
                 "principal", "address"]
})";

constexpr std::string_view system_schema = R"({
    "type": "object",
    "properties": {
        "version": {"type": "string"},
        "build": {"type": "string"},
        "started_at": {"type": "string", "format": "date-time"},
        "configuration": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "key": {"type": "string"},
                    "value": {"type": "string", "description": "\"(hidden)\" if it is secret."},
                    "default": {"type": "string", "description": "The value if no source sets the key."},
                    "source": {"type": "string", "description": "default, file, environment or command line."},
                    "description": {"type": "string"}
                },
                "required": ["key", "value", "default", "source", "description"]
            }
        },
        "migrations": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "module": {"type": "string"},
                    "name": {"type": "string"},
                    "applied_at": {"type": ["string", "null"], "format": "date-time"}
                },
                "required": ["module", "name", "applied_at"]
            }
        },
        "storage": {
            "type": "object",
            "properties": {
                "path": {"type": "string"},
                "bytes": {"type": ["integer", "null"]},
                "wal_bytes": {"type": ["integer", "null"]},
                "free_bytes": {"type": ["integer", "null"]}
            },
            "required": ["path", "bytes", "wal_bytes", "free_bytes"]
        },
        "backups": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "bytes": {"type": "integer"},
                    "at": {"type": "string", "format": "date-time"}
                },
                "required": ["name", "bytes", "at"]
            }
        },
        "backup_folder": {"type": ["string", "null"]},
        "auth": {"type": "object", "properties": {"mode": {"enum": ["none", "token", "jwt"]}}, "required": ["mode"]},
        "tls": {"type": "boolean"}
    },
    "required": ["version", "build", "started_at", "configuration", "migrations", "storage", "backups", "backup_folder", "auth",
                 "tls"]
})";

constexpr std::string_view backup_schema = R"({
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "bytes": {"type": ["integer", "null"], "description": "null while the backup is being made."}
    },
    "required": ["name", "bytes"]
})";

http::operation describe_data(std::string id, std::string description, std::string schema) {
    return {.id = std::move(id),
            .tag = std::string{tag},
            .responses = {http::described_json(status::ok, std::move(description), std::move(schema), {"Cache-Control"})}};
}

http::parameter filter(std::string name, std::string description, std::string_view schema = any_text) {
    return {.name = std::move(name), .description = std::move(description), .schema = std::string{schema}};
}

} // namespace

http::operation describe_page() {
    return pages::describe_index("get_console", std::string{tag});
}

http::operation describe_inner_page() {
    auto all = pages::describe_index("get_console_page", std::string{tag});
    all.parameters = {http::in_path("page",
                                    "The rest of the path, which can have several segments. The scripts of the page read it.",
                                    std::string{any_text})};
    all.errors = {status::not_found};
    return all;
}

http::operation describe_file() {
    return pages::describe_file("get_console_file", std::string{tag});
}

http::operation describe_house_data() {
    return describe_data("get_house", "The running configuration.", std::string{house_schema});
}

http::operation describe_history_data() {
    auto all = describe_data("get_history", "The samples and the latest rates.", std::string{history_schema});
    all.parameters = {filter("after", "Only samples after this time, in seconds since 1970.",
                             R"({"type":"integer","format":"int64","minimum":0})")};
    return all;
}

http::operation describe_request_list() {
    auto all = describe_data("list_requests", "A page of the requests, the latest first.", http::array_of("Request"));
    all.request_headers = {"If-Match", "If-None-Match"};
    all.responses.front().headers.emplace_back("Link");
    all.responses.push_back({status::not_modified, "The precondition If-None-Match: * is false, because the list exists."});
    all.errors = {status::precondition_failed};
    all.schemas = {{"Request", std::string{request_schema}}};
    all.parameters = {
        filter("method", "The method, such as GET."),
        filter("route", "The pattern of a route, such as /users/{id}."),
        filter("status", "A status such as 404, or a class of statuses such as 4xx."),
        filter("request_id", "The id of one request."),
        filter("principal", "The name of the principal that sent the request."),
        filter("min_duration", "The minimum duration, in seconds."),
        filter("console", "If this is false, the requests that the console itself has sent for its pages are left out.",
               R"({"type":"boolean","default":true})"),
        filter("after", "The cursor of a page, from the header Link."),
        filter("limit", "The size of a page.", R"({"type":"integer","minimum":1,"maximum":1000,"default":100})"),
    };
    return all;
}

http::operation describe_system_data() {
    return describe_data("get_system", "The state of the program and its files.", std::string{system_schema});
}

http::operation describe_backup() {
    const auto made = [](status s, std::string description) {
        return http::described_json(s, std::move(description), std::string{backup_schema}, {"Location", "Cache-Control"});
    };
    return {.id = "make_backup",
            .tag = std::string{tag},
            .request_headers = {"If-Match", "If-None-Match"},
            .responses = {made(status::created, "The backup is complete."),
                          made(status::accepted, "The backup is not complete yet and continues.")},
            .errors = {status::conflict, status::precondition_failed}};
}

} // namespace atrium::console

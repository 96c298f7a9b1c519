#pragma once

#include <http/response.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a route accepts and returns, for the description of the API (OpenAPI). Declared beside the route, as plain data; read
/// once, when the server starts.
namespace atrium::http {

/// A property of a schema that holds the id of an entity, and an address that stands for the C++ type of the id.
struct id_property {
    std::string name; ///< "user_id"
    const void* type;
};

/// A JSON Schema (draft 2020-12) that others refer to by its name: see `schema_named`.
struct named_schema {
    std::string name; ///< "User"
    std::string json;
    std::vector<id_property> ids = {};
};

/// A body of one media type. `schema` is the text of a JSON Schema.
struct content {
    std::string_view type; ///< "application/json"
    std::string schema;
};

struct parameter {
    enum class place { query, path, header };

    std::string name;
    std::string description;
    std::string schema; ///< the text of a JSON Schema
    place position = place::query;
    bool is_required = false; ///< that of a path always is
};

struct request_body {
    std::vector<content> contents;
    std::string description = {};
    bool is_required = true;
};

/// One status that a route responds with.
struct described_response {
    http::status status;
    std::string description;
    std::vector<content> contents = {};         ///< empty if there is no body
    std::vector<std::string_view> headers = {}; ///< the names of headers that the description of the API explains
};

/// The entities that a list has. The path of the route is that of the list.
struct listed_entity {
    std::string name;       ///< "User"
    std::string plural;     ///< "users"
    std::string events_key; ///< what the keys of its events begin with: "user"
    const void* id_type;    ///< an address that stands for the C++ type of its id
};

/// The description of a route, apart from its path, its summary and what its clients need.
struct operation {
    std::string id = {};  ///< unique among all routes: "list_users"
    std::string tag = {}; ///< the group of routes to which it belongs: the name of a module, for example
    std::string description = {};
    std::vector<parameter> parameters = {};
    std::vector<std::string_view> request_headers = {}; ///< the names of those that the description of the API explains
    std::optional<request_body> body = {};
    std::vector<described_response> responses = {};
    std::vector<http::status> errors = {};               ///< further statuses, with problem details
    std::vector<std::string_view> response_headers = {}; ///< headers of all responses that are not errors
    std::vector<named_schema> schemas = {};              ///< that it refers to; other routes can refer to them as well
    std::optional<listed_entity> list_of = {};

    [[nodiscard]] bool is_described() const noexcept { return !responses.empty(); }
};

/// `{"$ref":"#/components/schemas/User"}`
[[nodiscard]] std::string schema_named(std::string_view name);
/// An array of them.
[[nodiscard]] std::string array_of(std::string_view name);

/// A response whose body is JSON.
[[nodiscard]] described_response described_json(http::status s, std::string description, std::string schema,
                                                std::vector<std::string_view> headers = {});

/// A body that `read_body` reads: JSON, or one of the two kinds of forms.
[[nodiscard]] request_body body_of_fields(std::string schema);

/// A parameter in the path.
[[nodiscard]] parameter in_path(std::string name, std::string description, std::string schema);

} // namespace atrium::http

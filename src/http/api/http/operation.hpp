#pragma once

#include <http/response.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Types that describe the requests and responses of a route, for the description of the API (OpenAPI). The description of a
/// route is declared beside the route as plain data, and read once, when the server starts.
namespace atrium::http {

/// A property that contains the id of an entity, in a JSON Schema.
struct id_property {
    std::string name; ///< "user_id"
    const void* type; ///< an address that stands for the C++ type of the id
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
    bool is_required = false; ///< a parameter in a path is always required
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
    std::vector<std::string_view> headers = {}; ///< names of headers; src/api_description must explain each of them
};

/// The kind of entities in the list with which a route responds. The path of the route is that of the list.
struct listed_entity {
    std::string name;       ///< "User"
    std::string plural;     ///< "users"
    std::string events_key; ///< the prefix of the keys of its events: "user"
    const void* id_type;    ///< an address that stands for the C++ type of its id
};

/// The description of a route, except for its path, its summary and its requirement.
struct operation {
    std::string id = {};  ///< unique among all routes: "list_users"
    std::string tag = {}; ///< the group of routes to which it belongs: the name of a module, for example
    std::string description = {};
    std::vector<parameter> parameters = {};
    std::vector<std::string_view> request_headers = {}; ///< names of headers; src/api_description must explain each of them
    std::optional<request_body> body = {};
    std::vector<described_response> responses = {};
    std::vector<http::status> errors = {};               ///< the statuses of errors, which have problem details
    std::vector<std::string_view> response_headers = {}; ///< headers of all responses that are not errors
    std::vector<named_schema> schemas = {};    ///< the named schemas that it defines; other routes can refer to them as well
    std::optional<listed_entity> list_of = {}; ///< empty if the route does not respond with a list of entities

    [[nodiscard]] bool is_described() const noexcept { return !responses.empty(); }
};

/// A JSON Schema that refers to a named schema: `{"$ref":"#/components/schemas/User"}`.
[[nodiscard]] std::string schema_named(std::string_view name);
/// A JSON Schema of an array whose items have the named schema.
[[nodiscard]] std::string array_of(std::string_view name);

/// Describes a response whose body is JSON.
[[nodiscard]] described_response described_json(http::status s, std::string description, std::string schema,
                                                std::vector<std::string_view> headers = {});

/// Describes a body that `read_body` can read: JSON, or one of the two kinds of forms.
[[nodiscard]] request_body body_of_fields(std::string schema);

/// Describes a parameter in the path.
[[nodiscard]] parameter in_path(std::string name, std::string description, std::string schema);

} // namespace atrium::http

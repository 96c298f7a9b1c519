#include "components.hpp"
#include "schema_set.hpp"

#include <access/session_cookie.hpp>
#include <api_description/openapi.hpp>
#include <base/text.hpp>
#include <http/method.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

namespace atrium::api_description {
namespace {

namespace json = boost::json;
using http::status;

constexpr std::string_view about =
    "Atrium's routes. A path can be written with or without the slash at its end. HEAD works wherever GET does; OPTIONS and a "
    "response with status 405 list the methods of a path in the header Allow. Errors are problem details (RFC 9457). An "
    "unknown field or value is an error, and so is an unknown parameter, except for health checks, pages, sessions and tokens, "
    "which ignore the query.\n\n"
    "A client may send its credential as a token (Authorization: Bearer ...), or as the cookie of a session. If auth.mode is "
    "none, no credential is needed. The scopes that a route needs are listed with its security. The scope admin includes all "
    "others.";

std::string name_of(const http::route& r) {
    return std::string{http::name_of(r.method)} + " " + r.pattern;
}

/// OpenAPI has no placeholder for the rest of a path, such as "{page...}", so such a placeholder is written like the others,
/// and the member `x-atrium-rest` of the path marks it.
std::string path_of(const http::route& r) {
    const auto tail = r.pattern.find("...}");
    return tail == std::string::npos ? r.pattern : r.pattern.substr(0, tail) + "}";
}

[[noreturn]] void fail(const http::route& r, const std::string& why) {
    throw std::logic_error{"the route " + name_of(r) + " " + why};
}

json::object reference(std::string_view kind, std::string_view name) {
    return {{"$ref", "#/components/" + std::string{kind} + "/" + std::string{name}}};
}

std::string key_of(status s) {
    return std::to_string(static_cast<unsigned>(s));
}

json::object content_of(const http::route& r, const std::vector<http::content>& contents) {
    json::object content;
    for (const auto& each : contents)
        content[each.type] = json::object{{"schema", parse_schema(each.schema, name_of(r))}};
    return content;
}

// Parameters and bodies.

std::string_view name_of(http::parameter::place place) {
    switch (place) {
    case http::parameter::place::query: return "query";
    case http::parameter::place::path: return "path";
    case http::parameter::place::header: break;
    }
    return "header";
}

json::array parameters_of(const http::route& r) {
    json::array parameters;
    for (const auto& each : r.operation.parameters) {
        json::object parameter{{"name", each.name}, {"in", name_of(each.position)}};
        if (!each.description.empty())
            parameter["description"] = each.description;
        if (each.is_required)
            parameter["required"] = true;
        parameter["schema"] = parse_schema(each.schema, name_of(r));
        parameters.emplace_back(std::move(parameter));
    }
    for (const auto name : r.operation.request_headers) {
        if (!has_header(all_request_headers(), name))
            fail(r, "accepts the header " + std::string{name} + ", which src/api_description/components.cpp does not explain");
        parameters.emplace_back(reference("parameters", name));
    }
    return parameters;
}

/// Fails unless the described path parameters are exactly the placeholders of the route's pattern.
void require_path_parameters(const http::route& r) {
    std::set<std::string> described;
    for (const auto& each : r.operation.parameters)
        if (each.position == http::parameter::place::path)
            described.insert(each.name);
    std::set<std::string> needed;
    for (auto begin = r.pattern.find('{'); begin != std::string::npos; begin = r.pattern.find('{', begin + 1))
        needed.insert(r.pattern.substr(begin + 1, r.pattern.find_first_of(".}", begin) - begin - 1));
    if (described != needed)
        fail(r, "must describe exactly the parameters that its path has");
}

json::object body_of(const http::route& r, const http::request_body& body) {
    json::object described_body;
    if (!body.description.empty())
        described_body["description"] = body.description;
    described_body["required"] = body.is_required;
    described_body["content"] = content_of(r, body.contents);
    return described_body;
}

// Responses.

json::object headers_of(const http::route& r, const http::described_response& response) {
    std::vector<std::string_view> names{"X-Request-Id"};
    names.insert(names.end(), response.headers.begin(), response.headers.end());
    names.insert(names.end(), r.operation.response_headers.begin(), r.operation.response_headers.end());
    json::object headers;
    for (const auto name : names) {
        if (!has_header(all_response_headers(), name))
            fail(r, "returns the header " + std::string{name} + ", which src/api_description/components.cpp does not explain");
        headers[name] = reference("headers", name);
    }
    return headers;
}

json::object problem_content() {
    return {{"schema", reference("schemas", "Problem")}};
}

json::object response_of(const http::route& r, const http::described_response& response) {
    json::object described{{"description", response.description}, {"headers", headers_of(r, response)}};
    if (!response.contents.empty())
        described["content"] = content_of(r, response.contents);
    return described;
}

/// The statuses with which the route, the checks before it and the server itself refuse requests.
std::vector<status> errors_of(const http::route& r) {
    auto statuses = r.operation.errors;
    const auto every = errors_of_every_route();
    statuses.insert(statuses.end(), every.begin(), every.end());
    if (!r.requirement.is_open())
        statuses.insert(statuses.end(),
                        {status::unauthorized, status::too_many_requests}); // 429 if too many credentials were refused
    return statuses;
}

/// Adds the server's own response with this status. If the route already describes a response with this status, that response
/// also gets the server's body, as another media type.
void add_error(json::object& responses, status s) {
    const auto& error = find_error(s);
    auto* described = responses.if_contains(key_of(s));
    if (!described) {
        responses[key_of(s)] = reference("responses", error.name);
    } else if (described->as_object().contains("description")) {
        auto& content = described->as_object()["content"];
        if (content.is_null())
            content.emplace_object();
        content.as_object()[http::problem_type] = problem_content();
        for (const auto name : error.headers)
            if (!name.empty())
                described->as_object()["headers"].as_object()[name] = reference("headers", name);
    }
}

json::object responses_of(const http::route& r) {
    json::object responses;
    for (const auto& each : r.operation.responses)
        if (!responses.emplace(key_of(each.status), response_of(r, each)).second)
            fail(r, "describes the status " + key_of(each.status) + " twice");
    for (const auto each : errors_of(r))
        add_error(responses, each);
    std::vector<std::string> codes;
    for (const auto& each : responses)
        codes.emplace_back(each.key());
    std::ranges::sort(codes);
    json::object sorted;
    for (const auto& code : codes)
        sorted[code] = std::move(responses[code]);
    return sorted;
}

// Operations.

json::array security_of(const http::route& r) {
    if (r.requirement.is_open())
        return {};
    json::array scopes;
    if (!r.requirement.scope().empty())
        scopes.emplace_back(r.requirement.scope());
    return {json::object{{"token", scopes}}, json::object{{"session", scopes}}, json::object{{"plain_session", scopes}}};
}

json::object operation_of(const http::route& r) {
    const auto& o = r.operation;
    if (!o.is_described())
        fail(r, "does not describe what it accepts and returns: add .describe(...)");
    if (o.id.empty() || o.tag.empty())
        fail(r, "needs an id and a tag in its description");
    require_path_parameters(r);
    json::object operation{{"operationId", o.id}, {"summary", r.summary}, {"tags", json::array{json::string{o.tag}}}};
    if (!o.description.empty())
        operation["description"] = o.description;
    if (auto parameters = parameters_of(r); !parameters.empty())
        operation["parameters"] = std::move(parameters);
    if (o.body)
        operation["requestBody"] = body_of(r, *o.body);
    operation["responses"] = responses_of(r);
    operation["security"] = security_of(r);
    return operation;
}

json::object entity_of(const http::route& r) {
    const auto& list = *r.operation.list_of;
    return {{"name", list.name}, {"plural", list.plural}, {"path", r.pattern}, {"events_key", list.events_key}};
}

/// The name of the method in a path object: "get".
std::string member_of(http::verb method) {
    return ascii_lower(std::string{http::name_of(method)});
}

json::object paths_of(const std::vector<http::route>& routes) {
    json::object paths;
    std::set<std::string> ids;
    for (const auto& each : routes) {
        auto& path = paths[path_of(each)];
        if (path.is_null())
            path.emplace_object();
        if (path_of(each) != each.pattern)
            path.as_object()["x-atrium-rest"] = true; // the last parameter may contain slashes
        if (each.operation.list_of)
            path.as_object()["x-atrium-entity"] = entity_of(each);
        path.as_object()[member_of(each.method)] = operation_of(each);
        if (!ids.insert(each.operation.id).second)
            fail(each, "has the id " + each.operation.id + ", which another route has as well");
    }
    return paths;
}

json::array tags_of(const std::vector<http::route>& routes) {
    json::array tags;
    std::set<std::string> names;
    for (const auto& each : routes)
        if (names.insert(each.operation.tag).second)
            tags.emplace_back(json::object{{"name", each.operation.tag}, {"description", text_of_tag(each.operation.tag)}});
    return tags;
}

// Components.

json::object header_parameter(const header& h) {
    json::object parameter{{"name", h.name}, {"in", "header"}, {"description", h.description}};
    parameter["schema"] = parse_schema(h.schema, std::string{h.name});
    if (!h.example.empty())
        parameter["example"] = h.example;
    return parameter;
}

json::object described_header(const header& h) {
    auto described = header_parameter(h);
    described.erase("name");
    described.erase("in");
    return described;
}

json::object error_of(const error_response& e) {
    json::object headers{{"X-Request-Id", reference("headers", "X-Request-Id")}};
    for (const auto name : e.headers)
        if (!name.empty())
            headers[name] = reference("headers", name);
    return {{"description", e.description},
            {"headers", std::move(headers)},
            {"content", json::object{{http::problem_type, problem_content()}}}};
}

json::object cookie_scheme(bool is_secure, std::string_view description) {
    return {{"type", "apiKey"}, {"in", "cookie"}, {"name", access::cookie_name(is_secure)}, {"description", description}};
}

json::object security_schemes() {
    return {
        {"token", json::object{{"type", "http"},
                               {"scheme", "bearer"},
                               {"description", "A token of this server, or a JSON Web Token of an issuer that it trusts."}}},
        {"session", cookie_scheme(true, "The session of a browser that uses HTTPS, which POST /session begins.")},
        {"plain_session", cookie_scheme(false, "The session of a browser that uses HTTP without TLS.")}};
}

json::object components_of(const std::vector<http::route>& routes) {
    json::object parameters;
    for (const auto& each : all_request_headers())
        parameters[each.name] = header_parameter(each);
    json::object headers;
    for (const auto& each : all_response_headers())
        headers[each.name] = described_header(each);
    json::object responses;
    for (const auto& each : all_errors())
        responses[each.name] = error_of(each);
    auto schemas = schema_set{routes}.take();
    schemas["Problem"] = parse_schema(problem_schema, "Problem");
    return {{"schemas", std::move(schemas)},
            {"responses", std::move(responses)},
            {"parameters", std::move(parameters)},
            {"headers", std::move(headers)},
            {"securitySchemes", security_schemes()}};
}

} // namespace

std::string render_openapi(const http::router& routes, std::string_view version) {
    const auto& described_routes = routes.routes();
    json::object info{{"title", "Atrium"},
                      {"version", version},
                      {"description", about},
                      {"license", json::object{{"name", "Boost Software License 1.0"}, {"identifier", "BSL-1.0"}}}};
    json::value document = json::object{{"openapi", "3.1.0"},
                                        {"info", std::move(info)},
                                        {"servers", json::array{json::object{{"url", "/"}}}},
                                        {"tags", tags_of(described_routes)},
                                        {"paths", paths_of(described_routes)},
                                        {"components", components_of(described_routes)}};
    require_references(document);
    return json::serialize(document);
}

} // namespace atrium::api_description

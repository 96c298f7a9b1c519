#include "schema_set.hpp"

#include <boost/json/parse.hpp>

#include <stdexcept>

namespace atrium::api_description {
namespace {

namespace json = boost::json;

std::string_view view(const json::string& text) {
    return {text.data(), text.size()};
}

void require_reference(const json::value& document, std::string_view reference) {
    boost::system::error_code failure;
    const auto* found = reference.starts_with("#/") ? document.find_pointer(reference.substr(1), failure) : nullptr;
    if (!found)
        throw std::logic_error{"the description of the API refers to " + std::string{reference} +
                               ", which no route describes: add it to the schemas of a route"};
}

void require_references(const json::value& document, const json::value& part) {
    if (const auto* array = part.if_array())
        for (const auto& each : *array)
            require_references(document, each);
    if (const auto* object = part.if_object()) {
        for (const auto& [name, value] : *object) {
            if (name == "$ref" && value.is_string())
                require_reference(document, view(value.get_string()));
            else
                require_references(document, value);
        }
    }
}

/// The plural of the entity whose ids have this type; empty if no route lists such an entity.
std::string_view find_plural(const std::vector<http::route>& routes, const void* id_type) {
    for (const auto& each : routes)
        if (each.operation.list_of && each.operation.list_of->id_type == id_type)
            return each.operation.list_of->plural;
    return {};
}

} // namespace

json::value parse_schema(std::string_view text, const std::string& place) {
    boost::system::error_code failure;
    auto schema = json::parse(text, failure);
    if (failure || !schema.is_object())
        throw std::logic_error{place + ": a schema is not a JSON object: " + std::string{text}};
    return schema;
}

schema_set::schema_set(const std::vector<http::route>& routes) {
    for (const auto& each : routes)
        for (const auto& schema : each.operation.schemas)
            add(schema, each.pattern);
    for (const auto& each : routes)
        for (const auto& schema : each.operation.schemas)
            add_references(schema, routes);
}

void schema_set::add(const http::named_schema& schema, const std::string& place) {
    auto parsed = parse_schema(schema.json, place);
    const auto [found, is_new] = schemas_.emplace(schema.name, parsed);
    if (!is_new && found->value() != parsed)
        throw std::logic_error{place + ": the schema " + schema.name +
                               " is described in two ways; give one of them another name"};
}

void schema_set::add_references(const http::named_schema& schema, const std::vector<http::route>& routes) {
    for (const auto& id : schema.ids) {
        auto& property = schemas_.at(schema.name).at("properties").at(id.name);
        if (const auto plural = find_plural(routes, id.type); !plural.empty())
            property.as_object()["x-atrium-reference"] = plural;
    }
}

void require_references(const json::value& document) {
    require_references(document, document);
}

} // namespace atrium::api_description

#pragma once

#include <http/router.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::api_description {

/// Parses the text of a JSON Schema. If the text is not a JSON object, throws std::logic_error, whose message begins with
/// `place`, the name of the route or component that contains the schema.
[[nodiscard]] boost::json::value parse_schema(std::string_view text, const std::string& place);

/// The named schemas of all routes. If a property contains the id of an entity that a route lists, the property gets the
/// member `x-atrium-reference` with the plural of that entity.
class schema_set {
public:
    /// Throws std::logic_error if two routes describe different schemas with one name.
    explicit schema_set(const std::vector<http::route>& routes);

    [[nodiscard]] boost::json::object take() { return std::move(schemas_); }

private:
    void add(const http::named_schema& schema, const std::string& place);
    void add_references(const http::named_schema& schema, const std::vector<http::route>& routes);

    boost::json::object schemas_;
};

/// Throws std::logic_error if a `$ref` in the document refers to something that the document does not contain.
void require_references(const boost::json::value& document);

} // namespace atrium::api_description

#include "json_value.hpp"

#include <base/malformed.hpp>
#include <entity/json_list.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <string>

namespace atrium::entity {
namespace {

/// Reads the fields of one object. Returns the name of the first field that cannot be read, or an empty string.
std::string_view read_fields(const description& d, const field_set& fields, const boost::json::object& object, void* target) {
    for (std::size_t i = 0; i < d.fields().size(); ++i) {
        const auto& field = d.fields()[i];
        if (!fields.test(i) || !field.is_shown)
            continue;
        const auto* found = object.if_contains(field.name);
        if (!found && field.type->is_optional)
            continue;
        if (!found || !read_value(*field.type, *found, field.value_in(target)))
            return field.name;
    }
    return {};
}

} // namespace

result<> read_json_list(const description& d, const field_set& fields, std::string_view json,
                        const std::function<void*()>& add) {
    boost::system::error_code failure;
    const auto parsed = boost::json::parse(json, failure);
    const auto* list = failure ? nullptr : parsed.if_array();
    if (!list)
        return malformed("the text is not a JSON array");
    for (const auto& item : *list) {
        const auto* members = item.if_object();
        if (!members)
            return malformed("the array has a value that is not an object");
        if (const auto field = read_fields(d, fields, *members, add()); !field.empty())
            return malformed(std::string{d.name()} + " has no valid \"" + std::string{field} + "\"");
    }
    return {};
}

} // namespace atrium::entity

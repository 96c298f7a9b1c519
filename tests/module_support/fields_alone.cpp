#include <module_support/fields_alone.hpp>
#include <support/catch.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <vector>

namespace atrium::support {
namespace {

using boost::json::value;

/// The fields of a type that have neither arguments nor subfields.
std::vector<std::string> simple_fields_of(module_process& process, const std::string& type) {
    const auto answer = process.ask(R"(query ($type: String!) { __type(name: $type) {
        fields { name args { name } type { kind ofType { kind } } } } })",
                                    {{"type", type}});
    std::vector<std::string> names;
    for (const auto& field : answer.at_pointer("/data/__type/fields").as_array()) {
        const auto& field_type = field.at("type");
        const auto& kind = field_type.at("kind") == "NON_NULL" ? field_type.at("ofType").at("kind") : field_type.at("kind");
        if (field.at("args").as_array().empty() && (kind == "SCALAR" || kind == "ENUM"))
            names.emplace_back(field.at("name").as_string());
    }
    return names;
}

/// Whether both values are equal, except that `part` may lack members of objects.
bool is_part_of(const value& part, const value& whole) {
    if (part.is_object() && whole.is_object())
        return std::ranges::all_of(part.get_object(), [&](const auto& member) {
            const auto* other = whole.get_object().if_contains(member.key());
            return other && is_part_of(member.value(), *other);
        });
    if (part.is_array() && whole.is_array())
        return std::ranges::equal(part.get_array(), whole.get_array(), is_part_of);
    return part == whole;
}

value query_data(module_process& process, std::string query, const std::string& fields) {
    query.replace(query.find('@'), 1, fields);
    const auto answer = process.ask(query);
    INFO(query << " returns " << boost::json::serialize(answer));
    REQUIRE_FALSE(answer.as_object().contains("errors"));
    return answer.at("data");
}

} // namespace

void check_fields_alone(module_process& process, const std::string& type, const std::string& query) {
    const auto names = simple_fields_of(process, type);
    REQUIRE(names.size() > 3);
    std::string all;
    for (const auto& name : names)
        all += name + ' ';
    const auto together = query_data(process, query, all);
    for (const auto& name : names) {
        const auto alone = query_data(process, query, name);
        INFO(query << " with " << name << " alone: " << boost::json::serialize(alone)
                   << "; with all: " << boost::json::serialize(together));
        CHECK(is_part_of(alone, together));
    }
}

} // namespace atrium::support

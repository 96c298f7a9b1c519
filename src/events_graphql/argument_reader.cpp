#include "argument_reader.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace atrium::events_graphql {
namespace {

/// Converts "dryRun" to "dry_run".
std::string snake_case(std::string_view name) {
    std::string text;
    for (const char c : name) {
        const bool is_upper = c >= 'A' && c <= 'Z';
        if (is_upper)
            text.push_back('_');
        text.push_back(is_upper ? static_cast<char>(c - 'A' + 'a') : c);
    }
    return text;
}

} // namespace

input::reader read_arguments(const graphql::arguments& a, std::initializer_list<std::string_view> others) {
    std::vector<input::field> fields;
    for (const auto& [name, value] : a.values())
        if (!value.is_null() && std::ranges::find(others, std::string_view{name}) == others.end())
            fields.push_back({.name = snake_case(name), .value = input::value_of(value)});
    return {input::source::graphql, std::move(fields)};
}

} // namespace atrium::events_graphql

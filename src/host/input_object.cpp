#include <host/input_object.hpp>

#include <string>

namespace atrium::host {
namespace {

std::string snake_case(std::string_view camel_case) {
    std::string name;
    for (const char c : camel_case) {
        const bool is_capital = c >= 'A' && c <= 'Z';
        if (is_capital)
            name += '_';
        name += is_capital ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return name;
}

} // namespace

boost::json::object input_object(const graphql::arguments& a, std::string_view name) {
    boost::json::object renamed;
    for (const auto& [field, value] : a.get<graphql::arguments>(name).values())
        renamed.emplace(snake_case({field.data(), field.size()}), value);
    return renamed;
}

} // namespace atrium::host

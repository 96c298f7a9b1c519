#include "json_value.hpp"

#include <boost/json/value.hpp>
#include <boost/json/value_to.hpp>

namespace atrium::entity {
namespace {

std::optional<std::int64_t> read_number(const value_type& type, const boost::json::value& json) {
    switch (type.kind) {
    case kind::boolean: return json.is_bool() ? std::optional<std::int64_t>{json.get_bool()} : std::nullopt;
    case kind::time: {
        const auto time = json.is_string() ? parse_rfc3339(std::string_view{json.get_string()}) : std::nullopt;
        return time ? std::optional{time->time_since_epoch().count()} : std::nullopt;
    }
    case kind::enumeration:
        return json.is_string() ? type.enumeration->find_word(std::string_view{json.get_string()}) : std::nullopt;
    case kind::id:
    case kind::integer:
    case kind::text: break;
    }
    boost::system::error_code failure;
    const auto number = json.to_number<std::int64_t>(failure);
    return failure ? std::nullopt : std::optional{number};
}

} // namespace

bool read_value(const value_type& type, const boost::json::value& json, void* target) {
    if (json.is_null() && type.is_optional) {
        type.reset(target);
        return true;
    }
    if (type.is_text()) {
        if (!json.is_string())
            return false;
        type.set_text(target, std::string_view{json.get_string()});
        return true;
    }
    const auto number = read_number(type, json);
    if (number)
        type.set_number(target, *number);
    return number.has_value();
}

} // namespace atrium::entity

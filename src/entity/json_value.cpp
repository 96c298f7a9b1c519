#include "json_value.hpp"

#include <boost/json/value.hpp>
#include <boost/json/value_to.hpp>

namespace atrium::entity {
namespace {

std::optional<std::int64_t> read_number(const value_type& type, const boost::json::value& from) {
    switch (type.kind) {
    case kind::boolean: return from.is_bool() ? std::optional<std::int64_t>{from.get_bool()} : std::nullopt;
    case kind::time: {
        const auto time = from.is_string() ? parse_rfc3339(std::string_view{from.get_string()}) : std::nullopt;
        return time ? std::optional{time->time_since_epoch().count()} : std::nullopt;
    }
    case kind::enumeration:
        return from.is_string() ? type.enumeration->find_word(std::string_view{from.get_string()}) : std::nullopt;
    case kind::id:
    case kind::integer:
    case kind::text: break;
    }
    boost::system::error_code failure;
    const auto number = from.to_number<std::int64_t>(failure);
    return failure ? std::nullopt : std::optional{number};
}

} // namespace

bool read_value(const value_type& type, const boost::json::value& from, void* into) {
    if (from.is_null() && type.is_optional) {
        type.reset(into);
        return true;
    }
    if (type.is_text()) {
        if (!from.is_string())
            return false;
        type.set_text(into, std::string_view{from.get_string()});
        return true;
    }
    const auto number = read_number(type, from);
    if (number)
        type.set_number(into, *number);
    return number.has_value();
}

} // namespace atrium::entity

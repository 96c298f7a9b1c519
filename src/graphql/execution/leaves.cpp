#include "types/values.hpp"

#include <base/clock.hpp>
#include <graphql/schema_builder.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <stdexcept>

namespace atrium::graphql {
namespace detail {

bool write_enum(const enum_names& names, std::int64_t number, std::string& out, std::string& why) {
    const auto value = std::ranges::find(names.values, number, &enum_names::value::number);
    if (value == names.values.end()) {
        why = "Enum \"" + names.type + "\" cannot represent value: " + std::to_string(number);
        return false;
    }
    out.append(1, '"').append(value->name).push_back('"');
    return true;
}

std::int64_t read_enum(const enum_names& names, const boost::json::value& from) {
    const auto value = std::ranges::find(names.values, std::string_view{from.as_string()}, &enum_names::value::name);
    if (value == names.values.end())
        throw std::logic_error{"the enum " + names.type + " was given a value that it has not"};
    return value->number;
}

} // namespace detail

void add_date_time(schema_builder& b) {
    b.scalar<timestamp>(
        "DateTime", "A moment as RFC 3339 writes it: \"2026-11-22T12:00:00.000Z\".",
        "https://scalars.graphql.org/andimarek/date-time", [](json_writer& w, const timestamp& when) { w.value(when); },
        [](const boost::json::value& given) -> boost::system::result<timestamp, std::string> {
            const auto* text = given.if_string();
            const auto when = text ? parse_rfc3339(*text) : std::nullopt;
            if (!when)
                return "DateTime cannot represent value: " + inspect(given);
            return *when;
        });
}

void add_json(schema_builder& b) {
    b.scalar<raw_json>(
        "JSON", "Any JSON value.", "https://www.rfc-editor.org/rfc/rfc8259",
        [](json_writer& w, const raw_json& value) { w.raw(value.text); },
        [](const boost::json::value& given) -> boost::system::result<raw_json, std::string> {
            return raw_json{boost::json::serialize(given)};
        });
}

} // namespace atrium::graphql

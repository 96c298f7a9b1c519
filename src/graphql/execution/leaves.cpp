#include "leaves.hpp"

#include "types/values.hpp"

#include <base/clock.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <typeinfo>
#include <utility>

namespace atrium::graphql {
namespace detail {
namespace {

template <class Number>
bool write_int(Number number, std::string& out, std::string& why) {
    if (!std::in_range<std::int32_t>(number)) {
        why = "Int cannot represent non 32-bit signed integer value: " + std::to_string(number);
        return false;
    }
    json_writer{out}.value(static_cast<std::int64_t>(number));
    return true;
}

bool write_int(const leaf_writer& self, const void* address, std::string& out, std::string& why) {
    const auto number = self.type->integer(address);
    return self.type->kind == scalar_kind::unsigned_integer ? write_int(static_cast<std::uint64_t>(number), out, why)
                                                            : write_int(number, out, why);
}

bool write_float(const leaf_writer& self, const void* address, std::string& out, std::string& why) {
    const auto number = self.type->floating(address);
    if (!std::isfinite(number)) {
        why = std::string{"Float cannot represent non numeric value: "} + (std::isnan(number) ? "NaN"
                                                                           : number > 0       ? "Infinity"
                                                                                              : "-Infinity");
        return false;
    }
    json_writer{out}.value(number);
    return true;
}

bool write_text(const leaf_writer& self, const void* address, std::string& out, std::string&) {
    json_writer{out}.value(self.type->text(address));
    return true;
}

bool write_string(const leaf_writer&, const void* address, std::string& out, std::string&) {
    json_writer{out}.value(*static_cast<const std::string*>(address));
    return true;
}

bool write_boolean(const leaf_writer& self, const void* address, std::string& out, std::string&) {
    json_writer{out}.value(self.type->integer(address) != 0);
    return true;
}

bool write_number_as_text(const leaf_writer& self, const void* address, std::string& out, std::string&) {
    const auto number = self.type->integer(address);
    out.push_back('"');
    if (self.type->kind == scalar_kind::unsigned_integer)
        out += std::to_string(static_cast<std::uint64_t>(number));
    else
        json_writer{out}.value(number);
    out.push_back('"');
    return true;
}

bool write_enum(const leaf_writer& self, const void* address, std::string& out, std::string& why) {
    const auto& names = *static_cast<const enum_names*>(self.state.get());
    const auto number = self.type->integer(address);
    const auto value = std::ranges::find(names.values, number, &enum_word::number);
    if (value == names.values.end()) {
        why = "Enum \"" + names.type + "\" cannot represent value: " + std::to_string(number);
        return false;
    }
    out.append(1, '"').append(value->name).push_back('"');
    return true;
}

using custom_function = std::function<void(json_writer&, const void* value)>;

bool write_custom(const leaf_writer& self, const void* address, std::string& out, std::string&) {
    json_writer writer{out};
    (*static_cast<const custom_function*>(self.state.get()))(writer, address);
    return true;
}

leaf_writer::function* standard_function(const content_type& type, std::string_view scalar) {
    const auto kind = type.kind;
    const bool is_integer = kind == scalar_kind::integer || kind == scalar_kind::unsigned_integer;
    if (scalar == "Int" && is_integer)
        return write_int;
    if (scalar == "Float" && (is_integer || kind == scalar_kind::floating))
        return write_float;
    if (scalar == "Boolean" && kind == scalar_kind::boolean)
        return write_boolean;
    if ((scalar == "String" || scalar == "ID") && kind == scalar_kind::text)
        return *type.id == typeid(std::string) ? write_string
                                               : write_text; // most fields are strings, for which `write_string` saves a call
    if (scalar == "ID" && (is_integer || kind == scalar_kind::id))
        return write_number_as_text;
    return nullptr;
}

} // namespace

leaf_writer standard_writer(const content_type& type, std::string_view scalar) {
    return {standard_function(type, scalar), &type};
}

leaf_writer enum_writer(const content_type& type, std::shared_ptr<const enum_names> names) {
    return {write_enum, &type, std::move(names)};
}

leaf_writer custom_writer(custom_function write) {
    return {write_custom, nullptr, std::make_shared<const custom_function>(std::move(write))};
}

std::int64_t read_enum(const enum_names& names, const boost::json::value& input) {
    const auto value = std::ranges::find(names.values, std::string_view{input.as_string()}, &enum_word::name);
    if (value == names.values.end())
        throw std::logic_error{"the enum " + names.type + " does not have this value"};
    return value->number;
}

} // namespace detail

void add_date_time(schema_builder& b) {
    b.scalar<timestamp>(
        "DateTime", "A point in time in the format of RFC 3339: \"2026-11-22T12:00:00.000Z\".",
        "https://scalars.graphql.org/andimarek/date-time", [](json_writer& w, const timestamp& when) { w.value(when); },
        [](const boost::json::value& input) -> boost::system::result<timestamp, std::string> {
            const auto* text = input.if_string();
            const auto when = text ? parse_rfc3339(*text) : std::nullopt;
            if (!when)
                return "DateTime cannot represent value: " + inspect(input);
            return *when;
        });
}

void add_json(schema_builder& b) {
    b.scalar<raw_json>(
        "JSON", "Any JSON value.", "https://www.rfc-editor.org/rfc/rfc8259",
        [](json_writer& w, const raw_json& value) { w.raw(value.text); },
        [](const boost::json::value& input) -> boost::system::result<raw_json, std::string> {
            return raw_json{boost::json::serialize(input)};
        });
}

} // namespace atrium::graphql

#include "json_object_reader.hpp"

#include <base/malformed.hpp>
#include <base/text.hpp>
#include <input/reader.hpp>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace atrium::input {
namespace {

std::string describe(const boost::system::error_code& failure, std::size_t position) {
    if (failure == boost::json::error::incomplete)
        return "the body cannot be read as JSON: it ends too early";
    const std::string_view reason = failure == boost::json::error::extra_data          ? "more text follows after its end"
                                    : failure == boost::json::error::too_deep          ? "it is nested too deeply"
                                    : failure == boost::json::error::exponent_overflow ? "a number's exponent is too large"
                                                                                       : "syntax error";
    return "the body cannot be read as JSON: " + std::string{reason} + ", at byte " + std::to_string(position);
}

} // namespace

result<std::vector<field>> read_json(std::string_view text) {
    if (!is_utf8(text))
        return malformed("the body is not valid UTF-8");
    // The default limit of nesting is 32 levels.
    boost::json::basic_parser<json_object_reader> parser{boost::json::parse_options{}};
    boost::system::error_code failure;
    const auto end = parser.write_some(false, text.data(), text.size(), failure);
    if (!failure && end < text.size())
        failure = boost::json::error::extra_data;
    if (failure)
        return malformed(describe(failure, end + 1));
    if (!parser.handler().is_object())
        return invalid_field("", "must be an object");
    if (parser.handler().count() > max_fields)
        return invalid_field("", "must not have more than " + std::to_string(max_fields) + " fields");
    return parser.handler().take();
}

value value_of(const boost::json::value& json) {
    switch (json.kind()) {
    case boost::json::kind::null: return null{};
    case boost::json::kind::bool_: return json.get_bool();
    case boost::json::kind::string: return std::string{json.get_string()};
    case boost::json::kind::object:
    case boost::json::kind::array: return nested{boost::json::serialize(json)};
    default: return number{boost::json::serialize(json)};
    }
}

std::vector<field> fields_of(const boost::json::object& object) {
    std::vector<field> fields;
    fields.reserve(object.size());
    for (const auto& [name, member] : object)
        fields.push_back({.name = std::string{name}, .value = value_of(member)});
    return fields;
}

} // namespace atrium::input

#include "types/scalars.hpp"

#include "language/abbreviated.hpp"
#include "types/values.hpp"

#include <graphql/printer.hpp>

#include <boost/json/serialize.hpp>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace atrium::graphql {
namespace {

namespace json = boost::json;
using outcome = boost::system::result<json::value, std::string>;

constexpr auto least = std::numeric_limits<std::int32_t>::min();
constexpr auto most = std::numeric_limits<std::int32_t>::max();

outcome taken(json::value v) {
    return {boost::system::in_place_value, std::move(v)};
}
outcome refused(const char* rule, const std::string& what) {
    return {boost::system::in_place_error, rule + abbreviated(what)};
}

/// Whether `v` is a whole number; 1.0 is one.
bool is_whole(const json::value& v) {
    return v.is_int64() || v.is_uint64() ||
           (v.is_double() && std::isfinite(v.get_double()) && std::trunc(v.get_double()) == v.get_double());
}

class int_input final : public scalar_input {
    static constexpr auto not_integer = "Int cannot represent non-integer value: ";
    static constexpr auto not_32_bit = "Int cannot represent non 32-bit signed integer value: ";

    outcome from_literal(const ast::value& literal) const override {
        if (literal.kind != ast::kind::int_value)
            return refused(not_integer, print(literal));
        std::int32_t number = 0;
        const auto text = literal.text;
        if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc{})
            return refused(not_32_bit, std::string{text});
        return taken(number);
    }

    outcome from_variable(const json::value& given) const override {
        if (!is_whole(given))
            return refused(not_integer, inspect(given));
        const auto number = given.to_number<double>();
        if (number < least || number > most)
            return refused(not_32_bit, inspect(given));
        return taken(static_cast<std::int64_t>(number));
    }
};

class float_input final : public scalar_input {
    static constexpr auto rule = "Float cannot represent non numeric value: ";

    outcome from_literal(const ast::value& literal) const override {
        if (literal.kind != ast::kind::float_value && literal.kind != ast::kind::int_value)
            return refused(rule, print(literal));
        auto number = untyped_value(literal);
        // graphql-js reads 1e999 as infinity; the specification (section 3.5.2) rejects a number that is not a finite double.
        return number.is_null() ? refused(rule, print(literal)) : taken(std::move(number));
    }

    outcome from_variable(const json::value& given) const override {
        const bool is_finite = given.is_number() && std::isfinite(given.to_number<double>()); // JSON's 1e999 is not finite
        return is_finite ? taken(given) : refused(rule, inspect(given));
    }
};

class string_input final : public scalar_input {
    static constexpr auto rule = "String cannot represent a non string value: ";

    outcome from_literal(const ast::value& literal) const override {
        return literal.kind == ast::kind::string_value ? taken(json::string{literal.text}) : refused(rule, print(literal));
    }

    outcome from_variable(const json::value& given) const override {
        return given.is_string() ? taken(given) : refused(rule, inspect(given));
    }
};

class boolean_input final : public scalar_input {
    static constexpr auto rule = "Boolean cannot represent a non boolean value: ";

    outcome from_literal(const ast::value& literal) const override {
        return literal.kind == ast::kind::boolean_value ? taken(literal.text == "true") : refused(rule, print(literal));
    }

    outcome from_variable(const json::value& given) const override {
        return given.is_bool() ? taken(given) : refused(rule, inspect(given));
    }
};

class id_input final : public scalar_input {
    static constexpr auto rule = "ID cannot represent value: ";

    outcome from_literal(const ast::value& literal) const override {
        if (literal.kind != ast::kind::string_value && literal.kind != ast::kind::int_value)
            return refused("ID cannot represent a non-string and non-integer value: ", print(literal));
        return taken(json::string{literal.text});
    }

    outcome from_variable(const json::value& given) const override {
        if (given.is_string())
            return taken(given);
        if (given.is_double())
            return is_whole(given) ? taken(json::string{number_text(given)}) : refused(rule, inspect(given));
        // With all digits, unlike JavaScript: rounding would turn an id into another one.
        return given.is_number() ? taken(json::string{json::serialize(given)}) : refused(rule, inspect(given));
    }
};

class any_input final : public scalar_input {
    outcome from_literal(const ast::value& literal) const override { return taken(untyped_value(literal)); }
    outcome from_variable(const json::value& given) const override { return taken(given); }
};

} // namespace

std::shared_ptr<const scalar_input> scalar_input_of(std::string_view name) {
    if (name == "Int")
        return std::make_shared<int_input>();
    if (name == "Float")
        return std::make_shared<float_input>();
    if (name == "String")
        return std::make_shared<string_input>();
    if (name == "Boolean")
        return std::make_shared<boolean_input>();
    if (name == "ID")
        return std::make_shared<id_input>();
    return std::make_shared<any_input>();
}

} // namespace atrium::graphql

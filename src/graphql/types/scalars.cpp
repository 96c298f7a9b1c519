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

constexpr auto min_int = std::numeric_limits<std::int32_t>::min();
constexpr auto max_int = std::numeric_limits<std::int32_t>::max();

outcome accept(json::value v) {
    return {boost::system::in_place_value, std::move(v)};
}
outcome refuse(const char* rule, const std::string& value) {
    return {boost::system::in_place_error, rule + abbreviated(value)};
}

/// Whether `v` is a whole number, such as 1.0.
bool is_whole(const json::value& v) {
    return v.is_int64() || v.is_uint64() ||
           (v.is_double() && std::isfinite(v.get_double()) && std::trunc(v.get_double()) == v.get_double());
}

class int_input final : public scalar_input {
    static constexpr auto not_integer = "Int cannot represent non-integer value: ";
    static constexpr auto not_32_bit = "Int cannot represent non 32-bit signed integer value: ";

    outcome from_literal(const ast::value& literal) const override {
        if (literal.kind != ast::kind::int_value)
            return refuse(not_integer, print(literal));
        std::int32_t number = 0;
        const auto text = literal.text;
        if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc{})
            return refuse(not_32_bit, std::string{text});
        return accept(number);
    }

    outcome from_variable(const json::value& value) const override {
        if (!is_whole(value))
            return refuse(not_integer, inspect(value));
        const auto number = value.to_number<double>();
        if (number < min_int || number > max_int)
            return refuse(not_32_bit, inspect(value));
        return accept(static_cast<std::int64_t>(number));
    }
};

class float_input final : public scalar_input {
    static constexpr auto rule = "Float cannot represent non numeric value: ";

    outcome from_literal(const ast::value& literal) const override {
        if (literal.kind != ast::kind::float_value && literal.kind != ast::kind::int_value)
            return refuse(rule, print(literal));
        auto number = untyped_value(literal);
        // graphql-js reads 1e999 as infinity; the specification (section 3.5.2) rejects a number that is not a finite double.
        return number.is_null() ? refuse(rule, print(literal)) : accept(std::move(number));
    }

    outcome from_variable(const json::value& value) const override {
        const bool is_finite = value.is_number() && std::isfinite(value.to_number<double>()); // JSON's 1e999 is not finite
        return is_finite ? accept(value) : refuse(rule, inspect(value));
    }
};

class string_input final : public scalar_input {
    static constexpr auto rule = "String cannot represent a non string value: ";

    outcome from_literal(const ast::value& literal) const override {
        return literal.kind == ast::kind::string_value ? accept(json::string{literal.text}) : refuse(rule, print(literal));
    }

    outcome from_variable(const json::value& value) const override {
        return value.is_string() ? accept(value) : refuse(rule, inspect(value));
    }
};

class boolean_input final : public scalar_input {
    static constexpr auto rule = "Boolean cannot represent a non boolean value: ";

    outcome from_literal(const ast::value& literal) const override {
        return literal.kind == ast::kind::boolean_value ? accept(literal.text == "true") : refuse(rule, print(literal));
    }

    outcome from_variable(const json::value& value) const override {
        return value.is_bool() ? accept(value) : refuse(rule, inspect(value));
    }
};

class id_input final : public scalar_input {
    static constexpr auto rule = "ID cannot represent value: ";

    outcome from_literal(const ast::value& literal) const override {
        if (literal.kind != ast::kind::string_value && literal.kind != ast::kind::int_value)
            return refuse("ID cannot represent a non-string and non-integer value: ", print(literal));
        return accept(json::string{literal.text});
    }

    outcome from_variable(const json::value& value) const override {
        if (value.is_string())
            return accept(value);
        if (value.is_double())
            return is_whole(value) ? accept(json::string{number_text(value)}) : refuse(rule, inspect(value));
        // A large integer keeps all its digits. graphql-js rounds it to a double, which would be another id.
        return value.is_number() ? accept(json::string{json::serialize(value)}) : refuse(rule, inspect(value));
    }
};

class any_input final : public scalar_input {
    outcome from_literal(const ast::value& literal) const override { return accept(untyped_value(literal)); }
    outcome from_variable(const json::value& value) const override { return accept(value); }
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

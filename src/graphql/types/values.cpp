#include "types/values.hpp"

#include "language/abbreviated.hpp"
#include "language/nodes.hpp"

#include <graphql/printer.hpp>

#include <boost/json/array.hpp>
#include <boost/json/string.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace atrium::graphql {
namespace {

namespace json = boost::json;

constexpr double max_exact_integer = 9007199254740992.0; // 2^53: doubles round larger integers, as in JavaScript

/// Converts a number to JSON: to an integer, if the number is a whole number that a double holds exactly; to null, if JSON
/// cannot express the number; otherwise to a floating-point number.
json::value number_value(double number) {
    if (!std::isfinite(number))
        return nullptr;
    if (std::trunc(number) == number && std::abs(number) <= max_exact_integer)
        return static_cast<std::int64_t>(number);
    return number;
}

double parse_number(std::string_view text) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    // from_chars does not distinguish a number that is too large for a double from one that is too small. strtod returns
    // infinity or zero.
    return error == std::errc{} ? number : std::strtod(std::string{text}.c_str(), nullptr);
}

const json::value* value_of(const ast::value& variable, const variable_values* variables) {
    return variables ? variables->if_contains(std::string_view{variable.text}) : nullptr;
}

bool is_missing(const ast::value& literal, const variable_values* variables) {
    return literal.kind == ast::kind::variable && !value_of(literal, variables);
}

// --- coercion by type -------------------------------------------------------------------------------------------------------

using coercion_result = std::optional<json::value>;

/// The value of the last field with that name, or null.
const ast::value* find_field(const ast::value& object, std::string_view name) {
    const auto has_name = [&](const ast::object_field* f) { return f->name.text == name; };
    const auto found = std::find_if(object.fields.rbegin(), object.fields.rend(), has_name);
    return found == object.fields.rend() ? nullptr : (*found)->value;
}

class literal_coercion {
public:
    literal_coercion(const variable_values* variables, const default_observer& observer)
        : variables_{variables}, observer_{observer} {}

    coercion_result coerce(const ast::value& literal, const type& t) const {
        if (literal.kind == ast::kind::variable)
            return coerce_variable(literal, t);
        if (t.kind == type_kind::non_null)
            return literal.kind == ast::kind::null_value ? coercion_result{} : coerce(literal, *t.of_type);
        if (literal.kind == ast::kind::null_value)
            return json::value(nullptr); // with braces, this would be a list that contains null
        switch (t.kind) {
        case type_kind::list: return coerce_list(literal, *t.of_type);
        case type_kind::input_object: return coerce_object(literal, t);
        case type_kind::scalar: return coerce_scalar(literal, t);
        case type_kind::enumeration:
            if (literal.kind != ast::kind::enum_value || !t.find_enum_value(literal.text))
                return {};
            return json::string{literal.text};
        default: return {}; // not an input type: the type rules report this error
        }
    }

private:
    coercion_result coerce_variable(const ast::value& variable, const type& t) const {
        const auto* value = value_of(variable, variables_);
        if (!value || (value->is_null() && t.kind == type_kind::non_null))
            return {};
        return *value;
    }

    coercion_result coerce_list(const ast::value& literal, const type& item_type) const {
        const auto* single = &literal;
        const auto is_list = literal.kind == ast::kind::list_value;
        const auto literals = is_list ? literal.items : std::span{&single, 1};
        json::array items;
        items.reserve(literals.size());
        for (const auto* item_literal : literals) {
            auto item = coerce(*item_literal, item_type);
            if (!item && is_missing(*item_literal, variables_) && item_type.kind != type_kind::non_null)
                item.emplace(nullptr);
            if (!item)
                return {};
            items.push_back(std::move(*item));
        }
        return items;
    }

    coercion_result coerce_object(const ast::value& literal, const type& t) const {
        if (literal.kind != ast::kind::object_value)
            return {};
        json::object object;
        for (const auto& field : t.input_fields) {
            const auto* field_literal = find_field(literal, field.name);
            if (!field_literal || is_missing(*field_literal, variables_)) {
                if (observer_)
                    observer_(t, field);
                if (field.default_value)
                    object.emplace(field.name, *field.default_value);
                else if (field.type->kind == type_kind::non_null)
                    return {};
                continue;
            }
            auto value = coerce(*field_literal, *field.type);
            if (!value)
                return {};
            object.emplace(field.name, std::move(*value));
        }
        if (t.is_one_of && (object.size() != 1 || object.begin()->value().is_null()))
            return {};
        return object;
    }

    coercion_result coerce_scalar(const ast::value& literal, const type& t) const {
        auto result = has_variables(literal) ? t.input->from_variable(untyped_value(literal, variables_))
                                             : t.input->from_literal(literal);
        if (!result)
            return {};
        return std::move(*result);
    }

    const variable_values* variables_;
    const default_observer& observer_;
};

} // namespace

// --- literals ---------------------------------------------------------------------------------------------------------------

json::value untyped_value(const ast::value& literal, const variable_values* variables) {
    switch (literal.kind) {
    case ast::kind::int_value:
    case ast::kind::float_value: return number_value(parse_number(literal.text));
    case ast::kind::string_value:
    case ast::kind::enum_value: return json::string{literal.text};
    case ast::kind::boolean_value: return literal.text == "true";
    case ast::kind::list_value: {
        json::array items;
        for (const auto* item : literal.items)
            items.push_back(untyped_value(*item, variables));
        return items;
    }
    case ast::kind::object_value: {
        json::object object;
        for (const auto* field : literal.fields) {
            if (!is_missing(*field->value, variables))
                object.insert_or_assign(field->name.text, untyped_value(*field->value, variables));
        }
        return object;
    }
    case ast::kind::variable: {
        const auto* value = value_of(literal, variables);
        return value ? *value : nullptr;
    }
    default: return nullptr;
    }
}

coercion_result coerce_literal(const ast::value& literal, const type& t, const variable_values* variables,
                               const default_observer& observer) {
    return literal_coercion{variables, observer}.coerce(literal, t);
}

boost::system::result<json::object, argument_error> coerce_arguments(std::span<const input_value> definitions,
                                                                     std::span<const ast::argument* const> arguments,
                                                                     std::uint32_t place, const variable_values* variables) {
    json::object values;
    for (const auto& definition : definitions) {
        const auto& t = *definition.type;
        const auto fault = [&](const char* requirement, std::string problem, std::uint32_t where) {
            return argument_error{
                "Argument \"" + definition.name + "\" of " + requirement + " type \"" + to_string(t) + "\" " + problem, where};
        };
        const auto has_name = [&](const ast::argument* a) { return a->name.text == definition.name; };
        const auto found = std::find_if(arguments.rbegin(), arguments.rend(), has_name);
        const auto* literal = found == arguments.rend() ? nullptr : (*found)->value;
        if (!literal || is_missing(*literal, variables)) {
            if (definition.default_value)
                values.emplace(definition.name, *definition.default_value);
            else if (t.kind == type_kind::non_null && !literal)
                return fault("required", "was not provided.", place);
            else if (t.kind == type_kind::non_null)
                return fault("required",
                             "was provided the variable \"$" + abbreviated(literal->text) +
                                 "\" which was not provided a runtime value.",
                             literal->begin);
            continue;
        }
        const auto* variable_value = literal->kind == ast::kind::variable ? value_of(*literal, variables) : nullptr;
        const auto is_null = variable_value ? variable_value->is_null() : literal->kind == ast::kind::null_value;
        if (is_null && t.kind == type_kind::non_null)
            return fault("non-null", "must not be null.", literal->begin);
        auto value = coerce_literal(*literal, t, variables);
        if (!value)
            return argument_error{
                "Argument \"" + definition.name + "\" has invalid value " + abbreviated(print(*literal)) + ".", literal->begin};
        values.emplace(definition.name, std::move(*value));
    }
    return values;
}

} // namespace atrium::graphql

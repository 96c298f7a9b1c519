#include "types/values.hpp"

#include <graphql/printer.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <deque>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::graphql {
namespace {

namespace json = boost::json;

constexpr double exact_integers = 9007199254740992.0; // 2^53: from here on JavaScript rounds, and so do we

/// An integer as JSON has it where it is one that a double holds exactly.
json::value number_value(double number) {
    if (std::trunc(number) == number && std::abs(number) <= exact_integers)
        return static_cast<std::int64_t>(number);
    return number;
}

double parse_number(std::string_view text) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    // Too large or too small for a double, which from_chars does not tell apart: infinity or zero.
    return error == std::errc{} ? number : std::strtod(std::string{text}.c_str(), nullptr);
}

const json::value* value_of(const ast::value& variable, const variable_values* variables) {
    return variables ? variables->if_contains(std::string_view{variable.text}) : nullptr;
}

bool is_missing(const ast::value& literal, const variable_values* variables) {
    return literal.kind == ast::kind::variable && !value_of(literal, variables);
}

bool has_variables(const ast::value& literal) {
    const auto in_item = [](const ast::value* item) { return has_variables(*item); };
    const auto in_field = [](const ast::object_field* field) { return has_variables(*field->value); };
    return literal.kind == ast::kind::variable || std::any_of(literal.items.begin(), literal.items.end(), in_item) ||
           std::any_of(literal.fields.begin(), literal.fields.end(), in_field);
}

// --- coercion by type -------------------------------------------------------------------------------------------------------

using coerced = std::optional<json::value>;

coerced coerce_variable(const ast::value& variable, const type& t, const variable_values* variables) {
    const auto* given = value_of(variable, variables);
    if (!given || (given->is_null() && t.kind == type_kind::non_null))
        return {};
    return *given;
}

coerced coerce_list(const ast::value& literal, const type& item_type, const variable_values* variables) {
    json::array items;
    if (literal.kind != ast::kind::list_value) {
        auto item = coerce_literal(literal, item_type, variables);
        if (!item)
            return {};
        items.push_back(std::move(*item));
        return items;
    }
    items.reserve(literal.items.size());
    for (const auto* literal_item : literal.items) {
        if (is_missing(*literal_item, variables)) {
            if (item_type.kind == type_kind::non_null)
                return {};
            items.push_back(nullptr);
            continue;
        }
        auto item = coerce_literal(*literal_item, item_type, variables);
        if (!item)
            return {};
        items.push_back(std::move(*item));
    }
    return items;
}

/// The value given last under a name, or null.
const ast::value* find_field(const ast::value& object, std::string_view name) {
    const auto is_it = [&](const ast::object_field* f) { return f->name.text == name; };
    const auto found = std::find_if(object.fields.rbegin(), object.fields.rend(), is_it);
    return found == object.fields.rend() ? nullptr : (*found)->value;
}

coerced coerce_object(const ast::value& literal, const type& t, const variable_values* variables) {
    if (literal.kind != ast::kind::object_value)
        return {};
    json::object object;
    for (const auto& field : t.input_fields) {
        const auto* given = find_field(literal, field.name);
        if (!given || is_missing(*given, variables)) {
            if (field.default_value)
                object.emplace(field.name, *field.default_value);
            else if (field.type->kind == type_kind::non_null)
                return {};
            continue;
        }
        auto value = coerce_literal(*given, *field.type, variables);
        if (!value)
            return {};
        object.emplace(field.name, std::move(*value));
    }
    if (t.is_one_of && (object.size() != 1 || object.begin()->value().is_null()))
        return {};
    return object;
}

coerced coerce_leaf(const ast::value& literal, const type& t, const variable_values* variables) {
    if (t.kind == type_kind::enumeration) {
        if (literal.kind != ast::kind::enum_value || !t.find_enum_value(literal.text))
            return {};
        return json::string{literal.text};
    }
    auto result =
        has_variables(literal) ? t.input->from_variable(untyped_value(literal, variables)) : t.input->from_literal(literal);
    if (!result)
        return {};
    return std::move(*result);
}

// --- values as nodes, for the printer ---------------------------------------------------------------------------------------

class literal_maker {
public:
    /// Null where no literal can say `v`.
    const ast::value* make(const json::value& v, const type& t) {
        if (t.kind == type_kind::non_null)
            return v.is_null() ? nullptr : make(v, *t.of_type);
        if (v.is_null())
            return node(ast::kind::null_value);
        if (t.kind == type_kind::list)
            return make_list(v, *t.of_type);
        if (t.kind == type_kind::input_object)
            return make_object(v, t);
        if (const auto* text = v.if_string(); text && t.kind == type_kind::enumeration)
            return node(ast::kind::enum_value, *text);
        if (const auto* text = v.if_string(); text && t.name == "ID" && is_integer(*text))
            return node(ast::kind::int_value, *text);
        return make_untyped(v);
    }

private:
    const ast::value* make_list(const json::value& v, const type& item_type) {
        const auto* array = v.if_array();
        if (!array)
            return make(v, item_type);
        std::vector<const ast::value*> items;
        for (const auto& item : *array) {
            if (const auto* literal = make(item, item_type))
                items.push_back(literal);
        }
        return list(std::move(items));
    }

    const ast::value* make_object(const json::value& v, const type& t) {
        const auto* object = v.if_object();
        if (!object)
            return nullptr;
        std::vector<const ast::object_field*> fields;
        for (const auto& field : t.input_fields) {
            const auto* given = object->if_contains(field.name);
            if (const auto* literal = given ? make(*given, *field.type) : nullptr)
                fields.push_back(field_node(field.name, literal));
        }
        return object_node(std::move(fields));
    }

    /// By the kind of JSON alone.
    const ast::value* make_untyped(const json::value& v) {
        if (v.is_null())
            return node(ast::kind::null_value);
        if (const auto* flag = v.if_bool())
            return node(ast::kind::boolean_value, *flag ? "true" : "false");
        if (const auto* text = v.if_string())
            return node(ast::kind::string_value, *text);
        if (v.is_number())
            return std::isfinite(v.to_number<double>()) ? node(ast::kind::float_value, number_text(v)) : nullptr;
        if (const auto* array = v.if_array()) {
            std::vector<const ast::value*> items;
            for (const auto& item : *array) {
                if (const auto* literal = make_untyped(item))
                    items.push_back(literal);
            }
            return list(std::move(items));
        }
        std::vector<const ast::object_field*> fields;
        for (const auto& [name, value] : v.get_object()) {
            if (const auto* literal = make_untyped(value))
                fields.push_back(field_node(name, literal));
        }
        return object_node(std::move(fields));
    }

    static bool is_integer(std::string_view text) {
        if (text.starts_with('-'))
            text.remove_prefix(1);
        const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
        return !text.empty() && std::all_of(text.begin(), text.end(), is_digit) && (text.size() == 1 || text[0] != '0');
    }

    const ast::value* node(ast::kind kind, std::string_view text = {}) {
        auto& made = values_.emplace_back();
        made.kind = kind;
        made.text = texts_.emplace_back(text);
        return &made;
    }

    const ast::value* list(std::vector<const ast::value*> items) {
        auto& made = values_.emplace_back();
        made.kind = ast::kind::list_value;
        made.items = item_lists_.emplace_back(std::move(items));
        return &made;
    }

    const ast::value* object_node(std::vector<const ast::object_field*> fields) {
        auto& made = values_.emplace_back();
        made.kind = ast::kind::object_value;
        made.fields = field_lists_.emplace_back(std::move(fields));
        return &made;
    }

    const ast::object_field* field_node(std::string_view name, const ast::value* value) {
        auto& made = fields_.emplace_back();
        made.kind = ast::kind::object_field;
        made.name.text = texts_.emplace_back(name);
        made.value = value;
        return &made;
    }

    // What the nodes point to; addresses stay.
    std::deque<ast::value> values_{};
    std::deque<ast::object_field> fields_{};
    std::deque<std::vector<const ast::value*>> item_lists_{};
    std::deque<std::vector<const ast::object_field*>> field_lists_{};
    std::deque<std::string> texts_{};
};

// --- values in messages -----------------------------------------------------------------------------------------------------

constexpr std::size_t deepest_shown = 2;
constexpr std::size_t most_items_shown = 10;

std::string inspect(const json::value& v, std::size_t depth);

std::string inspect(const json::array& items, std::size_t depth) {
    if (items.empty())
        return "[]";
    if (depth > deepest_shown)
        return "[Array]";
    std::string text;
    const auto shown = std::min(items.size(), most_items_shown);
    for (std::size_t i = 0; i < shown; ++i)
        text += (i ? ", " : "") + inspect(items[i], depth + 1);
    if (const auto more = items.size() - shown; more > 0)
        text += ", ... " + std::to_string(more) + (more == 1 ? " more item" : " more items");
    return "[" + text + "]";
}

std::string inspect(const json::object& object, std::size_t depth) {
    if (object.empty())
        return "{}";
    if (depth > deepest_shown)
        return "[Object]";
    std::string text;
    for (const auto& [name, value] : object) {
        text += text.empty() ? "{ " : ", ";
        text.append(name).append(": ").append(inspect(value, depth + 1));
    }
    return text + " }";
}

std::string inspect(const json::value& v, std::size_t depth) {
    if (const auto* items = v.if_array())
        return inspect(*items, depth);
    if (const auto* object = v.if_object())
        return inspect(*object, depth);
    return v.is_number() ? number_text(v) : json::serialize(v);
}

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
        const auto* given = value_of(literal, variables);
        return given ? *given : nullptr;
    }
    default: return nullptr;
    }
}

coerced coerce_literal(const ast::value& literal, const type& t, const variable_values* variables) {
    if (literal.kind == ast::kind::variable)
        return coerce_variable(literal, t, variables);
    if (t.kind == type_kind::non_null)
        return literal.kind == ast::kind::null_value ? coerced{} : coerce_literal(literal, *t.of_type, variables);
    if (literal.kind == ast::kind::null_value)
        return json::value(nullptr); // braces would make a list
    switch (t.kind) {
    case type_kind::list: return coerce_list(literal, *t.of_type, variables);
    case type_kind::input_object: return coerce_object(literal, t, variables);
    case type_kind::scalar:
    case type_kind::enumeration: return coerce_leaf(literal, t, variables);
    default: return {}; // no type of inputs: an error that the rules of type systems report
    }
}

boost::system::result<json::object, argument_error> coerce_arguments(std::span<const input_value> definitions,
                                                                     std::span<const ast::argument* const> given,
                                                                     std::uint32_t place, const variable_values* variables) {
    json::object values;
    for (const auto& definition : definitions) {
        const auto& t = *definition.type;
        const auto fault = [&](const char* needed, std::string what, std::uint32_t where) {
            return argument_error{
                "Argument \"" + definition.name + "\" of " + needed + " type \"" + to_string(t) + "\" " + what, where};
        };
        const auto is_it = [&](const ast::argument* a) { return a->name.text == definition.name; };
        const auto found = std::find_if(given.rbegin(), given.rend(), is_it);
        const auto* literal = found == given.rend() ? nullptr : (*found)->value;
        if (!literal || is_missing(*literal, variables)) {
            if (definition.default_value)
                values.emplace(definition.name, *definition.default_value);
            else if (t.kind == type_kind::non_null && !literal)
                return fault("required", "was not provided.", place);
            else if (t.kind == type_kind::non_null)
                return fault("required",
                             "was provided the variable \"$" + std::string{literal->text} +
                                 "\" which was not provided a runtime value.",
                             literal->begin);
            continue;
        }
        const auto* of_variable = literal->kind == ast::kind::variable ? value_of(*literal, variables) : nullptr;
        const auto is_null = of_variable ? of_variable->is_null() : literal->kind == ast::kind::null_value;
        if (is_null && t.kind == type_kind::non_null)
            return fault("non-null", "must not be null.", literal->begin);
        auto value = coerce_literal(*literal, t, variables);
        if (!value)
            return argument_error{"Argument \"" + definition.name + "\" has invalid value " + print(*literal) + ".",
                                  literal->begin};
        values.emplace(definition.name, std::move(*value));
    }
    return values;
}

// --- texts ------------------------------------------------------------------------------------------------------------------

std::optional<std::string> print_value(const json::value& v, const type& t) {
    literal_maker maker;
    const auto* literal = maker.make(v, t);
    return literal ? std::optional{print(*literal)} : std::nullopt;
}

std::string inspect(const json::value& v) {
    return inspect(v, 1);
}

std::string number_text(const json::value& number) {
    if (const auto* integer = number.if_int64(); integer && std::abs(static_cast<double>(*integer)) <= exact_integers)
        return std::to_string(*integer);
    return number_text(number.to_number<double>());
}

std::string number_text(double number) {
    if (std::isnan(number))
        return "NaN";
    if (std::isinf(number))
        return number < 0 ? "-Infinity" : "Infinity";
    if (number == 0)
        return "0";
    char buffer[32];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, std::abs(number), std::chars_format::scientific).ptr;
    const std::string_view text{buffer, static_cast<std::size_t>(end - buffer)}; // d.ddde[+-]dd
    const auto e = text.find('e');
    std::string digits{text[0]};
    if (e > 1)
        digits.append(text.substr(2, e - 2));
    int exponent = 0;
    std::from_chars(text.data() + e + (text[e + 1] == '+' ? 2 : 1), end, exponent);

    const auto count = static_cast<int>(digits.size());
    std::string out = number < 0 ? "-" : "";
    if (exponent >= 21 || exponent < -6) {
        out += digits[0];
        if (count > 1)
            out.append(".").append(digits, 1);
        return out + (exponent < 0 ? "e-" : "e+") + std::to_string(std::abs(exponent));
    }
    if (exponent < 0)
        return out + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
    const auto whole = static_cast<std::size_t>(exponent) + 1;
    if (count <= exponent + 1)
        return out + digits + std::string(whole - digits.size(), '0');
    return out + digits.substr(0, whole) + "." + digits.substr(whole);
}

} // namespace atrium::graphql

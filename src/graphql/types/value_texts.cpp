#include "language/abbreviated.hpp"
#include "types/values.hpp"

#include <graphql/printer.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

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

// --- values as nodes, for the printer ---------------------------------------------------------------------------------------

class literal_maker {
public:
    /// Null if no literal can express `v`.
    const ast::value* make(const json::value& v, const type& t) {
        if (t.kind == type_kind::non_null)
            return v.is_null() ? nullptr : make(v, *t.of_type);
        if (v.is_null())
            return make_node(ast::kind::null_value);
        if (t.kind == type_kind::list)
            return make_list(v, *t.of_type);
        if (t.kind == type_kind::input_object)
            return make_object(v, t);
        if (const auto* text = v.if_string(); text && t.kind == type_kind::enumeration)
            return make_node(ast::kind::enum_value, *text);
        if (const auto* text = v.if_string(); text && t.name == "ID" && is_integer(*text))
            return make_node(ast::kind::int_value, *text);
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
        return make_list_node(std::move(items));
    }

    const ast::value* make_object(const json::value& v, const type& t) {
        const auto* object = v.if_object();
        if (!object)
            return nullptr;
        std::vector<const ast::object_field*> fields;
        for (const auto& field : t.input_fields) {
            const auto* value = object->if_contains(field.name);
            if (const auto* literal = value ? make(*value, *field.type) : nullptr)
                fields.push_back(make_field_node(field.name, literal));
        }
        return make_object_node(std::move(fields));
    }

    /// Makes a literal whose kind depends only on the kind of the JSON value. Null if no literal can express `v`.
    const ast::value* make_untyped(const json::value& v) {
        if (v.is_null())
            return make_node(ast::kind::null_value);
        if (const auto* flag = v.if_bool())
            return make_node(ast::kind::boolean_value, *flag ? "true" : "false");
        if (const auto* text = v.if_string())
            return make_node(ast::kind::string_value, *text);
        if (v.is_number())
            return std::isfinite(v.to_number<double>()) ? make_node(ast::kind::float_value, number_text(v)) : nullptr;
        if (const auto* array = v.if_array()) {
            std::vector<const ast::value*> items;
            for (const auto& item : *array) {
                if (const auto* literal = make_untyped(item))
                    items.push_back(literal);
            }
            return make_list_node(std::move(items));
        }
        std::vector<const ast::object_field*> fields;
        for (const auto& [name, value] : v.get_object()) {
            if (const auto* literal = make_untyped(value))
                fields.push_back(make_field_node(name, literal));
        }
        return make_object_node(std::move(fields));
    }

    static bool is_integer(std::string_view text) {
        if (text.starts_with('-'))
            text.remove_prefix(1);
        const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
        return !text.empty() && std::all_of(text.begin(), text.end(), is_digit) && (text.size() == 1 || text[0] != '0');
    }

    const ast::value* make_node(ast::kind kind, std::string_view text = {}) {
        auto& node = values_.emplace_back();
        node.kind = kind;
        node.text = texts_.emplace_back(text);
        return &node;
    }

    const ast::value* make_list_node(std::vector<const ast::value*> items) {
        auto& node = values_.emplace_back();
        node.kind = ast::kind::list_value;
        node.items = item_lists_.emplace_back(std::move(items));
        return &node;
    }

    const ast::value* make_object_node(std::vector<const ast::object_field*> fields) {
        auto& node = values_.emplace_back();
        node.kind = ast::kind::object_value;
        node.fields = field_lists_.emplace_back(std::move(fields));
        return &node;
    }

    const ast::object_field* make_field_node(std::string_view name, const ast::value* value) {
        auto& node = fields_.emplace_back();
        node.kind = ast::kind::object_field;
        node.name.text = texts_.emplace_back(name);
        node.value = value;
        return &node;
    }

    // The nodes point to each other and to these lists and texts, so deques are used, whose elements keep their addresses.
    std::deque<ast::value> values_{};
    std::deque<ast::object_field> fields_{};
    std::deque<std::vector<const ast::value*>> item_lists_{};
    std::deque<std::vector<const ast::object_field*>> field_lists_{};
    std::deque<std::string> texts_{};
};

// --- values in messages -----------------------------------------------------------------------------------------------------

constexpr std::size_t max_depth_shown = 2;
constexpr std::size_t max_items_shown = 10;

std::string inspect(const json::value& v, std::size_t depth);

std::string inspect(const json::array& items, std::size_t depth) {
    if (items.empty())
        return "[]";
    if (depth > max_depth_shown)
        return "[Array]";
    std::string text;
    const auto shown = std::min(items.size(), max_items_shown);
    for (std::size_t i = 0; i < shown; ++i)
        text += (i ? ", " : "") + inspect(items[i], depth + 1);
    if (const auto more = items.size() - shown; more > 0)
        text += ", ... " + std::to_string(more) + (more == 1 ? " more item" : " more items");
    return "[" + text + "]";
}

std::string inspect(const json::object& object, std::size_t depth) {
    if (object.empty())
        return "{}";
    if (depth > max_depth_shown)
        return "[Object]";
    std::string text;
    for (const auto& [name, value] : object) {
        text += text.empty() ? "{ " : ", ";
        text.append(abbreviated(name)).append(": ").append(inspect(value, depth + 1));
        if (text.size() > max_bytes_in_message)
            break; // the caller abbreviates the text, so further names would not be shown
    }
    return text + " }";
}

std::string inspect(const json::value& v, std::size_t depth) {
    if (const auto* items = v.if_array())
        return inspect(*items, depth);
    if (const auto* object = v.if_object())
        return inspect(*object, depth);
    if (const auto* text = v.if_string())
        return json::serialize(abbreviated(*text));
    return v.is_number() ? number_text(v) : json::serialize(v);
}

} // namespace

std::optional<std::string> print_value(const json::value& v, const type& t) {
    literal_maker maker;
    const auto* literal = maker.make(v, t);
    return literal ? std::optional{print(*literal)} : std::nullopt;
}

std::string inspect(const json::value& v) {
    return v.is_structured() ? abbreviated(inspect(v, 1)) : inspect(v, 1);
}

std::string number_text(const json::value& number) {
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

#include "language/strings.hpp"
#include "types/standard_names.hpp"
#include "types/values.hpp"

#include <graphql/sdl.hpp>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::graphql {
namespace {

constexpr std::string_view default_deprecation_reason = "No longer supported";

/// `"""text"""` and a new line, to be placed in front of the described element.
/// `is_first` is true if the element is the first in its block; a blank line precedes each of the others.
std::string description(const std::optional<std::string>& text, std::string_view indentation = {}, bool is_first = true) {
    if (!text)
        return {};
    const auto literal = is_printable_as_block_string(*text) ? print_block_string(*text) : print_string(*text);
    std::string lines{is_first || indentation.empty() ? "" : "\n"};
    lines += indentation;
    for (const auto c : literal) {
        lines += c;
        if (c == '\n')
            lines += indentation;
    }
    return lines + "\n";
}

std::string deprecation(const std::optional<std::string>& reason) {
    if (!reason)
        return {};
    return *reason == default_deprecation_reason ? " @deprecated" : " @deprecated(reason: " + print_string(*reason) + ")";
}

std::string definition(const input_value& v) {
    auto text = v.name + ": " + to_string(*v.type);
    if (const auto literal = v.default_value ? print_value(*v.default_value, *v.type) : std::nullopt)
        text += " = " + *literal;
    return text + deprecation(v.deprecation_reason);
}

/// The arguments on one line, or each on a line of its own if any of them has a description.
std::string arguments(const std::vector<input_value>& list, const std::string& indentation) {
    if (list.empty())
        return {};
    std::string text;
    const auto is_described = [](const input_value& a) { return a.description && !a.description->empty(); };
    if (std::none_of(list.begin(), list.end(), is_described)) {
        for (const auto& a : list)
            text += (text.empty() ? "" : ", ") + definition(a);
        return "(" + text + ")";
    }
    const auto inner = indentation + "  ";
    for (const auto& a : list)
        text += description(a.description, inner, text.empty()) + inner + definition(a) + "\n";
    return "(\n" + text + indentation + ")";
}

/// ` {`, the lines of `items`, and `}`; nothing if there are no items.
template <class Item, class Print>
std::string block(const std::vector<Item>& items, Print print_item) {
    std::string text;
    for (const auto& item : items)
        text += description(item.description, "  ", text.empty()) + "  " + print_item(item) + "\n";
    return text.empty() ? "" : " {\n" + text + "}";
}

std::string definition(const field& f) {
    return f.name + arguments(f.arguments, "  ") + ": " + to_string(*f.type) + deprecation(f.deprecation_reason);
}

std::string definition(const enum_value& v) {
    return v.name + deprecation(v.deprecation_reason);
}

std::string join_names(std::string_view prefix, const std::vector<const type*>& types, std::string_view separator) {
    std::string text;
    for (const auto* t : types)
        text.append(text.empty() ? prefix : separator).append(t->name);
    return text;
}

std::string definition(const type& t) {
    const auto print_item = [](const auto& item) { return definition(item); };
    switch (t.kind) {
    case type_kind::object:
    case type_kind::interface:
        return (t.kind == type_kind::object ? "type " : "interface ") + t.name +
               join_names(" implements ", t.interfaces, " & ") + block(t.fields, print_item);
    case type_kind::union_type: return "union " + t.name + join_names(" = ", t.possible_types, " | ");
    case type_kind::enumeration: return "enum " + t.name + block(t.enum_values, print_item);
    case type_kind::input_object: return "input " + t.name + (t.is_one_of ? " @oneOf" : "") + block(t.input_fields, print_item);
    default: break;
    }
    const auto url = t.specified_by_url ? " @specifiedBy(url: " + print_string(*t.specified_by_url) + ")" : "";
    return "scalar " + t.name + url;
}

std::string definition(const directive& d) {
    auto text = "directive @" + d.name + arguments(d.arguments, "") + (d.is_repeatable ? " repeatable" : "");
    for (const auto& location : d.locations)
        text += (&location == &d.locations.front() ? " on " : " | ") + location;
    return text;
}

/// Returns an empty text if the root types have their usual names and the schema has no description.
std::string schema_definition(const schema& s) {
    struct root {
        ast::operation_type operation;
        std::string_view keyword;
        std::string_view usual_name;
    };
    constexpr std::array roots{root{ast::operation_type::query, "query", "Query"},
                               root{ast::operation_type::mutation, "mutation", "Mutation"},
                               root{ast::operation_type::subscription, "subscription", "Subscription"}};
    bool is_usual = !s.description();
    std::string lines;
    for (const auto& [operation, keyword, usual_name] : roots) {
        if (const auto* t = s.root(operation)) {
            is_usual = is_usual && t->name == usual_name;
            lines.append("  ").append(keyword).append(": ").append(t->name).append("\n");
        }
    }
    return is_usual ? "" : description(s.description()) + "schema {\n" + lines + "}";
}

} // namespace

std::string print_schema(const schema& s) {
    std::vector<std::string> parts{schema_definition(s)};
    for (const auto* d : s.directives()) {
        if (!is_standard_directive_name(d->name))
            parts.push_back(description(d->description) + definition(*d));
    }
    for (const auto* t : s.types()) {
        if (!is_standard_type_name(t->name))
            parts.push_back(description(t->description) + definition(*t));
    }
    std::string text;
    for (const auto& part : parts)
        text.append(text.empty() || part.empty() ? "" : "\n\n").append(part);
    return text;
}

} // namespace atrium::graphql

#include "value.hpp"

#include <base/json_writer.hpp>
#include <base/printable.hpp>
#include <base/text.hpp>

#include <sstream>

namespace atrium::config {
namespace {

/// Converts text from outside to a form that fits into one line of a message.
std::string shown_as_written(std::string_view raw) {
    if (raw.empty())
        return "empty";
    if (!is_utf8(raw))
        return "not UTF-8";
    return is_printable(raw) ? std::string{raw} : in_quotes(raw);
}

value array_value(const toml::array& items) {
    value array;
    value::texts texts;
    value::tables tables;
    array.display_text = "[";
    for (const auto& item : items) {
        const auto read = value_of(item);
        array.display_text.append(array.display_text.size() > 1 ? ", " : "").append(read.display_text);
        if (const auto* text = std::get_if<std::string>(&read.content))
            texts.push_back(*text);
        if (const auto* table = item.as_table())
            tables.push_back(*table);
    }
    array.display_text += "]";
    if (!tables.empty() && tables.size() == items.size())
        array.content = std::move(tables);
    else if (texts.size() == items.size())
        array.content = std::move(texts);
    return array;
}

} // namespace

std::string in_quotes(std::string_view text) {
    std::string out;
    json_writer{out}.value(text); // JSON strings are valid basic strings of TOML
    return printable(out);
}

value value_of(const toml::node& node) {
    if (const auto* text = node.as_string())
        return {text->get(), in_quotes(text->get())};
    if (const auto* number = node.as_integer())
        return {number->get(), std::to_string(number->get())};
    if (const auto* truth = node.as_boolean())
        return {truth->get(), truth->get() ? "true" : "false"};
    if (const auto* items = node.as_array())
        return array_value(*items);
    if (node.is_table())
        return {{}, "a table"};

    std::ostringstream display_text;
    node.visit([&](const auto& content) { display_text << content; });
    return {{}, display_text.str()};
}

value text_value(std::string_view raw) {
    if (!is_utf8(raw))
        return {{}, "not UTF-8"};
    return {std::string{raw}, in_quotes(raw)};
}

value toml_value(std::string_view raw) {
    constexpr std::string_view name = "value";
    try {
        const toml::table read = toml::parse(std::string{name} + " = " + std::string{raw});
        const auto* node = read.get(name);
        if (node != nullptr && read.size() == 1) // otherwise the text would set further keys: "8000\nother = 1"
            return value_of(*node);
    } catch (const toml::parse_error&) { // ignored: messages show the text as it was written
    }
    return {{}, shown_as_written(raw)};
}

} // namespace atrium::config

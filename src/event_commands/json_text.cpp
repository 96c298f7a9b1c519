#include "json_text.hpp"

#include <base/json_writer.hpp>
#include <input/reader.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <variant>

namespace atrium::event_commands {
namespace {

namespace json = boost::json;

void write(json_writer& out, const json::value& value) {
    switch (value.kind()) {
    case json::kind::null: out.null(); break;
    case json::kind::bool_: out.value(value.get_bool()); break;
    case json::kind::int64: out.value(value.get_int64()); break;
    case json::kind::uint64: out.raw(std::to_string(value.get_uint64())); break;
    case json::kind::double_: out.value(value.get_double()); break;
    case json::kind::string: out.value(std::string_view{value.get_string()}); break;
    case json::kind::array:
        out.begin_array();
        for (const auto& each : value.get_array())
            write(out, each);
        out.end_array();
        break;
    case json::kind::object:
        out.begin_object();
        for (const auto& [name, member] : value.get_object())
            write(out.escaped_key(std::string_view{name}), member);
        out.end_object();
        break;
    }
}

const json::value* find_member(const json::value& object, std::string_view member) {
    return object.is_object() ? object.get_object().if_contains(member) : nullptr;
}

bool is_digits(std::string_view text) {
    return !text.empty() && text.size() < 19 && text.find_first_not_of("0123456789") == std::string_view::npos &&
           (text == "0" || text.front() != '0');
}

} // namespace

std::string text_of(const json::value& value) {
    if (value.is_null())
        return "-";
    if (value.is_string())
        return std::string{value.get_string()};
    std::string text;
    json_writer out{text};
    write(out, value);
    return text;
}

std::string text_of(const json::value& object, std::string_view member) {
    const auto* found = find_member(object, member);
    return found ? text_of(*found) : std::string{};
}

bool is_true(const json::value& object, std::string_view member) {
    const auto* found = find_member(object, member);
    return found && found->is_bool() && found->get_bool();
}

std::vector<json::value> items_of(const json::value& object, std::string_view member) {
    const auto* found = find_member(object, member);
    if (!found || !found->is_array())
        return {};
    return {found->get_array().begin(), found->get_array().end()};
}

std::string short_time(const std::string& rfc3339) {
    constexpr std::size_t size_to_seconds = 19;
    if (rfc3339.size() < size_to_seconds || rfc3339[10] != 'T')
        return rfc3339;
    auto text = rfc3339.substr(0, size_to_seconds);
    text[10] = ' ';
    return text;
}

std::string short_duration(std::int64_t milliseconds) {
    struct unit {
        std::int64_t size;
        std::string_view name;
    };
    constexpr std::array units{unit{86'400'000, " d"}, unit{3'600'000, " h"}, unit{60'000, " min"}, unit{1'000, " s"}};
    for (const auto& [size, name] : units)
        if (milliseconds >= 2 * size)
            return std::to_string(milliseconds / size) + std::string{name};
    return std::to_string(milliseconds) + " ms";
}

std::optional<std::string> raw_member(std::string_view object, std::string_view member) {
    const auto fields = input::read_json(object);
    if (!fields)
        return std::nullopt;
    const auto found = std::ranges::find(*fields, member, &input::field::name);
    const auto* nested = found == fields->end() ? nullptr : std::get_if<input::nested>(&found->value);
    return nested ? std::optional{nested->json} : std::nullopt;
}

bool is_json_object(std::string_view text) {
    boost::system::error_code failure;
    const auto parsed = json::parse(json::string_view{text.data(), text.size()}, failure);
    return !failure && parsed.is_object();
}

std::string indented(std::string_view text) {
    std::string out;
    std::size_t depth = 0;
    bool in_string = false;
    bool is_escaped = false;
    const auto break_line = [&] { out.append("\n").append(2 * depth, ' '); };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            out += c;
            in_string = is_escaped || c != '"';
            is_escaped = !is_escaped && c == '\\';
            continue;
        }
        const bool is_empty = (c == '{' || c == '[') && i + 1 < text.size() && (text[i + 1] == '}' || text[i + 1] == ']');
        if (is_empty) {
            out += c;
            out += text[++i];
        } else if (c == '{' || c == '[') {
            out += c;
            ++depth;
            break_line();
        } else if (c == '}' || c == ']') {
            --depth;
            break_line();
            out += c;
        } else if (c == ',') {
            out += c;
            break_line();
        } else if (c == ':') {
            out += ": ";
        } else {
            out += c;
            in_string = c == '"';
        }
    }
    return out + "\n";
}

std::string to_body(const std::map<std::string, std::string>& fields, const std::vector<std::string>& ids,
                    const std::vector<std::string>& flags) {
    constexpr std::array<std::string_view, 2> numbers{"group", "priority"};
    std::string text;
    json_writer out{text};
    out.begin_object();
    for (const auto& [name, value] : fields) {
        out.key(name);
        if (name == "data" || (std::ranges::find(numbers, name) != numbers.end() && is_digits(value)))
            out.raw(value);
        else
            out.value(value);
    }
    if (!ids.empty()) {
        out.key("ids").begin_array();
        for (const auto& each : ids)
            out.value(each);
        out.end_array();
    }
    for (const auto& each : flags)
        out.key(each).value(true);
    out.end_object();
    return text;
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    constexpr std::string_view unreserved = "-._~";
    std::string out;
    for (const char c : text) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                              unreserved.find(c) != std::string_view::npos;
        if (is_plain) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += hex[byte >> 4U];
        out += hex[byte & 0xFU];
    }
    return out;
}

std::string to_query(const std::map<std::string, std::string>& fields) {
    std::string query;
    for (const auto& [name, value] : fields)
        query.append(query.empty() ? "?" : "&").append(name).append("=").append(percent_encoded(value));
    return query;
}

} // namespace atrium::event_commands

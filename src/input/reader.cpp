#include "whole_number.hpp"

#include <base/ids.hpp>
#include <base/text.hpp>
#include <input/camel_case.hpp>
#include <input/reader.hpp>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <utility>

namespace atrium::input {
namespace {

constexpr std::string_view repeated_error = "appears more than once";
constexpr std::string_view null_error = "must not be null";

/// The JSON pointer to a field of a body (RFC 6901).
std::string pointer_to(std::string_view name) {
    std::string pointer = "/";
    for (const char c : name) {
        if (c == '~')
            pointer += "~0";
        else if (c == '/')
            pointer += "~1";
        else
            pointer += c;
    }
    return pointer;
}

/// Summarizes all errors in one sentence. If there is only one error, returns its text.
std::string summary_of(const std::vector<fault>& errors, std::string_view plural) {
    if (errors.size() == 1)
        return errors.front().pointer + " " + errors.front().detail;
    return std::to_string(errors.size()) + " " + std::string{plural} + " are invalid";
}

std::optional<std::vector<std::int64_t>> read_ids(std::string_view text) {
    std::vector<std::int64_t> ids;
    for (bool has_more = true; has_more;) {
        const auto comma = text.find(',');
        const auto id = parse_id(text.substr(0, comma));
        if (!id)
            return std::nullopt;
        ids.push_back(*id);
        has_more = comma != std::string_view::npos;
        text.remove_prefix(has_more ? comma + 1 : 0);
    }
    return ids;
}

/// The items of a text with commas between them.
std::vector<std::string> split_at_commas(std::string_view text) {
    std::vector<std::string> items;
    for (bool has_more = true; has_more;) {
        const auto comma = text.find(',');
        items.emplace_back(text.substr(0, comma));
        has_more = comma != std::string_view::npos;
        text.remove_prefix(has_more ? comma + 1 : 0);
    }
    return items;
}

/// Parses a JSON array of strings. Empty if the text is not such an array.
std::optional<std::vector<std::string>> read_texts(std::string_view json) {
    boost::system::error_code failure;
    const auto parsed = boost::json::parse(json, failure);
    if (failure || !parsed.is_array())
        return std::nullopt;
    std::vector<std::string> texts;
    for (const auto& each : parsed.get_array()) {
        if (!each.is_string())
            return std::nullopt;
        texts.emplace_back(each.get_string());
    }
    return texts;
}

/// Converts the text of a JSON object to the form of `nested::json`. Empty if the text is not a JSON object.
std::optional<std::string> read_object(std::string_view text) {
    std::string wrapped{R"({"value":)"};
    const auto fields = read_json(wrapped.append(text).append("}"));
    if (!fields || fields->size() != 1)
        return std::nullopt;
    const auto* object = std::get_if<nested>(&fields->front().value);
    return object && object->json.starts_with('{') ? std::optional{object->json} : std::nullopt;
}

} // namespace

/// Keeps the first field of each name and reports names that occur again. Sorts the names to find repetitions: to compare each
/// name with all others would take too long if a client sends many fields.
reader::reader(input::source source, std::vector<field> fields) : source_{source} {
    std::vector<std::pair<std::string_view, std::size_t>> by_name;
    by_name.reserve(fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i)
        by_name.emplace_back(fields[i].name, i);
    std::ranges::sort(by_name);

    std::vector<bool> is_repeated;
    for (std::size_t i = 1, first = 0; i < by_name.size(); ++i) {
        if (by_name[i].first != by_name[first].first) {
            first = i;
            continue;
        }
        fields[by_name[first].second].error = repeated_error;
        is_repeated.resize(fields.size());
        is_repeated[by_name[i].second] = true;
    }
    entries_.reserve(fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i)
        if (is_repeated.empty() || !is_repeated[i])
            entries_.push_back({std::move(fields[i].name), std::move(fields[i].value), false, std::move(fields[i].error)});
}

reader::entry* reader::read_entry(std::string_view name) {
    const auto found = std::ranges::find(entries_, name, &entry::name);
    if (found == entries_.end())
        return nullptr;
    found->is_read = true;
    return &*found;
}

reader::entry* reader::read_entry_unless_blank(std::string_view name) {
    auto* found = read_entry(name);
    const auto* text = found && source_ == input::source::form ? std::get_if<std::string>(&found->value) : nullptr;
    return text && text->empty() ? nullptr : found;
}

bool reader::has(std::string_view name) const {
    return std::ranges::find(entries_, name, &entry::name) != entries_.end();
}

bool reader::is_null(std::string_view name) {
    const auto* found = read_entry(name);
    return found && std::holds_alternative<null>(found->value);
}

bool reader::is_blank(std::string_view name) {
    return read_entry(name) && !read_entry_unless_blank(name);
}

std::optional<std::string> reader::text(std::string_view name) {
    const auto* found = read_entry(name);
    if (!found || !found->error.empty())
        return std::nullopt;
    const auto* text = std::get_if<std::string>(&found->value);
    if (std::holds_alternative<null>(found->value))
        add_error(name, std::string{null_error});
    else if (!text)
        add_error(name, "must be a string");
    else if (text->find('\0') != std::string::npos)
        add_error(name, "must not contain the character U+0000");
    else
        return *text;
    return std::nullopt;
}

std::string reader::required_text(std::string_view name) {
    if (!has(name))
        add_missing(name);
    return text(name).value_or(std::string{});
}

std::optional<std::int64_t> reader::integer(std::string_view name, std::int64_t min, std::int64_t max) {
    const auto* found = read_entry_unless_blank(name);
    if (!found || !found->error.empty())
        return std::nullopt;

    whole_number read;
    if (const auto* json_number = std::get_if<number>(&found->value))
        read = read_json_number(json_number->text);
    else if (const auto* text = std::get_if<std::string>(&found->value); text && source_ != input::source::json)
        read = read_decimal(*text); // ids are strings in GraphQL; the engine has already rejected a string for an Int

    if (std::holds_alternative<null>(found->value))
        add_error(name, std::string{null_error});
    else if (!read.is_integer)
        add_error(name, "must be an integer");
    else if (!read.is_within(min, max))
        add_error(name, range_text(min, max));
    else
        return read.value;
    return std::nullopt;
}

std::optional<bool> reader::boolean(std::string_view name) {
    const auto* found = read_entry_unless_blank(name);
    if (!found || !found->error.empty())
        return std::nullopt;
    if (const auto* truth = std::get_if<bool>(&found->value))
        return *truth;
    if (const auto* text = std::get_if<std::string>(&found->value);
        text && is_text_only() && (*text == "true" || *text == "false"))
        return *text == "true";
    add_error(name, std::string{std::holds_alternative<null>(found->value) ? null_error : "must be true or false"});
    return std::nullopt;
}

std::optional<timestamp> reader::time(std::string_view name) {
    if (!read_entry_unless_blank(name))
        return std::nullopt;
    const auto value_text = text(name);
    const auto read = value_text ? parse_rfc3339(*value_text) : std::nullopt;
    if (value_text && !read)
        add_error(name, "must be a date and time such as 2026-11-22T12:00:00Z");
    return read;
}

std::optional<std::size_t> reader::choice(std::string_view name, std::span<const std::string_view> words,
                                          std::string_view rule) {
    if (!read_entry_unless_blank(name))
        return std::nullopt;
    auto value_text = text(name);
    if (!value_text)
        return std::nullopt;
    if (source_ == input::source::graphql)
        value_text = ascii_lower(*value_text);
    const auto found = std::ranges::find(words, *value_text);
    if (found != words.end())
        return static_cast<std::size_t>(found - words.begin());
    add_error(name, std::string{rule});
    return std::nullopt;
}

std::optional<std::vector<std::int64_t>> reader::ids(std::string_view name, std::size_t max) {
    const auto value_text = text(name);
    if (!value_text)
        return std::nullopt;
    auto ids = read_ids(*value_text);
    if (!ids)
        add_error(name, "must be ids separated by commas");
    else if (ids->size() > max)
        add_error(name, "must not have more than " + std::to_string(max) + " ids");
    else
        return ids;
    return std::nullopt;
}

std::optional<std::string> reader::text_or_number(std::string_view name) {
    const auto* found = read_entry_unless_blank(name);
    const auto* json_number = found && found->error.empty() ? std::get_if<number>(&found->value) : nullptr;
    if (json_number)
        return json_number->text;
    return found ? text(name) : std::nullopt;
}

std::optional<std::vector<std::string>> reader::texts(std::string_view name, std::size_t max, std::size_t max_bytes) {
    const auto* found = read_entry_unless_blank(name);
    if (!found || !found->error.empty())
        return std::nullopt;
    std::optional<std::vector<std::string>> items;
    if (const auto* list = std::get_if<nested>(&found->value))
        items = read_texts(list->json);
    else if (const auto* text = std::get_if<std::string>(&found->value); text && is_text_only())
        items = split_at_commas(*text);
    const auto is_unusable = [&](const std::string& text) {
        return text.size() > max_bytes || text.find('\0') != std::string::npos;
    };
    if (!items)
        add_error(name, is_text_only() ? "must be texts separated by commas" : "must be an array of strings");
    else if (items->size() > max)
        add_error(name, "must not have more than " + std::to_string(max) + " items");
    else if (std::ranges::any_of(*items, is_unusable))
        add_error(name, "must have only items of at most " + std::to_string(max_bytes) + " bytes without the character U+0000");
    else
        return items;
    return std::nullopt;
}

std::optional<std::string> reader::object(std::string_view name) {
    const auto* found = read_entry_unless_blank(name);
    if (!found || !found->error.empty())
        return std::nullopt;
    if (const auto* object = std::get_if<nested>(&found->value); object && object->json.starts_with('{'))
        return object->json;
    if (const auto* text = std::get_if<std::string>(&found->value); text && is_text_only())
        if (auto compact = read_object(*text))
            return compact;
    add_error(name, "must be a JSON object");
    return std::nullopt;
}

void reader::add_error(std::string_view name, std::string detail) {
    if (const auto found = std::ranges::find(entries_, name, &entry::name); found != entries_.end()) {
        if (found->error.empty())
            found->error = std::move(detail);
    } else if (std::ranges::find(absent_, name, &fault::pointer) == absent_.end()) {
        absent_.push_back({std::string{name}, std::move(detail)});
    }
}

std::vector<fault> reader::find_faults() const {
    std::vector<fault> faults;
    for (const auto& each : entries_)
        if (!each.is_read && !std::holds_alternative<unusable>(each.value))
            faults.push_back(
                {each.name, source_ == input::source::query ? "is not a known parameter" : "is not a known field"});
        else if (!each.error.empty())
            faults.push_back({each.name, each.error});
    faults.insert(faults.end(), absent_.begin(), absent_.end());
    if (source_ == input::source::graphql)
        for (auto& each : faults)
            each.pointer = camel_case(each.pointer);
    return faults;
}

result<> reader::finish() {
    const bool is_query = source_ == input::source::query;
    auto faults = find_faults();
    if (faults.empty())
        return {};
    error failure{.code = is_query ? errc::malformed : errc::invalid,
                  .detail = summary_of(faults, is_query ? "parameters" : "fields")};
    if (!is_query)
        for (auto& each : faults)
            each.pointer = pointer_to(each.pointer);
    failure.faults = std::move(faults);
    return failure;
}

} // namespace atrium::input

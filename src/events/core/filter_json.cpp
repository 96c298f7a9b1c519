#include "core/filter_json.hpp"

#include <base/json_writer.hpp>

#include <boost/json.hpp>

namespace atrium::events {
namespace {

namespace json = boost::json;

void add(json_writer& out, std::string_view name, const std::optional<std::string>& text) {
    if (text)
        out.key(name).value(*text);
}

void add(json_writer& out, std::string_view name, const std::optional<timestamp>& time) {
    if (time)
        out.key(name).value(*time);
}

template <class Tag>
void add(json_writer& out, std::string_view name, const std::optional<id<Tag>>& number) {
    if (number)
        out.key(name).value(number->value);
}

void read(const json::object& source, std::string_view name, std::optional<std::string>& text) {
    if (const auto* found = source.if_contains(name))
        text = std::string{found->as_string()};
}

void read(const json::object& source, std::string_view name, std::optional<timestamp>& time) {
    if (const auto* found = source.if_contains(name))
        time = parse_rfc3339(found->as_string());
}

template <class Tag>
void read(const json::object& source, std::string_view name, std::optional<id<Tag>>& number) {
    if (const auto* found = source.if_contains(name))
        number = id<Tag>{found->as_int64()};
}

} // namespace

std::string to_json(const dead_letter_filter& filter) {
    std::string text;
    json_writer out{text};
    out.begin_object();
    if (!filter.ids.empty()) {
        out.key("ids").begin_array();
        for (const auto& each : filter.ids)
            out.value(each);
        out.end_array();
    }
    add(out, "subscription", filter.subscription);
    add(out, "topic", filter.topic);
    add(out, "key", filter.key);
    add(out, "error", filter.error);
    add(out, "since", filter.since);
    add(out, "until", filter.until);
    add(out, "group", filter.group);
    out.end_object();
    return text;
}

std::string to_json(const event_range& range) {
    std::string text;
    json_writer out{text};
    out.begin_object().key("subscription").value(range.subscription);
    add(out, "from", range.first);
    add(out, "to", range.last);
    add(out, "since", range.since);
    add(out, "until", range.until);
    add(out, "topic", range.topic);
    out.end_object();
    return text;
}

dead_letter_filter dead_letter_filter_of(std::string_view text) {
    const auto parsed = json::parse(text);
    const auto& object = parsed.as_object();
    dead_letter_filter filter;
    if (const auto* ids = object.if_contains("ids"))
        for (const auto& each : ids->as_array())
            filter.ids.emplace_back(each.as_string());
    read(object, "subscription", filter.subscription);
    read(object, "topic", filter.topic);
    read(object, "key", filter.key);
    read(object, "error", filter.error);
    read(object, "since", filter.since);
    read(object, "until", filter.until);
    read(object, "group", filter.group);
    return filter;
}

event_range event_range_of(std::string_view text) {
    const auto parsed = json::parse(text);
    const auto& object = parsed.as_object();
    event_range range;
    range.subscription = object.at("subscription").as_string();
    read(object, "from", range.first);
    read(object, "to", range.last);
    read(object, "since", range.since);
    read(object, "until", range.until);
    read(object, "topic", range.topic);
    return range;
}

} // namespace atrium::events

#include <base/clock.hpp>
#include <base/ids.hpp>
#include <base/text.hpp>
#include <event_requests/requests.hpp>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <limits>
#include <string_view>
#include <utility>

namespace atrium::event_requests {
namespace {

constexpr std::size_t max_name_bytes = 255;
constexpr std::size_t max_error_bytes = 2000;
constexpr std::size_t max_replay_bytes = 100;
constexpr std::size_t max_id_bytes = 100;

/// Reads a text of 1 to `max` bytes. Empty if the text is absent, or if it is invalid, which is reported to the reader.
std::optional<std::string> read_text(input::reader& reader, std::string_view name, std::size_t max) {
    if (reader.is_blank(name))
        return std::nullopt;
    auto text = reader.text(name);
    if (!text || (!text->empty() && text->size() <= max))
        return text;
    reader.add_error(name, text->empty() ? "must not be empty" : "must have at most " + std::to_string(max) + " bytes");
    return std::nullopt;
}

/// Like `read_text`, for a text that is required.
std::string read_required(input::reader& reader, std::string_view name, std::size_t max) {
    if (!reader.has(name) || reader.is_blank(name))
        reader.add_missing(name);
    return read_text(reader, name, max).value_or(std::string{});
}

/// The 32 hexadecimal digits of a trace (W3C Trace Context, 3.2.2.3), in lower case.
std::optional<std::string> read_trace(input::reader& reader) {
    constexpr std::size_t size = 32;
    const auto text = read_text(reader, "trace", max_name_bytes);
    if (!text)
        return std::nullopt;
    auto trace = ascii_lower(*text);
    if (trace.size() == size && trace.find_first_not_of("0123456789abcdef") == std::string::npos)
        return trace;
    reader.add_error("trace", "must be the 32 hexadecimal digits of a trace");
    return std::nullopt;
}

std::string read_required_reason(input::reader& reader, bool is_dry_run) {
    return is_dry_run ? read_reason(reader) : read_required(reader, "reason", max_reason_bytes);
}

/// Reads `all`. Unless it is true, a request in which none of `members` has a value is refused, because the request might apply
/// to everything by mistake.
void read_all(input::reader& reader, std::initializer_list<std::string_view> members) {
    if (reader.boolean("all").value_or(false))
        return;
    const bool is_unlimited =
        std::ranges::all_of(members, [&](auto name) { return !reader.has(name) || reader.is_blank(name); });
    std::string names;
    for (const auto name : members)
        names.append(names.empty() ? "" : ", ").append(name);
    if (is_unlimited)
        reader.add_error("all", "must be true if none of these is set: " + names);
}

/// A limit of a range: either `seq` or `time`, or neither if the range has no such limit.
struct range_limit {
    std::optional<events::event_seq> seq;
    std::optional<timestamp> time;
};

range_limit read_limit(input::reader& reader, std::string_view name) {
    const auto text = reader.text_or_number(name);
    if (!text)
        return {};
    if (const auto seq = parse_id(*text))
        return {.seq = events::event_seq{*seq}, .time = {}};
    const auto time = parse_rfc3339(*text);
    if (!time)
        reader.add_error(name, "must be the seq of an event, or a date and time such as 2026-11-22T12:00:00Z");
    return {.seq = {}, .time = time};
}

range_request read_range(input::reader& reader, std::string subscription) {
    range_request request;
    auto& range = request.range;
    range.subscription = std::move(subscription);
    const auto begin = read_limit(reader, "from");
    range.first = begin.seq;
    range.since = begin.time;
    const auto end = read_limit(reader, "to");
    range.last = end.seq;
    range.until = end.time;
    range.topic = read_topic_pattern(reader);
    request.is_dry_run = reader.boolean("dry_run").value_or(false);
    request.reason = read_reason(reader);
    read_all(reader, {"from", "to", "topic"});
    return request;
}

/// Finishes reading. Returns `request`, or the errors that the reader has found.
template <class T>
result<T> finish(input::reader& reader, T request) {
    if (const auto read = reader.finish(); !read)
        return read.error();
    return request;
}

result<dead_letter_request> read_dead_letter_request(input::reader& reader, bool needs_reason) {
    dead_letter_request request;
    request.filter = read_dead_letter_filter(reader);
    request.is_dry_run = reader.boolean("dry_run").value_or(false);
    request.reason = needs_reason ? read_required_reason(reader, request.is_dry_run) : read_reason(reader);
    read_all(reader, {"ids", "subscription", "topic", "key", "error", "since", "until", "group"});
    return finish(reader, std::move(request));
}

} // namespace

std::optional<std::string> read_topic_pattern(input::reader& reader) {
    return read_text(reader, "topic", max_topic_bytes);
}

std::optional<events::event_seq> parse_seq(std::string_view text) noexcept {
    const auto seq = text == "0" ? std::optional{std::int64_t{0}} : parse_id(text);
    return seq ? std::optional{events::event_seq{*seq}} : std::nullopt;
}

event_list_request read_event_list(input::reader& reader) {
    constexpr std::array<std::string_view, 2> orders{"oldest", "newest"};
    event_list_request request;
    auto& filter = request.filter;
    filter.topic = read_topic_pattern(reader);
    filter.key = read_text(reader, "key", max_name_bytes);
    filter.since = reader.time("since");
    filter.until = reader.time("until");
    filter.trace = read_trace(reader);
    if (reader.choice("order", orders, "must be oldest or newest").value_or(0) == 1)
        request.order = events::event_order::newest_first;
    const auto after = reader.text("after");
    request.after = after ? parse_seq(*after) : std::nullopt;
    if (after && !request.after)
        reader.add_error("after", "must be the seq of an event, or 0");
    return request;
}

events::dead_letter_filter read_group_filter(input::reader& reader) {
    events::dead_letter_filter filter;
    filter.subscription = read_text(reader, "subscription", max_name_bytes);
    filter.topic = read_topic_pattern(reader);
    filter.error = read_text(reader, "error", max_error_bytes);
    if (const auto group = reader.integer("group", 1, std::numeric_limits<std::int64_t>::max()))
        filter.group = events::failure_group_id{*group};
    return filter;
}

events::dead_letter_filter read_dead_letter_filter(input::reader& reader) {
    auto filter = read_group_filter(reader);
    if (auto ids = reader.texts("ids", events::dead_letter_filter::max_ids, max_id_bytes)) {
        filter.ids = *std::move(ids);
        // For `operations`, an empty list means no restriction, but a client that sends an empty list expects no match. So an
        // empty list is refused.
        if (filter.ids.empty())
            reader.add_error("ids", "must not be empty");
    }
    filter.key = read_text(reader, "key", max_name_bytes);
    filter.since = reader.time("since");
    filter.until = reader.time("until");
    return filter;
}

std::string read_reason(input::reader& reader) {
    return read_text(reader, "reason", max_reason_bytes).value_or(std::string{});
}

result<dead_letter_request> read_retry(input::reader& reader) {
    return read_dead_letter_request(reader, false);
}

result<dead_letter_request> read_discard(input::reader& reader) {
    return read_dead_letter_request(reader, true);
}

result<range_request> read_replay(input::reader& reader, std::string subscription) {
    auto request = read_range(reader, std::move(subscription));
    request.replay = read_text(reader, "replay", max_replay_bytes).value_or(std::string{});
    return finish(reader, std::move(request));
}

result<range_request> read_resend(input::reader& reader) {
    return finish(reader, read_range(reader, read_required(reader, "subscription", max_name_bytes)));
}

result<std::string> read_reason_only(input::reader& reader) {
    return finish(reader, read_reason(reader));
}

result<publication> read_publication(input::reader& reader, const event_schemas& schemas) {
    publication read;
    read.event.topic = read_required(reader, "topic", max_topic_bytes);
    auto key = read_text(reader, "key", max_name_bytes);
    auto data = reader.object("data");
    if (!data && !reader.has("data"))
        reader.add_missing("data");
    if (const auto priority = reader.integer("priority", 0, 9))
        read.event.priority = static_cast<int>(*priority);
    read.event.deliver_at = reader.time("deliver_at");
    read.reason = read_reason(reader);
    if (!read.event.topic.empty() && !schemas.has(read.event.topic))
        reader.add_error("topic", "must be a topic that a module publishes; no module publishes " + read.event.topic);
    if (const auto fields = reader.finish(); !fields)
        return fields.error();
    if (const auto checked = schemas.check(read.event.topic, *data); !checked)
        return checked.error();
    read.event.key = key ? *std::move(key) : schemas.key_of(read.event.topic, *data);
    if (read.event.key.empty())
        return invalid_field("/key", "is required");
    read.event.data = *std::move(data);
    return read;
}

result<correction> read_correction(input::reader& reader) {
    auto data = reader.object("data");
    if (!data && !reader.has("data"))
        reader.add_missing("data");
    return finish(reader, correction{std::move(data).value_or(std::string{}), read_reason(reader)});
}

} // namespace atrium::event_requests

#include "wire.hpp"

#include <base/ids.hpp>
#include <base/text.hpp>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <charconv>
#include <chrono>
#include <numeric>
#include <string_view>

namespace atrium::events::rabbitmq::wire {
namespace {

constexpr std::size_t max_short_string = 255; // AMQP 0-9-1, 4.2.5.3
constexpr std::size_t max_headers =
    64 * 1024; // half of the usual frame size, because a message's properties must fit into one frame
constexpr std::string_view json_type = "application/json";

/// The prefixes of application properties that the CloudEvents AMQP binding allows. It prefers the first one, which is also
/// valid in JMS.
constexpr std::array<std::string_view, 2> prefixes{"cloudEvents_", "cloudEvents:"};

error unreadable(std::string reason) {
    return error{errc::invalid, std::move(reason)};
}

const std::string* find_attribute(const message& m, std::string_view name) {
    for (const auto& h : m.headers)
        for (const auto prefix : prefixes)
            if (h.name.size() == prefix.size() + name.size() && h.name.starts_with(prefix) && h.name.ends_with(name))
                return &h.value;
    return nullptr;
}

/// Returns a required attribute. Fails if it is missing, longer than `max_size` bytes, not UTF-8, or has control characters.
result<std::string> read_required(const message& m, std::string_view name, std::size_t max_size) {
    const auto* value = find_attribute(m, name);
    if (!value || value->empty())
        return unreadable("its application property cloudEvents_" + std::string{name} + " is missing or empty");
    if (value->size() > max_size || !is_utf8(*value) || has_control_character(*value))
        return unreadable("its application property cloudEvents_" + std::string{name} + " is longer than " +
                          std::to_string(max_size) + " bytes, is not UTF-8, or has control characters");
    return *value;
}

result<> check_whole(const message& m) {
    if (m.omitted == 0)
        return {};
    return unreadable("its body has " + std::to_string(m.body.size() + m.omitted) +
                      " bytes, more than bus.rabbitmq.max_message allows");
}

/// Returns the body, which is a JSON object, without the blanks that JSON allows around it.
std::string object_in(const message& m) {
    const auto begin = m.body.find('{');
    return m.body.substr(begin, m.body.rfind('}') + 1 - begin);
}

result<> check_json_object(const message& m) {
    if (!m.content_type.empty() && !ascii_lower(m.content_type).starts_with(json_type))
        return unreadable("its content type is not " + std::string{json_type});
    if (!is_utf8(m.body))
        return unreadable("its body is not UTF-8");
    boost::json::monotonic_resource memory;
    boost::system::error_code fault;
    const auto value = boost::json::parse(m.body, fault, &memory, {.max_depth = 128});
    if (fault)
        return unreadable("its body is not JSON: " + fault.message());
    if (!value.is_object())
        return unreadable("its body is JSON, but not an object");
    return {};
}

result<int> read_priority(const message& m) {
    const auto* text = find_attribute(m, "priority");
    if (!text)
        return event{}.priority;
    int priority = -1;
    const auto* end = text->data() + text->size();
    const auto [stopped, fault] = std::from_chars(text->data(), end, priority);
    if (fault != std::errc{} || stopped != end || priority < 0 || priority > 9)
        return unreadable("its application property cloudEvents_priority is not a number from 0 to 9");
    return priority;
}

/// Reads the CloudEvents attributes, without the data.
result<event> read_attributes(const message& m) {
    const auto version = read_required(m, "specversion", max_short_string);
    if (!version)
        return version.error();
    if (*version != "1.0")
        return unreadable("its CloudEvents version is " + *version + ", not 1.0");

    event e;
    struct text_attribute {
        std::string_view name;
        std::string event::* member;
        std::size_t max_size;
    };
    for (const auto& [name, member, max_size] :
         {text_attribute{"id", &event::id, max_short_string}, text_attribute{"source", &event::source, max_headers},
          text_attribute{"type", &event::topic, max_short_string}, text_attribute{"subject", &event::key, max_headers}}) {
        auto value = read_required(m, name, max_size);
        if (!value)
            return value.error();
        e.*member = std::move(*value);
    }
    const auto time = read_required(m, "time", max_short_string);
    const auto when = time ? parse_rfc3339(*time) : std::nullopt;
    if (!when)
        return time ? unreadable("its application property cloudEvents_time is not an RFC 3339 date and time") : time.error();
    e.time = *when;
    const auto priority = read_priority(m);
    if (!priority)
        return priority.error();
    e.priority = *priority;
    const auto* parent = find_attribute(m, "traceparent");
    e.traceparent =
        parent && !parent->empty() && parent->size() <= max_short_string && is_utf8(*parent) && !has_control_character(*parent)
            ? *parent
            : make_traceparent();
    return e;
}

} // namespace

result<message> write(const event& e) {
    message m{.routing_key = e.topic,
              .content_type = std::string{json_type},
              .message_id = e.id,
              .timestamp =
                  static_cast<std::uint64_t>(std::chrono::floor<std::chrono::seconds>(e.time).time_since_epoch().count()),
              .persistent = true,
              .headers = {{"cloudEvents_specversion", "1.0"},
                          {"cloudEvents_id", e.id},
                          {"cloudEvents_source", e.source},
                          {"cloudEvents_type", e.topic},
                          {"cloudEvents_time", to_rfc3339(e.time)},
                          {"cloudEvents_subject", e.key},
                          {"cloudEvents_priority", std::to_string(e.priority)}},
              .body = e.data};
    if (!e.traceparent.empty())
        m.headers.push_back({"cloudEvents_traceparent", e.traceparent});

    if (e.topic.size() > max_short_string || e.id.size() > max_short_string)
        return error{errc::invalid, "AMQP carries ids and topics of at most 255 bytes"};
    const auto size = std::accumulate(m.headers.begin(), m.headers.end(), std::size_t{0},
                                      [](std::size_t sum, const header& h) { return sum + h.name.size() + h.value.size(); });
    if (size > max_headers)
        return error{errc::invalid, "its source, topic and key are too long for AMQP"};
    return m;
}

std::size_t size_of_properties(const message& m) {
    constexpr std::size_t fixed_size = 1024;   // frame, flags, timestamp, and the short strings that are not added below
    constexpr std::size_t header_overhead = 8; // lengths and type
    return std::accumulate(
        m.headers.begin(), m.headers.end(), fixed_size + m.content_type.size() + m.message_id.size(),
        [](std::size_t sum, const header& h) { return sum + h.name.size() + h.value.size() + header_overhead; });
}

result<event> read(const message& m) {
    if (const auto whole = check_whole(m); !whole)
        return whole.error();
    if (ascii_lower(m.content_type).starts_with("application/cloudevents"))
        return unreadable("it is a CloudEvent in structured mode; only binary mode is accepted");
    auto e = read_attributes(m);
    if (!e)
        return e;
    if (const auto valid = check_json_object(m); !valid)
        return valid.error();
    e->data = object_in(m);
    return e;
}

result<plain_message> read_plain(const message& m) {
    if (const auto whole = check_whole(m); !whole)
        return whole.error();
    if (const auto valid = check_json_object(m); !valid)
        return valid.error();
    if (!is_utf8(m.message_id) || has_control_character(m.message_id))
        return unreadable("its message id is not UTF-8 or has control characters");
    return plain_message{m.message_id, object_in(m)};
}

} // namespace atrium::events::rabbitmq::wire

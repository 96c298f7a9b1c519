#include "transport_message.hpp"

#include <base/json_writer.hpp>
#include <base/text.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace atrium::graphql_http {
namespace {

constexpr std::size_t levels_around_variables = 2; // the message and its payload enclose the variables

const boost::json::string* text_of(const boost::json::object& message, std::string_view name) {
    const auto* found = message.if_contains(name);
    return found ? found->if_string() : nullptr;
}

/// Null if the payload is absent or null; an error if it is not an object.
result<boost::json::value*> payload_of(boost::json::object& message) {
    auto* found = message.if_contains("payload");
    if (!found || found->is_null())
        return nullptr;
    if (!found->is_object())
        return malformed("\"payload\" must be an object");
    return found;
}

result<std::string> id_of(const boost::json::object& message) {
    const auto* id = text_of(message, "id");
    if (!id || id->empty())
        return malformed("\"id\" must be a string that is not empty");
    return std::string{*id};
}

/// Whether the value can be written as JSON again: a number out of the range of a double is read as infinite.
bool is_finite(const boost::json::value& value) {
    if (const auto* number = value.if_double())
        return std::isfinite(*number);
    if (const auto* elements = value.if_array())
        return std::all_of(elements->begin(), elements->end(), is_finite);
    if (const auto* members = value.if_object())
        return std::all_of(members->begin(), members->end(), [](const auto& each) { return is_finite(each.value()); });
    return true;
}

std::string authorization_of(const boost::json::value* payload) {
    if (payload)
        for (const auto& member : payload->get_object())
            if (member.value().is_string() && ascii_iequals(member.key(), "authorization"))
                return std::string{member.value().get_string()};
    return {};
}

result<client_message> read_ping(const boost::json::value* payload) {
    if (!payload)
        return ping{};
    if (!is_finite(*payload))
        return malformed("\"payload\" has a number that is out of range");
    return ping{boost::json::serialize(*payload)};
}

result<client_message> read_subscribe(const boost::json::object& message, boost::json::value* payload, std::size_t size) {
    auto id = id_of(message);
    if (!id)
        return id.error();
    if (!payload)
        return malformed("\"payload\" must be an object");
    auto request = read_parameters(payload->get_object());
    if (!request)
        return request.error();
    return subscribe{*std::move(id), *std::move(request), size};
}

/// Returns {"id":...,"type":...,"payload":...}. If `id` or `payload` is empty, its member is left out.
std::string message_of(std::string_view type, std::string_view id, std::string_view payload) {
    std::string text;
    text.reserve(payload.size() + id.size() + 48); // 48 bytes for the names, the type and the punctuation
    json_writer out{text};
    out.begin_object();
    if (!id.empty())
        out.key("id").value(id);
    out.key("type").value(type);
    if (!payload.empty())
        out.key("payload").raw(payload);
    out.end_object();
    return text;
}

} // namespace

awaitable<result<client_message>> read_message(std::string_view text) {
    auto message = co_await parse_object(text, "the message", levels_around_variables);
    if (!message)
        co_return message.error();
    const auto* type = text_of(*message, "type");
    if (!type)
        co_return malformed("\"type\" must be a string");
    const auto payload = payload_of(*message);
    if (!payload)
        co_return payload.error();

    if (*type == "connection_init")
        co_return connection_init{authorization_of(*payload)};
    if (*type == "ping")
        co_return read_ping(*payload);
    if (*type == "pong")
        co_return pong{};
    if (*type == "subscribe")
        co_return read_subscribe(*message, *payload, text.size());
    if (*type == "complete") {
        auto id = id_of(*message);
        if (!id)
            co_return id.error();
        co_return complete{*std::move(id)};
    }
    co_return malformed("unknown message type");
}

std::string connection_ack_message() {
    return message_of("connection_ack", {}, {});
}

std::string pong_message(const std::optional<std::string>& payload) {
    return message_of("pong", {}, payload.value_or(std::string{}));
}

std::string next_message(std::string_view id, std::string_view response) {
    return message_of("next", id, response);
}

std::string error_message(std::string_view id, std::string_view response) {
    const auto errors = boost::json::parse({response.data(), response.size()}).at("errors");
    return message_of("error", id, boost::json::serialize(errors));
}

std::string complete_message(std::string_view id) {
    return message_of("complete", id, {});
}

} // namespace atrium::graphql_http

#include "schema_set.hpp"

#include <api_description/asyncapi.hpp>
#include <base/text.hpp>
#include <entity/json_schema.hpp>
#include <events/operator_topics.hpp>
#include <events/rabbitmq/settings.hpp>
#include <events/topic_pattern.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <utility>
#include <vector>

namespace atrium::api_description {
namespace {

namespace json = boost::json;

constexpr std::string_view about =
    "The events that Atrium's modules publish and receive. An event is CloudEvents 1.0. Events with one key are delivered in "
    "their order, each at least once. Inside one database, they are delivered by the journal; between processes, by RabbitMQ "
    "in the binary mode of the AMQP protocol binding, with the topic as routing key. GET /events/stream (openapi.json) shows "
    "them as they are committed.";

constexpr std::string_view headers_schema = R"({
    "type": "object",
    "properties": {
        "cloudEvents_specversion": {"const": "1.0"},
        "cloudEvents_id": {"type": "string", "description": "Unique together with the source."},
        "cloudEvents_source": {"type": "string", "description": "The program that has published the event."},
        "cloudEvents_type": {"type": "string", "description": "The topic."},
        "cloudEvents_time": {"type": "string", "format": "date-time"},
        "cloudEvents_subject": {"type": "string", "description": "The key: the entity that the event is about."},
        "cloudEvents_priority": {"type": "string", "pattern": "^[0-9]$"},
        "cloudEvents_traceparent": {"type": "string", "description": "W3C trace context."}
    },
    "required": ["cloudEvents_specversion", "cloudEvents_id", "cloudEvents_source", "cloudEvents_type", "cloudEvents_time",
                 "cloudEvents_subject"]
})";

json::object reference(const std::string& pointer) {
    return {{"$ref", "#/" + pointer}};
}

/// A topic, and what its events contain.
struct topic {
    std::string name;
    std::string publisher; ///< "users"
    std::string summary;
    std::string data; ///< the JSON Schema of the events' data
};

using module_list = std::span<const host::description* const>;

topic topic_of(std::string name, const host::description& module, const entity::description& d) {
    const auto singular = ascii_lower(d.name());
    auto data = entity::event_data_schema(d, name);
    return {.name = std::move(name),
            .publisher = module.name,
            .summary = "An event about " + singular + "s. The key is " + singular + "/ID.",
            .data = std::move(data)};
}

std::vector<topic> topics_of(module_list modules) {
    std::vector<topic> topics;
    for (const auto* module : modules)
        for (const auto& publication : module->publications)
            for (const auto& name : publication.topics)
                topics.push_back(topic_of(name, *module, *publication.entity));
    for (const auto& each : events::operator_topics())
        topics.push_back({.name = std::string{each.name},
                          .publisher = "operations",
                          .summary = std::string{each.summary},
                          .data = each.data});
    return topics;
}

/// The AMQP binding of a channel. Its exchange has the default name, not the name that `bus.rabbitmq.exchange` sets.
json::object amqp_binding() {
    json::object exchange{{"name", events::rabbitmq::settings{}.exchange},
                          {"type", "topic"},
                          {"durable", true},
                          {"autoDelete", false},
                          {"vhost", "/"}};
    return {{"is", "routingKey"}, {"exchange", std::move(exchange)}, {"bindingVersion", "0.3.0"}};
}

json::object channel_of(const topic& t) {
    return {{"address", t.name},
            {"messages", json::object{{"event", reference("components/messages/" + t.name)}}},
            {"tags", json::array{json::object{{"name", t.publisher}}}},
            {"bindings", json::object{{"amqp", amqp_binding()}}}};
}

json::object message_of(const topic& t) {
    return {{"name", t.name},
            {"title", t.name},
            {"summary", t.summary},
            {"contentType", "application/json"},
            {"headers", reference("components/schemas/CloudEventsHeaders")},
            {"payload", reference("components/schemas/" + t.name)}};
}

json::object operation_of(const topic& t, std::string_view action, std::string summary, std::string_view module) {
    return {{"action", action},
            {"channel", reference("channels/" + t.name)},
            {"summary", std::move(summary)},
            {"tags", json::array{json::object{{"name", module}}}},
            {"messages", json::array{reference("channels/" + t.name + "/messages/event")}}};
}

/// Adds an operation for each topic that a subscription of the module matches.
void add_receipts(json::object& operations, const host::description& module, const std::vector<topic>& topics) {
    for (const auto& subscription : module.subscriptions)
        for (const auto& each : topics)
            for (const auto& pattern : subscription.topics)
                if (events::topic_pattern{pattern}.matches(each.name))
                    operations["receive." + subscription.name + "." + each.name] =
                        operation_of(each, "receive", "The subscription " + subscription.name + " handles it.", module.name);
}

json::object operations_of(module_list modules, const std::vector<topic>& topics) {
    json::object operations;
    for (const auto& each : topics)
        operations["send." + each.name] =
            operation_of(each, "send", "It is published by " + each.publisher + ".", each.publisher);
    for (const auto* module : modules)
        add_receipts(operations, *module, topics);
    return operations;
}

json::object components_of(const std::vector<topic>& topics) {
    json::object messages;
    json::object schemas{{"CloudEventsHeaders", parse_schema(headers_schema, "CloudEventsHeaders")}};
    for (const auto& each : topics) {
        messages[each.name] = message_of(each);
        schemas[each.name] = parse_schema(each.data, each.name);
    }
    return {{"messages", std::move(messages)}, {"schemas", std::move(schemas)}};
}

} // namespace

std::string render_asyncapi(std::span<const host::description* const> modules, std::string_view version) {
    const auto topics = topics_of(modules);
    json::object channels;
    for (const auto& each : topics)
        channels[each.name] = channel_of(each);
    json::object info{{"title", "Atrium"},
                      {"version", version},
                      {"description", about},
                      {"license", json::object{{"name", "Boost Software License 1.0"}}}};
    json::value document = json::object{{"asyncapi", "3.0.0"},
                                        {"info", std::move(info)},
                                        {"defaultContentType", "application/json"},
                                        {"channels", std::move(channels)},
                                        {"operations", operations_of(modules, topics)},
                                        {"components", components_of(topics)}};
    require_references(document);
    return json::serialize(document);
}

} // namespace atrium::api_description

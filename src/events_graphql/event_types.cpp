#include "declarations.hpp"

#include <events_graphql/event_types.hpp>
#include <resource/feed_source.hpp>

#include <string>
#include <utility>

namespace atrium::events_graphql {
namespace {

using events::event;
using source = resource::feed_source<event>;

awaitable<result<source::rows>> to_rows(std::vector<event> events) {
    source::rows rows;
    for (auto& each : events) {
        const auto seq = each.seq;
        rows.push_back({seq, std::move(each)});
    }
    co_return rows;
}

/// The seq of the last event that the client has seen; empty if the client does not specify one. A resume token takes
/// precedence over the argument, because an EventSource that reconnects sends its original argument again.
result<std::optional<events::event_seq>> read_after(const graphql::arguments& a, const graphql::context& c) {
    if (!c.resume_token.empty())
        return resource::read_resume_token(c);
    const auto text = a.get<std::optional<std::string_view>>("after");
    if (!text)
        return std::optional<events::event_seq>{};
    const auto seq = resource::parse_seq(*text);
    if (!seq)
        return invalid_field("after", "must be the seq of an event, or 0");
    return seq;
}

/// Reads the argument `topic`, a pattern. It has the size limit of AMQP routing keys, because topics are used as routing keys.
/// A limit is needed because a GraphQL subscription keeps its pattern in memory.
result<std::string> read_topic(const graphql::arguments& a) {
    constexpr std::size_t max_bytes = 255;
    auto topic = a.get<std::optional<std::string>>("topic").value_or("#");
    if (topic.size() > max_bytes)
        return invalid_field("topic", "must have at most " + std::to_string(max_bytes) + " bytes");
    return topic;
}

} // namespace

void add_event_types(graphql::schema_builder& schema, events::durable_bus& bus, const event_requests::event_schemas& schemas) {
    add_objects(schema);
    add_queries(schema, bus.operations());
    add_mutations(schema, bus, schemas);
    schema.subscription()
        .stream("events(topic: String = \"#\", after: ID): Event!",
                "Emits events as they are committed, starting now or after the event with the seq `after`. In "
                "`topic`, `*` matches one word and `#` any number of words.",
                [&feed = bus.feed()](const graphql::field_call& field) -> awaitable<source::opened> {
                    const auto last_seen = read_after(field.arguments, field.context);
                    if (!last_seen)
                        co_return last_seen.error();
                    auto topic = read_topic(field.arguments);
                    if (!topic)
                        co_return topic.error();
                    co_return co_await source::open(feed, *std::move(topic), *last_seen, to_rows);
                })
        .scope("events:read");
}

} // namespace atrium::events_graphql

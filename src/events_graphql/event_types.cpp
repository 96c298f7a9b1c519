#include <events_graphql/event_types.hpp>
#include <resource/feed_source.hpp>

#include <string>
#include <utility>

namespace atrium::events_graphql {
namespace {

using events::event;
using source = resource::feed_source<event>;

awaitable<result<source::rows>> as_they_are(std::vector<event> events) {
    source::rows rows;
    for (auto& each : events) {
        const auto seq = each.seq;
        rows.push_back({seq, std::move(each)});
    }
    co_return rows;
}

/// The seq that a client has seen last; empty if it names none. What it saw on the connection that it returns from is later
/// than the argument, which an EventSource repeats unchanged.
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

/// No topic is longer than AMQP's routing keys, and a subscription keeps its pattern.
result<std::string> read_topic(const graphql::arguments& a) {
    constexpr std::size_t longest = 255;
    auto topic = a.get<std::optional<std::string>>("topic").value_or("#");
    if (topic.size() > longest)
        return invalid_field("topic", "must have at most " + std::to_string(longest) + " bytes");
    return topic;
}

} // namespace

void add_event_types(graphql::schema_builder& to, events::feed& feed) {
    auto type = to.object<event>("Event", "What happened, as CloudEvents 1.0 has it.");
    type.field("seq: ID!", "Its place in this process's journal: the only thing that orders events.", &event::seq);
    type.field("id: ID!", "The same in every process.", &event::id);
    type.field("topic: String!", &event::topic);
    type.field("key: String!", "What it is about: events with one key stay in order.", &event::key);
    type.field("source: String!", &event::source);
    type.field("time: DateTime!", &event::time);
    type.row("data: JSON!", [](const event& e) { return graphql::raw_json{e.data}; }).reads(&event::data);

    to.subscription().stream("events(topic: String = \"#\", after: ID): Event!",
                             "Events as they are committed, from now on or from behind the seq `after`. In `topic`, `*` is one "
                             "word and `#` any number.",
                             [&feed](const graphql::field_call& field) -> awaitable<source::opened> {
                                 const auto after = read_after(field.arguments, field.context);
                                 if (!after)
                                     co_return after.error();
                                 auto topic = read_topic(field.arguments);
                                 if (!topic)
                                     co_return topic.error();
                                 co_return co_await source::open(feed, *std::move(topic), *after, as_they_are);
                             });
}

} // namespace atrium::events_graphql

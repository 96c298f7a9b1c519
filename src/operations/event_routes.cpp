#include "event_answers.hpp"
#include "event_descriptions.hpp"

#include <base/ids.hpp>
#include <http/server_sent_events.hpp>
#include <operations/event_routes.hpp>

#include <memory>

namespace atrium::operations {
namespace {

constexpr std::string_view events_path = "/events/";
/// The comment that ends an event stream when the server shuts down.
constexpr std::string_view farewell = "the server is shutting down";

using event_requests::parse_seq;
using follower = std::shared_ptr<events::feed::follower>;

std::string seen_of(const events::feed::follower& f) {
    return std::to_string(f.seen().value);
}

/// The seq after which a stream begins: the Last-Event-ID of a returning client, otherwise the parameter `after`. Empty if the
/// client sends neither, so that the stream begins now, and also if the value is not a seq.
std::optional<events::event_seq> read_start(const http::request& q, input::reader& reader) {
    const auto text = reader.text("after");
    const auto last_id = http::last_event_id(q);
    const auto seq = last_id.empty() ? (text ? parse_seq(*text) : std::nullopt) : parse_seq(last_id);
    if (text && last_id.empty() && !seq)
        reader.add_error("after", "must be the seq of an event, or 0");
    return seq;
}

/// Sends events as they are committed. Before the first event, and with each keep-alive, the client gets an id: the seq that
/// the stream has reached. So a client that reconnects misses nothing, even if no event has matched for a long time.
awaitable<> send_events(const follower& events, http::event_stream& stream) {
    stream.set_keep_alive_id([events] { return seen_of(*events); });
    co_await stream.send_id(seen_of(*events));
    for (;;) {
        const auto next = co_await events->next();
        if (!next) {
            // The last line of the stream states the reason. If the client reconnects, the error response states it again.
            co_await stream.comment(next.error().detail);
            co_return;
        }
        std::string rendered;
        for (const auto& each : *next) {
            const auto id = std::to_string(each.seq.value);
            http::append_event(rendered, {.data = to_json(each), .id = id});
        }
        co_await stream.send_rendered(rendered);
    }
}

} // namespace

void event_routes::add_routes(http::router& router) {
    add_log_routes(router);
    add_subscription_routes(router);
    add_dead_letter_routes(router);
    add_operation_routes(router);
}

void event_routes::add_log_routes(http::router& router) {
    auto list = describe_list("list_events", "Event", event_filters());
    list.schemas = event_schemas();
    router.get("/events/", "List the events of the journal", [this](const http::request& q) { return list_events(q); })
        .scope("events:read")
        .describe(std::move(list));
    router
        .post(
            "/events/", "Publish an event by hand", [this](const http::request& q) { return publish(q); },
            http::check_creation_early)
        .scope("events:operate")
        .describe(describe_publication("publish_event", "PublicationRequest"));
    router
        .get("/events/stream", "Follow the events as they are committed (server-sent events)",
             [this](const http::request& q) { return follow(q); })
        .scope("events:read")
        .describe(describe_stream());
    router
        .get("/events/{seq}", "Show an event and its delivery to each subscription",
             [this](const http::request& q) { return show_event(q); })
        .scope("events:read")
        .describe(describe_item("get_event", "Journey", event_seq()));
}

awaitable<http::response> event_routes::list_events(const http::request& q) {
    auto reader = http::read_query(q);
    const auto request = event_requests::read_event_list(reader);
    const auto limit = read_page_limit(reader);
    if (const auto read = reader.finish(); !read)
        co_return http::problem(q, read.error());
    const auto read_page = [&](std::optional<events::event_seq> position, int count) {
        return event_operations().list_events(request.filter, request.order, position, count);
    };
    co_return co_await list_response(q, events_path, limit, request.after, read_page);
}

awaitable<http::response> event_routes::show_event(const http::request& q) {
    if (const auto plain = http::check_no_query(q); !plain)
        co_return http::problem(q, plain.error());
    const auto seq = parse_id(q.parameter("seq"));
    if (!seq)
        co_return http::problem(q, {.code = errc::not_found, .detail = "there is no such event"});
    const auto found = co_await event_operations().find_event(events::event_seq{*seq});
    co_return found ? http::without_caching(http::json(to_json(*found))) : http::problem(q, found.error());
}

awaitable<http::response> event_routes::follow(const http::request& q) {
    auto reader = http::read_query(q);
    const auto topic = event_requests::read_topic_pattern(reader).value_or("#");
    const auto start = read_start(q, reader);
    if (const auto read = reader.finish(); !read)
        co_return http::problem(q, read.error());
    if (!start && !http::last_event_id(q).empty())
        co_return http::problem(q, {.code = errc::malformed, .detail = "Last-Event-ID must be the seq of an event"});
    auto opened = co_await bus_.feed().follow(events::topic_pattern{topic}, start);
    if (!opened)
        co_return http::problem(q, opened.error());
    co_return http::server_sent_events([events = operations::follower{*std::move(opened)}](http::event_stream& stream) {
        stream.set_farewell(farewell);
        return send_events(events, stream);
    });
}

awaitable<http::response> event_routes::publish(const http::request& q) {
    auto request = read_action(q, [&](input::reader& body) { return event_requests::read_publication(body, schemas_); });
    if (!request)
        co_return http::problem(q, request.error());
    co_return published_response(q, co_await event_requests::publish(event_operations(), *std::move(request), call_of(q)));
}

} // namespace atrium::operations

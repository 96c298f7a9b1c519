#include "server_sent.hpp"

#include <http/server_sent_events.hpp>

#include <utility>

namespace atrium::graphql_http {
namespace {

/// At shutdown. No event `complete`, by which a client would take the operation to have ended and not return.
constexpr std::string_view farewell = "the server is shutting down";

/// The last event, and perhaps one response before it.
awaitable<> finish(http::event_stream& to, std::string_view body) {
    std::string events;
    if (!body.empty())
        http::append_event(events, {.event = "next", .data = body});
    http::append_event(events, {.event = "complete"});
    co_await to.send_rendered(events);
}

awaitable<> follow(const graphql::engine& engine, graphql::operation o, graphql::context c, http::event_stream& to) {
    const auto responses = co_await engine.subscribe(std::move(o), std::move(c));
    if (!responses)
        co_return co_await finish(to, responses.error().body);
    while (const auto next = co_await (*responses)->next())
        co_await to.send({.event = "next", .data = next->body});
    co_await finish(to, {});
}

} // namespace

http::response server_sent(const graphql::engine& engine, graphql::operation o, graphql::context c) {
    return http::server_sent_events([&engine, o = std::move(o), c = std::move(c)](http::event_stream& to) -> awaitable<> {
        to.set_farewell(farewell);
        if (o.type() == graphql::ast::operation_type::subscription)
            co_return co_await follow(engine, o, c, to);
        const auto done = co_await engine.execute(o, c);
        co_await finish(to, done.body);
    });
}

http::response server_sent(std::string body) {
    return http::server_sent_events(
        [body = std::move(body)](http::event_stream& to) -> awaitable<> { co_await finish(to, body); });
}

} // namespace atrium::graphql_http

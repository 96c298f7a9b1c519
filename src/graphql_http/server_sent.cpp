#include "server_sent.hpp"

#include <http/server_sent_events.hpp>

#include <utility>

namespace atrium::graphql_http {
namespace {

/// At shutdown. No event `complete`, by which a client would take the operation to have ended and not return.
constexpr std::string_view farewell = "the server is shutting down";

/// The last response, and that it is the last.
std::string whole(std::string_view body) {
    std::string events;
    http::append_event(events, {.event = "next", .data = body});
    http::append_event(events, {.event = "complete"});
    return events;
}

awaitable<> follow(const graphql::engine& engine, graphql::operation o, graphql::context c, http::event_stream& to) {
    const auto responses = co_await engine.subscribe(std::move(o), std::move(c));
    if (!responses) {
        const auto events = whole(responses.error().body);
        co_return co_await to.send_rendered(events);
    }
    while (const auto next = co_await (*responses)->next())
        co_await to.send({.event = "next", .data = next->body});
    co_await to.send({.event = "complete"});
}

} // namespace

http::response server_sent(const graphql::engine& engine, graphql::operation o, graphql::context c) {
    return http::server_sent_events([&engine, o = std::move(o), c = std::move(c)](http::event_stream& to) {
        to.set_farewell(farewell);
        return follow(engine, o, c, to);
    });
}

http::response server_sent(std::string_view body) {
    return http::server_sent_events(whole(body));
}

} // namespace atrium::graphql_http

#pragma once

#include <base/awaitable.hpp>
#include <graphql/engine.hpp>
#include <http/request.hpp>
#include <http/response.hpp>

#include <string_view>

/// GraphQL over server-sent events, in the distinct connections mode of graphql-sse: each response is an event `next`, and
/// `complete` is the last event.
///
/// Whenever a response ends, an EventSource reconnects, repeats its request, and sends the id of the last event in the header
/// `Last-Event-ID`. The id of a subscription's event is its resume token, so the client continues after that event. A
/// `complete` with an id marks a finished operation, and a GET with this id gets 204. An EventSource does not reconnect after
/// any status other than 200.
namespace atrium::graphql_http {

struct client_limits;

/// Whether the request repeats an operation whose end the client has already received.
[[nodiscard]] bool repeats_finished_operation(const http::request& q);

/// Streams a subscription's responses for as long as the client stays connected. If the server shuts down before the
/// subscription has ended, a comment announces the shutdown. If the subscription cannot begin, returns `event_refusal` or
/// `temporary_event_refusal`. While the client has no computing budget left, the subscription waits before each response.
/// `engine` and `limits` must outlive the response.
[[nodiscard]] awaitable<http::response> stream_subscription(const graphql::engine& engine, graphql::operation o,
                                                            graphql::context c, const http::request& q, client_limits& limits);

/// The response with the result of an operation that has run: an event `next` and the event `complete`.
[[nodiscard]] http::response event_response(std::string_view body);

/// The response to an operation that cannot run. For POST it is an event `next`, as graphql-sse requires. For GET it has an
/// error status, because after 200 an EventSource would repeat the same request again and again.
[[nodiscard]] http::response event_refusal(const http::request& q, http::status status, std::string body);

/// The response to an operation that cannot begin now: an event `next`, and an event `complete` after which an EventSource
/// reconnects.
[[nodiscard]] http::response temporary_event_refusal(std::string_view body);

} // namespace atrium::graphql_http

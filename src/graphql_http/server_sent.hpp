#pragma once

#include <base/awaitable.hpp>
#include <graphql/engine.hpp>
#include <http/request.hpp>
#include <http/response.hpp>

#include <string_view>

/// GraphQL by server-sent events, as the distinct connections mode of graphql-sse has it: each response is an event `next`, and
/// `complete` is the last.
///
/// An EventSource returns after every end, repeats its request, and brings the id of the last event as `Last-Event-ID`. The id
/// of a subscription's event is its resume token, so the client goes on behind it; that of `complete` marks an operation that
/// is over, and a request that brings this mark gets 204, at which an EventSource stops. It stops at every status but 200.
namespace atrium::graphql_http {

struct client_limits;

/// Whether a client that repeats its GET has received the end of this operation already.
[[nodiscard]] bool is_over(const http::request& q);

/// A subscription's responses, for as long as the client stays. Where the server shuts down before it has ended, a comment says
/// so. One that cannot begin is refused as `server_sent_refusal` does. While its client has used up its budget for computing,
/// it waits before each response. `engine` and `limits` outlive it.
[[nodiscard]] awaitable<http::response> server_sent(const graphql::engine& engine, graphql::operation o, graphql::context c,
                                                    const http::request& q, client_limits& limits);

/// The response of an operation that has run.
[[nodiscard]] http::response server_sent(std::string_view body);

/// The response to an operation that cannot run. By POST it is an event `next`, as graphql-sse demands. A GET gets the status,
/// as an EventSource would ask for the same again and again.
[[nodiscard]] http::response server_sent_refusal(const http::request& q, http::status status, std::string body);

/// The response to an operation that cannot begin now: an event `next`, and an end after which an EventSource comes back.
[[nodiscard]] http::response server_sent_not_now(std::string_view body);

} // namespace atrium::graphql_http

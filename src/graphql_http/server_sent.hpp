#pragma once

#include <graphql/engine.hpp>
#include <http/response.hpp>

#include <string>

/// GraphQL by server-sent events, as the distinct connections mode of graphql-sse has it: each response is an event `next`, and
/// `complete` is the last. Where the server shuts down before, a comment says so.
namespace atrium::graphql_http {

/// The operation's responses; those of a subscription for as long as the client stays. `engine` outlives it.
[[nodiscard]] http::response server_sent(const graphql::engine& engine, graphql::operation o, graphql::context c);

/// One response that is known already, such as why an operation cannot run.
[[nodiscard]] http::response server_sent(std::string body);

} // namespace atrium::graphql_http

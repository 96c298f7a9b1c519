#pragma once

#include <graphql/engine.hpp>
#include <http/response.hpp>

#include <string_view>

/// GraphQL by server-sent events, as the distinct connections mode of graphql-sse has it: each response is an event `next`, and
/// `complete` is the last.
namespace atrium::graphql_http {

/// A subscription's responses, for as long as the client stays. Where the server shuts down before it has ended, a comment says
/// so. `engine` outlives it.
[[nodiscard]] http::response server_sent(const graphql::engine& engine, graphql::operation o, graphql::context c);

/// One response that is known already: that of an operation that has run, or why it cannot.
[[nodiscard]] http::response server_sent(std::string_view body);

} // namespace atrium::graphql_http

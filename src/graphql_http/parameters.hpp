#pragma once

#include <base/awaitable.hpp>
#include <base/malformed.hpp>
#include <graphql/engine.hpp>
#include <http/request.hpp>

#include <boost/json/object.hpp>
#include <boost/system/result.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::graphql_http {

/// The maximum number of bytes of JSON that are parsed in one step, which takes less than a millisecond. A longer text is
/// parsed in pieces, and other coroutines run in between.
inline constexpr std::size_t max_bytes_per_step = 32U * 1024;

/// Parses a JSON object. `subject` is what error messages call it ("the body"). `levels_around` is the number of levels that
/// enclose the variables. They do not count toward the maximum depth, so variables may nest equally deep in each kind of
/// request. Errors: malformed.
[[nodiscard]] awaitable<result<boost::json::object>> parse_object(std::string_view text, std::string_view subject,
                                                                  std::size_t levels_around);

/// A well-formed GraphQL request.
struct received_request : graphql::request {
    bool is_persisted_query = false;                 ///< the request has the hash of a document instead of the document
    std::optional<std::string> idempotency_key = {}; ///< in `extensions.idempotencyKey` or in the header of the HTTP request
};

/// Reads the GraphQL request in a query string: `query`, `operationName`, and `variables` and `extensions` as JSON. Errors:
/// malformed.
[[nodiscard]] result<received_request> read_query_string(const http::request& q);

/// One GraphQL request, or a batch of them.
struct received_body {
    std::vector<received_request> requests; ///< one or more requests
    bool is_batch = false;
};

/// Reads the GraphQL request in a JSON body. If `with_batches`, the body may also be a batch. Errors: malformed.
[[nodiscard]] awaitable<result<received_body>> read_json_body(std::string_view body, bool with_batches);

/// Reads the GraphQL request in an object that is already parsed, such as the payload of a `subscribe` message. Errors:
/// malformed.
[[nodiscard]] result<received_request> read_parameters(boost::json::object& members);

/// Calls `engine::prepare`. The server does not store persisted queries, so a request for one is refused; the client then sends
/// the whole document.
[[nodiscard]] boost::system::result<graphql::operation, graphql::refusal> prepare(const graphql::engine& engine,
                                                                                  const received_request& r);
/// Like the function above, for a request of a batch. The requests of a batch share the limits; `batch_usage` counts how much
/// of the limits they have used.
[[nodiscard]] boost::system::result<graphql::operation, graphql::refusal>
prepare(const graphql::engine& engine, const received_request& r, graphql::usage& batch_usage);

/// The JSON text of a GraphQL response that consists of this error only.
[[nodiscard]] std::string error_body(const error& e, std::string_view code = "BAD_REQUEST");

} // namespace atrium::graphql_http

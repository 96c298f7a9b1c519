#pragma once

#include <base/awaitable.hpp>
#include <base/malformed.hpp>
#include <graphql/engine.hpp>
#include <http/request.hpp>

#include <boost/json/object.hpp>
#include <boost/system/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::graphql_http {

/// Bytes of JSON that are read at once, which takes less than a millisecond. A longer text is read in pieces, and others run in
/// between.
inline constexpr std::size_t max_at_once = 32U * 1024;

/// A JSON object. `what` it is called in what is said of it ("the body"); `around` are the levels in it at which variables
/// stand: these may nest as deeply, whatever carries them. Errors: malformed.
[[nodiscard]] awaitable<result<boost::json::object>> parse_object(std::string_view text, std::string_view what,
                                                                  std::size_t around);

/// A well-formed GraphQL request.
struct received_request : graphql::request {
    bool is_persisted_query = false; ///< it has the hash of a document instead of the document
};

/// The GraphQL request in a query string: `query`, `operationName`, and `variables` and `extensions` as JSON. Errors:
/// malformed.
[[nodiscard]] result<received_request> read_query_string(const http::request& q);

/// One GraphQL request, or a batch of them.
struct received_body {
    std::vector<received_request> requests; ///< at least one
    bool is_batch = false;
};

/// The GraphQL request in a JSON body, or the batch if `with_batches`. Errors: malformed.
[[nodiscard]] awaitable<result<received_body>> read_json_body(std::string_view body, bool with_batches);

/// The same in an object that was read already: the payload of a `subscribe` message. Errors: malformed.
[[nodiscard]] result<received_request> read_parameters(boost::json::object& from);

/// As `engine::prepare`. A persisted query is refused, as none are kept here: clients then send the whole document.
[[nodiscard]] boost::system::result<graphql::operation, graphql::refusal> prepare(const graphql::engine& engine,
                                                                                  const received_request& r);
[[nodiscard]] boost::system::result<graphql::operation, graphql::refusal>
prepare(const graphql::engine& engine, const received_request& r, graphql::usage& batch);

/// A response that is nothing but this error.
[[nodiscard]] std::string error_body(const error& e, std::string_view code = "BAD_REQUEST");

} // namespace atrium::graphql_http

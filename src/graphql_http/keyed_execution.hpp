#pragma once

#include "parameters.hpp"

#include <access/principal.hpp>
#include <base/awaitable.hpp>
#include <base/error.hpp>
#include <graphql/engine.hpp>
#include <http/response.hpp>
#include <idempotency/key_store.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

/// Mutations that a client may repeat, because they have an idempotency key: in the header of the HTTP request or in the
/// request's `extensions.idempotencyKey`.
namespace atrium::graphql_http {

/// Adds the key in the header of the HTTP request to the GraphQL request in its body. Errors: malformed (the key is invalid,
/// the body has another key, or the body is a batch, in which each request needs a key of its own).
[[nodiscard]] result<> add_header_key(const http::request& q, received_body& body);

/// The key under which the response of an operation is stored. Empty if the request has no key, or if the operation changes
/// nothing: clients without permission to change anything must not be able to fill the store.
[[nodiscard]] std::optional<idempotency::request_key> key_of(const graphql::operation& o, const received_request& r,
                                                             const access::principal* sender);

/// The response of a mutation.
struct keyed_response {
    std::string body;
    bool is_replayed = false; ///< whether the response was stored for an earlier request
};

/// Executes an operation in a context that stores the outcome of each root field.
using execution = std::function<awaitable<graphql::response>(graphql::context c)>;

/// Executes a mutation unless its response is stored already. Root fields that an earlier run has completed are not executed
/// again. A response without errors is stored, so that the next request with the key gets the same one. Errors: those of
/// `key_store::claim_key`.
[[nodiscard]] awaitable<result<keyed_response>> execute_with_key(idempotency::key_store& keys, idempotency::request_key key,
                                                                 graphql::context c, execution execute);

/// The JSON text of the response to a mutation that was not executed because of its key.
[[nodiscard]] std::string key_refusal_body(const error& why);
/// The response with the text of `key_refusal_body`, and with the status and the headers of the same refusal in REST.
[[nodiscard]] http::response key_refusal_response(std::string_view type, const error& why);

} // namespace atrium::graphql_http

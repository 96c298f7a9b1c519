#pragma once

#include <http/response.hpp>
#include <http/router.hpp>
#include <idempotency/claim.hpp>
#include <idempotency/key_store.hpp>
#include <storage/sql.hpp>

#include <string_view>

namespace atrium::idempotency {

/// The header of a response that was stored for an earlier request with the same key.
inline constexpr std::string_view replayed_header = "Idempotency-Replayed";

/// Lets clients send an Idempotency-Key with each POST, PATCH and DELETE of the routes that `router` has so far, except the
/// route with the path `except`, whose handler uses keys itself. A request without a key goes to its handler directly.
///
/// A handler finds its claim in `request::claim`. If the handler stores its response in the claim, in the transaction of its
/// effect (see `store_response`), the request has its effect exactly once. The response of any other handler is stored
/// after the handler has succeeded. In the latter case, if the server is killed after the effect but before the response is
/// stored, a repetition of the request has the effect again. `keys` must outlive the router.
void accept_keys(http::router& router, key_store& keys, std::string_view except);

/// Stores a successful response; see `claim::store`. Only the headers Content-Type, ETag, Location, Link and
/// Cache-Control are kept.
void store_response(claim& c, storage::transaction& t, const http::response& response);

/// The response to a request whose key cannot be claimed.
[[nodiscard]] http::response key_refusal(const error& why);

} // namespace atrium::idempotency

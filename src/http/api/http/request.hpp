#pragma once

#include <base/call.hpp>
#include <base/error.hpp>
#include <http/fields.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/beast/http/verb.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::access {
class principal;
}

namespace atrium::idempotency {
class claim;
}

namespace atrium::http {

using boost::beast::http::verb;

class memory_account;
class memory_budget;
struct client_account;

/// One request as a handler sees it. The request and its views, which point into the connection's buffers, live until the
/// handler's coroutine has ended. Used on one thread.
struct request {
    verb method = verb::get;
    int version = 11;             ///< 10 or 11: HTTP/1.0 or HTTP/1.1
    std::string_view target = {}; ///< as sent: path and query, still percent-encoded
    std::string path = {};        ///< percent-decoded once, without a trailing slash (except "/")
    std::string_view query = {};  ///< the part after '?', still encoded
    fields headers = {};
    std::string_view body = {};

    std::string request_id = {};  ///< assigned to this request, returned as X-Request-Id
    std::string traceparent = {}; ///< identifies this request's own span, whose parent is the caller's span if there is one

    /// The server's memory budget, for handlers that need much memory. Null if the request did not arrive on a connection.
    memory_budget* memory = nullptr;
    /// The memory that the request's worker has taken from the budget for responses. Used only on the worker's thread. Null if
    /// there is no budget.
    memory_account* response_memory = nullptr;
    /// The data for limits that apply to one client. Null if the request did not arrive on a connection.
    std::shared_ptr<client_account> client = {};

    /// The address of the client: the address of the connection's peer or, behind trusted proxies, the one that they report.
    boost::asio::ip::address client_address = {};

    /// Whether the client uses TLS: on this connection, or as trusted proxies report it.
    bool is_secure = false;

    /// The client that sends the request. Set by the `authorization` of the router before the handler is called. Null if the
    /// client has presented no valid credential, which only open routes allow, or if the router has no authorization.
    std::shared_ptr<const access::principal> principal = {};

    /// Stores the response of a request that the client may repeat (<idempotency/claim.hpp>), in the same transaction as the
    /// change that the request makes. Null if the request has no Idempotency-Key.
    idempotency::claim* claim = nullptr;

    /// Values of the route's `{names}`, in the order of the pattern. Filled by the router.
    std::vector<std::pair<std::string_view, std::string>> parameters = {};

    /// The value of a `{name}` of the route. Throws std::logic_error if the route has no such name.
    [[nodiscard]] std::string_view parameter(std::string_view name) const;

    /// The `{id}` of the route; `not_found` unless it is a positive 63-bit number, because no other id can exist.
    [[nodiscard]] result<std::int64_t> id() const;
};

/// Describes the request to the services that work for it (<base/call.hpp>). The result has views into the request, which must
/// outlive it. `recorder` becomes `call::recorder`.
[[nodiscard]] call call_of(const request& q, resource::effect_recorder* recorder = nullptr);

} // namespace atrium::http

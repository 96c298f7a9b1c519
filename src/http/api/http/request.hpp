#pragma once

#include <base/error.hpp>
#include <http/fields.hpp>

#include <boost/beast/http/verb.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::http {

using boost::beast::http::verb;

class memory_budget;
struct client_account;

/// One framed request, as a handler sees it. Lives until the handler's coroutine has ended; its views point into the
/// connection's buffer and live as long. One thread.
struct request {
    verb method = verb::get;
    int version = 11;             ///< 10 or 11: HTTP/1.0 or HTTP/1.1
    std::string_view target = {}; ///< as sent: path and query, still percent-encoded
    std::string path = {};        ///< percent-decoded once, without a trailing slash (except "/")
    std::string_view query = {};  ///< what follows '?', still encoded
    fields headers = {};
    std::string_view body = {};

    std::string request_id = {};  ///< given to this request, sent back as X-Request-Id
    std::string traceparent = {}; ///< of this request's own span, a child of the caller's where one came in

    /// Of the server: for handlers that need much memory. Null in a request that did not come by one.
    memory_budget* memory = nullptr;
    /// Of the connection, for limits that hold for one client. Null in a request that did not come by one.
    std::shared_ptr<client_account> client = {};

    /// Values of the route's `{names}`, in their order. Filled by the router.
    std::vector<std::pair<std::string_view, std::string>> parameters = {};

    /// The value of a `{name}` of the route. Throws std::logic_error for a name that the route has not.
    [[nodiscard]] std::string_view parameter(std::string_view name) const;

    /// The `{id}` of the route; `not_found` where it is no positive 63-bit number, as no such thing can exist.
    [[nodiscard]] result<std::int64_t> id() const;
};

} // namespace atrium::http

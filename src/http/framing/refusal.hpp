#pragma once

#include <boost/beast/http/status.hpp>

#include <chrono>
#include <string_view>

namespace atrium::http {

/// Why a request or a connection is refused before a handler sees it. After a framing error the connection sends the response
/// and closes, because the start of the next request is unknown. Both texts are literals.
struct refusal {
    boost::beast::http::status status;
    std::string_view reason;             ///< the label of `atrium_http_refused_total`
    std::string_view detail;             ///< the detail for the client
    std::chrono::seconds retry_after{0}; ///< 0 means no Retry-After
};

} // namespace atrium::http

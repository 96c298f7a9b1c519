#pragma once

#include <boost/beast/http/status.hpp>

#include <chrono>
#include <string_view>

namespace atrium::http {

/// Why a request is refused before a handler sees it. After broken framing the connection sends the answer and closes, because
/// it is unknown where the next request begins. Both texts are literals.
struct refusal {
    boost::beast::http::status status;
    std::string_view reason;             ///< the label of `atrium_http_refused_total`
    std::string_view detail;             ///< for the client
    std::chrono::seconds retry_after{0}; ///< 0: not said
};

} // namespace atrium::http

#pragma once

#include <boost/beast/http/status.hpp>

#include <string_view>

namespace atrium::http {

/// Why a request is refused before a handler sees it. The connection sends the answer and closes: after broken framing nobody
/// can say where the next request begins. Both texts are literals.
struct refusal {
    boost::beast::http::status status;
    std::string_view reason; ///< the label of `atrium_http_refused_total`
    std::string_view detail; ///< for the client
};

} // namespace atrium::http

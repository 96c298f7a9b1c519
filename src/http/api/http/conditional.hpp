#pragma once

#include <http/request.hpp>

#include <string_view>

namespace atrium::http {

/// What a request's If-Match and If-None-Match make of the present state of what it names (RFC 9110, 13.2.2).
enum class precondition {
    holds,
    not_modified, ///< GET or HEAD of what the client has already: 304
    fails,        ///< 412
};

/// `etag` is the present strong ETag, quotes included; empty for what is there and has none: `*` alone matches that. A
/// malformed condition matches nothing.
[[nodiscard]] precondition evaluate_preconditions(const request& q, std::string_view etag);

} // namespace atrium::http

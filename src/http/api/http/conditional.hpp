#pragma once

#include <http/request.hpp>

#include <string_view>

namespace atrium::http {

/// The result of evaluating If-Match and If-None-Match against the current state of the resource (RFC 9110, section 13.2.2).
enum class precondition {
    holds,
    not_modified, ///< the request is a GET or HEAD, and the client already has this state (304)
    fails,        ///< 412
};

/// `etag` is the current strong ETag with its quotes. An empty `etag` stands for a resource that exists but has no ETag: only
/// `*` matches it. A malformed condition matches nothing.
[[nodiscard]] precondition evaluate_preconditions(const request& q, std::string_view etag);

} // namespace atrium::http

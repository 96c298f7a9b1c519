#pragma once

#include <http/router.hpp>
#include <metrics/registry.hpp>
#include <rate_limits/settings.hpp>

#include <string_view>

/// Rate limits for HTTP requests, announced as draft-ietf-httpapi-ratelimit-headers-09 defines it.
namespace atrium::rate_limits {

/// Limits the requests of each client to the routes that `router` has so far. A group of routes without a limit costs nothing.
/// A route belongs to the group of GraphQL if it has the path `graphql`, to that of operators if its scope is one of theirs
/// ("events:...", "metrics:...", "admin"), and otherwise to reading or writing, by its method. Vital routes have no limit.
///
/// Responses have `RateLimit-Policy` and `RateLimit`; a client over its limit gets 429 with `Retry-After`, before the handler
/// is called. `metrics` must outlive the router.
void limit_requests(http::router& router, const settings& s, std::string_view graphql, metrics::registry& metrics);

} // namespace atrium::rate_limits

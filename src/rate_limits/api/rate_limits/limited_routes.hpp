#pragma once

#include <http/router.hpp>
#include <metrics/registry.hpp>
#include <rate_limits/settings.hpp>

#include <string_view>

/// Rate limits for HTTP requests, announced as draft-ietf-httpapi-ratelimit-headers-09 defines it.
namespace atrium::rate_limits {

/// Limits how many requests each client may send to the routes that `router` has so far. A group of routes without a limit
/// costs nothing. The route with the path `graphql_path` belongs to the group of GraphQL. Routes that require a scope of
/// operators ("events:...", "metrics:...", "admin") belong to the group of operators. All others belong to the group of reads
/// or to that of writes, depending on their method. Vital routes have no limit.
///
/// Responses have `RateLimit-Policy` and `RateLimit`; a client over its limit gets 429 with `Retry-After`, before the handler
/// is called. `metrics` must outlive the router.
void limit_requests(http::router& router, const settings& s, std::string_view graphql_path, metrics::registry& metrics);

} // namespace atrium::rate_limits

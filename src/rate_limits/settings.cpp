#include <config/schema.hpp>
#include <rate_limits/settings.hpp>

namespace atrium::rate_limits {

using namespace std::chrono_literals;

void declare(config::schema& schema, settings& settings) {
    constexpr std::int64_t max_requests = 1'000'000'000;
    auto& [window, read, write, graphql, operate] = settings; // lists all members, so that none can be forgotten
    schema.section("http.rate_limits",
                   "How many requests one client may send in a window of time; 0 means no limit. A client is the principal of "
                   "the request or, without authentication, an address; an IPv6 network of 64 bits counts as one address. "
                   "Further requests get 429 with Retry-After.");
    schema.duration("http.rate_limits.window", window, 1s, 24h,
                    "Length of the window. The windows of all clients begin at the same time.");
    schema.integer("http.rate_limits.read", read, 0, max_requests,
                   "Maximum number of GET requests to the routes of modules. 0 means no limit.");
    schema.integer("http.rate_limits.write", write, 0, max_requests,
                   "Maximum number of all other requests to the routes of modules. 0 means no limit.");
    schema.integer("http.rate_limits.graphql", graphql, 0, max_requests,
                   "Maximum number of requests to /graphql/. A WebSocket counts as one request; graphql.budget limits what "
                   "its operations compute. 0 means no limit.");
    schema.integer(
        "http.rate_limits.operate", operate, 0, max_requests,
        "Maximum number of requests to the routes of operators, except /livez, /readyz and /metrics, which never have a "
        "limit. 0 means no limit.");
}

} // namespace atrium::rate_limits

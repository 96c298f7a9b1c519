#include <access/principal.hpp>
#include <http/client_account.hpp>
#include <rate_limits/limited_routes.hpp>
#include <rate_limits/window_counter.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace atrium::rate_limits {
namespace {

/// A group of routes with one limit.
struct group {
    std::string name;
    std::int64_t limit;
    std::chrono::milliseconds window;
    metrics::counter refused;
    window_counter counter;

    group(std::string group_name, std::int64_t max_requests, std::chrono::milliseconds length, metrics::registry& metrics)
        : name{std::move(group_name)}, limit{max_requests}, window{length},
          refused{metrics.counter("atrium_http_rate_limited_total", "Requests that were refused because of a rate limit",
                                  {{"group", name}})},
          counter{length} {}

    [[nodiscard]] std::string policy() const {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(window).count();
        return '"' + name + "\";q=" + std::to_string(limit) + ";w=" + std::to_string(seconds);
    }
    [[nodiscard]] std::string state(const window_counter::count& used) const {
        return '"' + name + "\";r=" + std::to_string(std::max(std::int64_t{0}, limit - used.requests)) +
               ";t=" + std::to_string(used.left.count());
    }
};

/// The name under which a client is counted: the name of its principal or, if it has none or is anonymous, its address.
std::string client_of(const http::request& q) {
    if (q.principal && q.principal != access::principal::anonymous())
        return q.principal->name();
    return q.client ? "address " + std::to_string(static_cast<std::uint64_t>(q.client->address)) : "unknown";
}

http::response too_many_requests(const group& g, const window_counter::count& used) {
    g.refused.increment();
    auto answer = http::problem(http::status::too_many_requests, "this client has sent " + std::to_string(g.limit) +
                                                                     " requests in this window, which is the maximum");
    answer.set("Retry-After", std::to_string(used.left.count()));
    return answer;
}

awaitable<http::response> answer_within_limit(group& g, const http::handler& handler, const http::request& q) {
    const auto used = g.counter.add(client_of(q), window_counter::clock::now());
    http::response answer;
    if (used.requests > g.limit)
        answer = too_many_requests(g, used);
    else
        answer = co_await handler(q); // not in a conditional expression: GCC 12 would destroy the response twice
    answer.set("RateLimit-Policy", g.policy()).set("RateLimit", g.state(used));
    co_return answer;
}

/// The limit is described even if none is set, because clients should be prepared for one.
void describe_limit(http::operation& o) {
    o.response_headers.insert(o.response_headers.end(), {"RateLimit", "RateLimit-Policy"});
    o.errors.push_back(http::status::too_many_requests);
}

bool is_for_operators(const http::route& r) {
    const std::string_view scope = r.requirement.scope();
    return scope.starts_with("events:") || scope.starts_with("metrics:") || scope == access::admin;
}

} // namespace

void limit_requests(http::router& router, const settings& s, std::string_view graphql_path, metrics::registry& metrics) {
    const auto make_group = [&](const char* name, std::int64_t limit) {
        return limit == 0 ? nullptr : std::make_shared<group>(name, limit, s.window, metrics);
    };
    const auto read_group = make_group("read", s.read);
    const auto write_group = make_group("write", s.write);
    const auto graphql_group = make_group("graphql", s.graphql);
    const auto operator_group = make_group("operate", s.operate);
    router.wrap_handlers([&](http::route& r, http::handler h) -> http::handler {
        if (!r.is_vital)
            describe_limit(r.operation);
        const auto& its_group = r.pattern == graphql_path     ? graphql_group
                                : is_for_operators(r)         ? operator_group
                                : r.method == http::verb::get ? read_group
                                                              : write_group;
        if (r.is_vital || !its_group)
            return h;
        return
            [its_group, handler = std::move(h)](const http::request& q) { return answer_within_limit(*its_group, handler, q); };
    });
}

} // namespace atrium::rate_limits

#include "server/request_metrics.hpp"

#include <http/method.hpp>

#include <algorithm>
#include <string>

namespace atrium::http {
namespace {

std::string label_of(std::string_view pattern) {
    return pattern.empty() ? "none" : std::string{pattern};
}

/// Clients can send any method. The methods that HTTP does not define share one label.
std::string label_of(verb method) {
    return method == verb::unknown ? "other" : std::string{name_of(method)};
}

} // namespace

request_metrics::route_metrics& request_metrics::find(std::string_view pattern) {
    const auto* key = pattern.empty() ? nullptr : pattern.data();
    if (const auto found = routes_.find(key); found != routes_.end()) [[likely]]
        return found->second;
    auto duration = registry_.histogram("atrium_http_request_duration_seconds",
                                        "Time from a complete request to its response, before it is sent",
                                        metrics::latency_buckets(), {{"route", label_of(pattern)}});
    return routes_.emplace(key, route_metrics{duration, {}}).first->second;
}

void request_metrics::count(std::string_view pattern, verb method, status s, std::chrono::steady_clock::duration duration) {
    auto& route = find(pattern);
    route.duration.observe(std::chrono::duration<double>{duration}.count());

    const auto same = [&](const answer_counter& a) { return a.method == method && a.status == s; };
    auto answer = std::find_if(route.answers.begin(), route.answers.end(), same);
    if (answer == route.answers.end()) {
        const auto code = std::to_string(static_cast<unsigned>(s));
        auto requests = registry_.counter("atrium_http_requests_total", "Answered requests",
                                          {{"route", label_of(pattern)}, {"method", label_of(method)}, {"status", code}});
        answer = route.answers.insert(route.answers.end(), {method, s, requests});
    }
    answer->requests.increment();
}

void request_metrics::count_refusal(std::string_view reason) {
    registry_
        .counter("atrium_http_refused_total", "Requests and connections refused before any handler saw them",
                 {{"reason", std::string{reason}}})
        .increment();
}

} // namespace atrium::http

#pragma once

#include <http/request.hpp>
#include <http/response.hpp>
#include <metrics/registry.hpp>

#include <chrono>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace atrium::http {

/// Counts requests by route, method and status. Each worker has an object of its own, so that it finds the counter of a request
/// without a lock or a string comparison. The counters themselves are those of the registry, which all workers share. One
/// thread.
class request_metrics {
public:
    explicit request_metrics(metrics::registry& registry) : registry_{registry} {}

    /// `pattern` must point into the router, because its address is the key of the counters. If the path of the request is
    /// unknown, `pattern` is empty.
    void count(std::string_view pattern, verb method, status s, std::chrono::steady_clock::duration duration);

    /// Counts a request that was refused before the router saw it. `reason` is a literal.
    void count_refusal(std::string_view reason);

private:
    struct answer_counter {
        verb method;
        http::status status;
        metrics::counter requests;
    };
    struct route_metrics {
        metrics::histogram duration;
        std::vector<answer_counter> answers; ///< only a few, so they are searched from the front
    };
    route_metrics& find(std::string_view pattern);

    metrics::registry& registry_;
    std::unordered_map<const char*, route_metrics> routes_;
};

} // namespace atrium::http

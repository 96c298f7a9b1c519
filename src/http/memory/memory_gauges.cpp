#include "memory/memory_gauges.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <utility>

namespace atrium::http {
namespace {

constexpr std::array<memory_use, memory_uses> all_uses{memory_use::incoming, memory_use::responses, memory_use::subscriptions,
                                                       memory_use::documents, memory_use::assets};

std::string name_of(memory_use use) {
    switch (use) {
    case memory_use::incoming: return "incoming";
    case memory_use::responses: return "responses";
    case memory_use::subscriptions: return "subscriptions";
    case memory_use::documents: return "documents";
    case memory_use::assets: return "assets";
    }
    return {};
}

} // namespace

void show_memory(metrics::registry& metrics, const std::shared_ptr<const memory_budget>& budget) {
    metrics.gauge("atrium_http_memory_limit_bytes", "Limit of the memory that clients cause the process to use")
        .set(static_cast<double>(budget->limit()));
    const auto waiting =
        metrics.gauge("atrium_http_memory_waiting", "Requests that wait until there is memory for their responses");
    const auto refusals =
        metrics.counter("atrium_http_memory_refusals_total", "How often a request for memory was not granted immediately");
    for (const auto use : all_uses) {
        const auto used =
            metrics.gauge("atrium_http_memory_bytes",
                          "Memory that clients cause the process to use, for each use; includes what threads have reserved",
                          {{"use", name_of(use)}});
        metrics.before_render([budget, used, use] { used.set(static_cast<double>(budget->share(use).used())); });
    }
    metrics.before_render([budget, waiting, refusals, seen = std::uint64_t{0}]() mutable {
        waiting.set(static_cast<double>(budget->waiting()));
        const auto current = budget->refusals();
        refusals.increment(static_cast<double>(current - std::exchange(seen, current)));
    });
}

} // namespace atrium::http

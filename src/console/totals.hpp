#pragma once

#include "history.hpp"

#include <metrics/registry.hpp>

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace atrium::console {

/// The totals of the metrics at one moment.
struct totals {
    // Counts since the start of the process.
    double requests = 0;
    double client_errors = 0;
    double server_errors = 0;
    double commits = 0;
    double writes = 0;
    double published = 0;
    double handled = 0;
    double failed = 0;
    std::vector<metrics::reading::bucket> durations{}; ///< the durations of all requests
    std::map<std::string, double> by_route{};          ///< see `rates`
    std::map<std::string, double> by_topic{};
    std::map<std::string, double> by_subscription{};

    // Values at this moment.
    double writer_queue = 0;
    double wal = 0;
    double connections = 0;
};

/// Reads the current totals from the metrics of the process.
[[nodiscard]] totals read_totals(metrics::registry& registry);

/// The quantile `fraction` (from 0 to 1) of the values that a histogram has observed between two moments, interpolated within
/// its bucket as Prometheus does. NaN if no value was observed; the highest finite bound if the quantile is above it. If
/// `before` is empty, all values of `now` count.
[[nodiscard]] double quantile(const std::vector<metrics::reading::bucket>& before,
                              const std::vector<metrics::reading::bucket>& now, double fraction);

/// The sample for the time between two moments. `time`, `backlog`, `dead_letters` and `memory` are left at 0, because they do
/// not come from the totals.
[[nodiscard]] sample difference(const totals& before, const totals& now, std::chrono::duration<double> elapsed);
/// The rates of the time between two moments.
[[nodiscard]] rates rates_between(const totals& before, const totals& now, std::chrono::duration<double> elapsed);

} // namespace atrium::console

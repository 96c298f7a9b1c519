#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace atrium::monitoring {

/// All time series with the same name.
struct metric {
    std::string type; ///< "counter", "gauge" or "histogram"
    std::string help;
    std::set<std::string> labels; ///< without the label `le` of a histogram
    bool operator==(const metric&) const = default;
};

/// The metrics by name.
using metrics = std::map<std::string, metric>;

/// Reads the Prometheus text format, and adds the metrics in it to `collected`. Throws std::runtime_error if a line has an
/// unexpected form, or if `collected` already has a metric with the same name that differs in more than its labels.
void add_exported(metrics& collected, std::string_view exposition);

/// The metric to which this series belongs; null if there is none. A histogram has the series NAME_bucket, NAME_sum and
/// NAME_count, and other metrics have one series with their own name.
[[nodiscard]] const metric* find_series(const metrics& exported, std::string_view series);

} // namespace atrium::monitoring

#pragma once

#include "exported_metrics.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace atrium::monitoring {

/// The content of docs/metrics.md after its tables were rendered again.
struct metrics_page {
    std::string text;
    std::vector<std::string> listed;         ///< names of the metrics in its tables, in order
    std::vector<std::string> without_advice; ///< names of the metrics whose last column is empty
};

/// Renders the tables of the page. A line `<!-- metrics: PREFIX -->` begins a table of all metrics whose names begin with
/// PREFIX; several prefixes are separated by blanks. The last column, what to do about a value, is written by hand. It is
/// copied from the row of the metric in `page`. Throws std::runtime_error if a table has no end.
[[nodiscard]] metrics_page render_page(std::string_view page, const metrics& exported);

} // namespace atrium::monitoring

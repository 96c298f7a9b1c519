#pragma once

#include <set>
#include <string>
#include <string_view>

namespace atrium::monitoring {

/// The names that a PromQL expression uses.
struct expression_names {
    std::set<std::string> series;
    std::set<std::string> labels; ///< in selectors, and in lists such as that of `by`
    bool operator==(const expression_names&) const = default;
};

/// Reads the names in an expression. It knows the functions and operators that the files of this repository use, and Grafana's
/// variables. Throws std::runtime_error for anything else, so that no misspelled name is overlooked.
[[nodiscard]] expression_names read_expression(std::string_view expression);

} // namespace atrium::monitoring

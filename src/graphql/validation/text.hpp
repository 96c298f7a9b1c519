#pragma once

#include "language/abbreviated.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace atrium::graphql::validation {

/// Joins its arguments into one string.
template <class... Parts>
[[nodiscard]] std::string text(const Parts&... parts) {
    std::string whole;
    (whole.append(std::string_view{parts}), ...);
    return whole;
}

/// `"name"`
[[nodiscard]] inline std::string quoted(std::string_view name) {
    return text("\"", abbreviated(name), "\"");
}

/// `"$name"`
[[nodiscard]] inline std::string quoted_variable(std::string_view name) {
    return text("\"$", abbreviated(name), "\"");
}

/// The names of the items, from which suggestions are chosen.
template <class Named>
[[nodiscard]] std::vector<std::string_view> names_of(const std::vector<Named>& items) {
    std::vector<std::string_view> names;
    names.reserve(items.size());
    for (const auto& item : items)
        names.push_back(item.name);
    return names;
}

} // namespace atrium::graphql::validation

#pragma once

#include "language/abbreviated.hpp"

#include <string>
#include <string_view>

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

} // namespace atrium::graphql::validation

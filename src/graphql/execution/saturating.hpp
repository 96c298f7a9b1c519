#pragma once

#include <cstddef>
#include <limits>

/// Sums and products that are limited to the largest representable number.
namespace atrium::graphql::saturating {

inline constexpr auto max = std::numeric_limits<std::size_t>::max();

[[nodiscard]] constexpr std::size_t plus(std::size_t a, std::size_t b) noexcept {
    return a > max - b ? max : a + b;
}

[[nodiscard]] constexpr std::size_t times(std::size_t a, std::size_t b) noexcept {
    return b != 0 && a > max / b ? max : a * b;
}

} // namespace atrium::graphql::saturating

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace atrium::http {

/// A number from outside, which may be no integer, or one that no int64 can hold.
struct whole_number {
    bool is_integer = false;
    std::optional<std::int64_t> value = {}; ///< empty where it is none or does not fit

    [[nodiscard]] bool in(std::int64_t least, std::int64_t most) const noexcept {
        return value && *value >= least && *value <= most;
    }
};

/// 1.0 is an integer, 1.5 is none.
[[nodiscard]] whole_number to_whole(double number) noexcept;

/// Decimal digits, with a minus where it is negative.
[[nodiscard]] whole_number read_decimal(std::string_view text) noexcept;

/// How a fault words the range that a number must keep to.
[[nodiscard]] std::string range_text(std::int64_t least, std::int64_t most);

} // namespace atrium::http

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace atrium::input {

/// A number from outside, which may be no integer, or one that no int64 can hold.
struct whole_number {
    bool is_integer = false;
    std::optional<std::int64_t> value = {}; ///< empty where it is none or does not fit

    [[nodiscard]] bool in(std::int64_t min, std::int64_t max) const noexcept { return value && *value >= min && *value <= max; }
};

/// A number as JSON writes it (RFC 8259, 6), by its value and to the last digit: 1.0, 1e0 and 10e-1 are the integer 1,
/// 1.0000000000000000001 is none.
[[nodiscard]] whole_number read_json_number(std::string_view text);

/// Decimal digits, with a minus where it is negative.
[[nodiscard]] whole_number read_decimal(std::string_view text) noexcept;

/// How a fault words the range that a number must keep to.
[[nodiscard]] std::string range_text(std::int64_t min, std::int64_t max);

} // namespace atrium::input

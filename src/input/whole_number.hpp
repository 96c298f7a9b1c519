#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace atrium::input {

/// A number that was read from a client. It can also be a fraction, or an integer that does not fit into 64 bits.
struct whole_number {
    bool is_integer = false;
    std::optional<std::int64_t> value = {}; ///< empty if the number is not an integer or does not fit

    [[nodiscard]] bool is_within(std::int64_t min, std::int64_t max) const noexcept {
        return value && *value >= min && *value <= max;
    }
};

/// Reads a JSON number (RFC 8259, section 6) exactly, by its value: 1.0, 1e0 and 10e-1 are the integer 1,
/// and 1.0000000000000000001 is not an integer.
[[nodiscard]] whole_number read_json_number(std::string_view text);

/// Reads decimal digits, with a minus sign if the number is negative.
[[nodiscard]] whole_number read_decimal(std::string_view text) noexcept;

/// The error message for a number out of range.
[[nodiscard]] std::string range_text(std::int64_t min, std::int64_t max);

} // namespace atrium::input

#include "whole_number.hpp"

#include <charconv>
#include <cmath>

namespace atrium::http {

whole_number to_whole(double number) noexcept {
    if (std::trunc(number) != number) // an infinity counts as an integer that does not fit
        return {};
    constexpr double limit = 9223372036854775808.0; // 2^63: a double, and one more than an int64 can be
    if (number < -limit || number >= limit)
        return {.is_integer = true};
    return {true, static_cast<std::int64_t>(number)};
}

whole_number read_decimal(std::string_view text) noexcept {
    const auto digits = text.substr(text.starts_with('-') ? 1 : 0);
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos)
        return {};
    std::int64_t number = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc{})
        return {.is_integer = true};
    return {true, number};
}

std::string range_text(std::int64_t least, std::int64_t most) {
    return "must be between " + std::to_string(least) + " and " + std::to_string(most);
}

} // namespace atrium::http

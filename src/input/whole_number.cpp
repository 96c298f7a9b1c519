#include "whole_number.hpp"

#include <algorithm>
#include <charconv>

namespace atrium::input {

namespace {

constexpr std::size_t max_digits = 19; // no std::int64_t has more digits

/// The exponent of a number. An exponent beyond the limit is clamped, so that the additions of the caller cannot overflow.
std::int64_t read_exponent(std::string_view text) noexcept {
    constexpr std::int64_t max_exponent = 1'000'000'000'000;
    std::int64_t exponent = 0;
    const auto digits = text.substr(text.starts_with('+') ? 1 : 0);
    if (std::from_chars(digits.data(), digits.data() + digits.size(), exponent).ec == std::errc::result_out_of_range)
        exponent = text.starts_with('-') ? -max_exponent : max_exponent;
    return std::clamp(exponent, -max_exponent, max_exponent);
}

} // namespace

whole_number read_json_number(std::string_view text) {
    const auto exponent_mark = std::min(text.find_first_of("eE"), text.size());
    const auto mantissa = text.substr(0, exponent_mark);
    const auto point = std::min(mantissa.find('.'), mantissa.size());
    const auto fraction = mantissa.substr(std::min(point + 1, mantissa.size()));
    const bool is_negative = mantissa.starts_with('-');

    // The number is `digits` times ten to the power of `exponent`. Once the zeros at both ends of `digits` are removed, the
    // number is an integer exactly if `exponent` >= 0.
    std::string digits{mantissa.substr(is_negative ? 1 : 0, point - (is_negative ? 1 : 0))};
    digits.append(fraction);
    auto exponent = -static_cast<std::int64_t>(fraction.size());
    if (exponent_mark < text.size())
        exponent += read_exponent(text.substr(exponent_mark + 1));
    digits.erase(0, digits.find_first_not_of('0'));
    if (digits.empty())
        return {true, 0};
    const auto significant = digits.find_last_not_of('0') + 1;
    exponent += static_cast<std::int64_t>(digits.size() - significant);
    digits.resize(significant);

    if (exponent < 0)
        return {};
    if (digits.size() + static_cast<std::size_t>(exponent) > max_digits)
        return {.is_integer = true};
    digits.append(static_cast<std::size_t>(exponent), '0');
    return read_decimal(is_negative ? '-' + digits : digits);
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

std::string range_text(std::int64_t min, std::int64_t max) {
    return "must be between " + std::to_string(min) + " and " + std::to_string(max);
}

} // namespace atrium::input

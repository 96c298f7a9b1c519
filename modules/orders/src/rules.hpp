#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace atrium::orders {

// What an order's fields may hold, for every interface that takes them. Values are well-formed UTF-8.

inline constexpr std::int64_t least_quantity = 1;
inline constexpr std::int64_t most_quantity = 1'000'000;

/// What is allowed at a status that is none.
inline constexpr std::string_view status_rule = "must be placed, fulfilled or cancelled";

/// 1 to 100 characters (code points), none of them U+0000; a name as `fault_of_name` has it. Returns what is allowed if the
/// value is not; empty if it is valid.
[[nodiscard]] std::string fault_of_product_name(std::string_view product_name);

} // namespace atrium::orders

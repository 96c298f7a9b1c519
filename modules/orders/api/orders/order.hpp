#pragma once

#include <base/ids.hpp>

#include <optional>
#include <string_view>

namespace atrium::orders {

using order_id = id<struct order_tag>;

/// Placed, then one of the two others, which are final.
enum class order_status { placed, fulfilled, cancelled };

/// "placed", "fulfilled", "cancelled": in the API and in events.
[[nodiscard]] std::string_view name_of(order_status s) noexcept;
[[nodiscard]] std::optional<order_status> parse_order_status(std::string_view name) noexcept;

} // namespace atrium::orders

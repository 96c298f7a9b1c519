#pragma once

#include <string_view>

namespace atrium::orders {

/// The topics that orders publishes, with the key "order/ID". The data are the fields that the description of orders
/// (`order_entity`) has in events. Programs on a bridge may send fewer fields: see the consumers.
inline constexpr std::string_view order_created = "orders.order_created";
inline constexpr std::string_view order_updated = "orders.order_updated"; ///< quantity or status changed
inline constexpr std::string_view order_deleted = "orders.order_deleted"; ///< by a client, or because its user left

} // namespace atrium::orders

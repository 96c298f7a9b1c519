#pragma once

#include <string_view>

namespace atrium::orders {

/// The topics that the module `orders` publishes. The key of each event is "order/ID". Its data are the fields that
/// `order_entity` marks with `in_events()`. Programs that publish these topics through a bridge may send fewer fields, so each
/// consumer checks whether the fields that it needs are there.
inline constexpr std::string_view order_created = "orders.order_created";
inline constexpr std::string_view order_updated = "orders.order_updated"; ///< quantity or status changed
inline constexpr std::string_view order_deleted = "orders.order_deleted"; ///< a client deleted the order or its user

} // namespace atrium::orders

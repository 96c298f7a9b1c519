#pragma once

#include <base/error.hpp>
#include <events/event.hpp>
#include <orders/order.hpp>
#include <users/user.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace atrium::orders {

/// The topics that orders publishes. All carry an `order_fact`; the key is "order/ID".
inline constexpr std::string_view order_created = "orders.order_created";
inline constexpr std::string_view order_updated = "orders.order_updated"; ///< quantity or status changed
inline constexpr std::string_view order_deleted = "orders.order_deleted"; ///< by a client, or because its user left

/// The data of these events: `{"order_id","user_id","user","product_name","quantity","status","revision"}`. A plain program on
/// a bridge may send less: `product_name` and one of `user_id` and `user` are enough; ids that are not there are 0.
struct order_fact {
    order_id id;
    users::user_id user_id;
    std::string user; ///< the name at that time; handlers go by `user_id` wherever there is one
    std::string product_name;
    std::int64_t quantity = 1;
    order_status status = order_status::placed;
    std::int64_t revision = 0;
};

/// The event that tells this fact under one of the topics above.
[[nodiscard]] events::new_event to_event(std::string_view topic, const order_fact& fact);

/// What such an event tells. Errors: malformed (data is not of that form; fields beyond it are ignored).
[[nodiscard]] result<order_fact> order_fact_of(const events::event& e);

} // namespace atrium::orders

#pragma once

#include <events/event.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace atrium::users {

inline constexpr std::string_view order_created = "orders.order_created";
inline constexpr std::string_view order_deleted = "orders.order_deleted";

/// An event about an order of a user, as the orders module publishes it.
inline events::new_event order_event(std::string_view topic, std::int64_t order, std::int64_t user = 1) {
    return {.topic = std::string{topic},
            .key = "order/" + std::to_string(order),
            .data = R"({"order_id":)" + std::to_string(order) + R"(,"user_id":)" + std::to_string(user) +
                    R"(,"user":"ann","product_name":"tea","quantity":1,"status":"placed","revision":1})"};
}

} // namespace atrium::users

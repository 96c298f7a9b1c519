#pragma once

#include <base/clock.hpp>
#include <base/names.hpp>
#include <entity/description.hpp>
#include <orders/order.hpp>
#include <users/user.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace atrium::orders {

using users::user_id;

/// An order starts as placed. The two other states are final.
enum class order_status { placed, fulfilled, cancelled };

inline const entity::enumeration& describe_enumeration(order_status) {
    static constexpr std::array<std::string_view, 3> words{"placed", "fulfilled", "cancelled"};
    static constexpr entity::enumeration description{"OrderStatus",
                                                     "An order is placed at first. The two other states are final.", words};
    return description;
}

/// An order of a user.
struct order {
    order_id id = {};
    orders::user_id user_id = {};
    std::string user = {}; ///< the name of the order's user, from `orders_user`
    std::string product_name = {};
    std::int64_t quantity = 1;
    order_status status = order_status::placed;
    std::int64_t revision = 1;
    std::int64_t name_revision = 1; ///< counts every change of the user's name
    timestamp created_at = {};
    timestamp updated_at = {};
};

/// Orders of deleted users are hidden immediately, although their rows are removed step by step. Because of CROSS JOIN,
/// SQLite first finds the orders by the index of the filter, and then the user of each order by id.
inline const entity::described<order> order_entity = [] {
    using namespace entity;
    return describe<order>(
        "Order", "An order of a user.",
        table{.name = "orders_order",
              .alias = "o",
              .joins = " CROSS JOIN orders_user AS u ON u.id = o.user_id",
              .visible = "u.deleted = 0",
              .indexes = {{"user_id", "id", "status", "product_name"},
                          {"status", "id", "user_id", "product_name"},
                          {"product_name", "id", "status", "user_id"}}},
        field{"id", &order::id, "o.id"}.as(role::identifier).in_events("order_id").sort(),
        field{"user_id", &order::user_id, "o.user_id"}.in_events().sort().graphql("user: User", "Its customer."),
        field{"user", &order::user, "u.username"}
            .in_events()
            .create(required, named{"username"})
            .filter(equal, {"o.user_id", "SELECT id FROM orders_user WHERE username = ?1"})
            .filter_in_graphql("username")
            .not_in_graphql(),
        field{"product_name", &order::product_name, "o.product_name"}
            .in_events()
            .create(required, length(1, 100), check{fault_of_name})
            .filter(prefix)
            .sort(),
        field{"quantity", &order::quantity, "o.quantity"}
            .in_events()
            .create(between(1, 1'000'000))
            .change(between(1, 1'000'000)),
        field{"status", &order::status, "o.status"}.in_events().change().filter(equal).sort(),
        field{"revision", &order::revision, "o.revision", "Counts every change of the order itself."}
            .as(role::revision)
            .in_events(),
        field{"name_revision", &order::name_revision, "u.name_revision"}.hidden().in_etag(),
        field{"created_at", &order::created_at, "o.created_at"}.as(role::created_at),
        field{"updated_at", &order::updated_at, "o.updated_at"}.as(role::updated_at));
}();

} // namespace atrium::orders

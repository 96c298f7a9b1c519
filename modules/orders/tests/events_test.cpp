#include "order.hpp"

#include <entity/changes.hpp>
#include <entity/event_data.hpp>
#include <support/catch.hpp>

using namespace atrium;
using namespace atrium::orders;

TEST_CASE("an event about an order has the whole order, under the order's key") {
    const order o{.id = {7},
                  .user_id = {3},
                  .user = "ann",
                  .product_name = "tea \"\u00E9\"",
                  .quantity = 2,
                  .status = order_status::fulfilled,
                  .revision = 5};
    CHECK(entity::event_key(order_entity, &o) == "order/7");
    CHECK(entity::event_data(order_entity, entity::event_fields(order_entity), &o) ==
          R"({"order_id":7,"user_id":3,"user":"ann","product_name":"tea \"é\"","quantity":2,)"
          R"("status":"fulfilled","revision":5})");
}

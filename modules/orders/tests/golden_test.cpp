// Compares every byte of an order that clients and consumers see. A new field adds a line to each of the three expectations.
// All other tests check only the fields that concern them.
#include "order.hpp"
#include "orders_fixture.hpp"

#include <entity/changes.hpp>
#include <entity/event_data.hpp>
#include <orders/events.hpp>
#include <support/catch.hpp>

using namespace atrium;
using namespace atrium::orders;

TEST_CASE("an event about an order has the key order/ID and contains all fields that clients see, except the times") {
    const order o{.id = {7},
                  .user_id = {3},
                  .user = "ann",
                  .product_name = "tea \"\u00E9\"",
                  .quantity = 2,
                  .status = order_status::fulfilled,
                  .revision = 5};
    CHECK(entity::event_key(order_entity, &o) == "order/7");
    CHECK(entity::event_data(order_entity, entity::event_fields(order_entity, order_created), &o) ==
          R"({"order_id":7,"user_id":3,"user":"ann",)"
          R"("product_name":"tea \"é\"",)"
          R"("quantity":2,)"
          R"("status":"fulfilled",)"
          R"("revision":5})");
}

TEST_CASE("a response and an event contain the fields of an order in the sequence in which its entity description lists them") {
    orders_fixture process;
    process.create_user("Ann");
    const auto placed = process.post("/orders/", R"({"username":"ann","product_name":"tea"})");
    CHECK(placed.body == R"({"message":"Order created successfully","order":{"id":1,"user_id":1,"user":"Ann",)"
                         R"("product_name":"tea",)"
                         R"("quantity":1,)"
                         R"("status":"placed",)"
                         R"("revision":1,)"
                         R"("created_at":"2026-11-22T12:00:00.000Z","updated_at":"2026-11-22T12:00:00.000Z"}})");
    CHECK(process.published(order_created).at(0).data == R"({"order_id":1,"user_id":1,"user":"Ann",)"
                                                         R"("product_name":"tea",)"
                                                         R"("quantity":1,)"
                                                         R"("status":"placed",)"
                                                         R"("revision":1})");
}

#include <orders/events.hpp>
#include <support/catch.hpp>

using namespace atrium;
using namespace atrium::orders;

namespace {

events::event received(std::string data) {
    events::event e;
    e.topic = order_created;
    e.data = std::move(data);
    return e;
}

} // namespace

TEST_CASE("an order's event tells the whole order, under the order's key") {
    const auto told = to_event(order_updated, {.id = {7},
                                               .user_id = {3},
                                               .user = "ann",
                                               .product_name = "tea \"\u00E9\"",
                                               .quantity = 2,
                                               .status = order_status::fulfilled,
                                               .revision = 5});
    CHECK(told.topic == "orders.order_updated");
    CHECK(told.key == "order/7");
    CHECK(told.data == R"({"order_id":7,"user_id":3,"user":"ann","product_name":"tea \"é\"","quantity":2,)"
                       R"("status":"fulfilled","revision":5})");

    const auto heard = order_fact_of(received(told.data));
    REQUIRE(heard);
    CHECK(heard->id == order_id{7});
    CHECK(heard->user_id == users::user_id{3});
    CHECK(heard->user == "ann");
    CHECK(heard->product_name == "tea \"\u00E9\"");
    CHECK(heard->quantity == 2);
    CHECK(heard->status == order_status::fulfilled);
    CHECK(heard->revision == 5);
}

TEST_CASE("data that is no order fact is refused, not thrown at the handler") {
    for (const auto* bad :
         {"", "[]", "{}",
          R"({"order_id":7,"user_id":3,"user":"ann","product_name":"tea","quantity":2,"status":"lost","revision":5})",
          R"({"order_id":7,"user_id":3,"user":"ann","product_name":"tea","quantity":"2","status":"placed","revision":5})",
          R"({"order_id":7,"product_name":"tea","quantity":2,"status":"placed","revision":5})", R"({"user":"ann"})",
          R"({"user":7,"product_name":"tea"})"}) {
        const auto heard = order_fact_of(received(bad));
        REQUIRE_FALSE(heard);
        CHECK(heard.error().code == errc::malformed);
    }
}

TEST_CASE("a plain program may send as little as who ordered what") {
    const auto heard = order_fact_of(received(R"({"user":"ann","product_name":"tea"})"));
    REQUIRE(heard);
    CHECK(heard->user == "ann");
    CHECK(heard->user_id == users::user_id{});
    CHECK(heard->quantity == 1);
    CHECK(heard->status == order_status::placed);
}

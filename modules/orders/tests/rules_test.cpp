#include "rules.hpp"

#include <orders/order.hpp>
#include <support/catch.hpp>

#include <string>

using namespace atrium::orders;

TEST_CASE("a product's name has 1 to 100 code points of any kind but U+0000") {
    std::string hundred;
    for (int i = 0; i < 100; ++i)
        hundred += "\U0001F375";
    for (const auto& good : {std::string{"t"}, std::string{" tea\n"}, std::string{"\x01"}, std::string{"%_\""}, hundred})
        CHECK(fault_of_product_name(good).empty());

    CHECK(fault_of_product_name("") == "must have 1 to 100 characters");
    CHECK(fault_of_product_name(hundred + "x") == "must have 1 to 100 characters");
    CHECK(fault_of_product_name(std::string_view{"a\0b", 3}) == "must not contain the character U+0000");
}

TEST_CASE("a status is called by its one name") {
    for (const auto s : {order_status::placed, order_status::fulfilled, order_status::cancelled})
        CHECK(parse_order_status(name_of(s)) == s);
    for (const auto* none : {"", "Placed", "done", "placed "})
        CHECK_FALSE(parse_order_status(none));
}

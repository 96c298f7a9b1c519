#include "rules.hpp"

#include <orders/order.hpp>
#include <support/catch.hpp>

#include <string>

using namespace atrium::orders;

TEST_CASE("a product's name has 1 to 100 code points, and U+0000 is not one of them") {
    std::string hundred;
    for (int i = 0; i < 100; ++i)
        hundred += "\U0001F375";
    for (const auto& good : {std::string{"t"}, std::string{" tea\n"}, std::string{"t\x01"}, std::string{"%_\""}, hundred})
        CHECK(fault_of_product_name(good).empty());

    CHECK(fault_of_product_name("") == "must have 1 to 100 characters");
    CHECK(fault_of_product_name(hundred + "x") == "must have 1 to 100 characters");
    CHECK(fault_of_product_name(std::string_view{"a\0b", 3}) == "must not contain the character U+0000");
}

TEST_CASE("a product's name shows something, and hides nothing") {
    CHECK(fault_of_product_name("🍵 \u0686\u0627\u06CC\u200C\u0633\u0628\u0632").empty()); // tea, and green tea in Persian
    for (const auto* blank : {"   ", "\u3000", "\n\t", "\u2800", "\x01"})
        CHECK(fault_of_product_name(blank) == "must have a visible character");
    CHECK(fault_of_product_name("t\u200bea") == "must not contain U+200B, which is invisible");
    CHECK(fault_of_product_name("tea\u2028") == "must not contain U+2028, which separates lines or paragraphs");
}

TEST_CASE("a status is called by its one name") {
    for (const auto s : {order_status::placed, order_status::fulfilled, order_status::cancelled})
        CHECK(parse_order_status(name_of(s)) == s);
    for (const auto* none : {"", "Placed", "done", "placed "})
        CHECK_FALSE(parse_order_status(none));
}

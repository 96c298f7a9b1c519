#include "order.hpp"

#include <support/catch.hpp>

#include <string>

using namespace atrium::orders;

namespace {

std::string error_of_product_name(std::string_view name) {
    return order_entity.fields()[order_entity.index_of("product_name")].create->error_of(name);
}

} // namespace

TEST_CASE("a product's name has 1 to 100 code points") {
    std::string hundred;
    for (int i = 0; i < 100; ++i)
        hundred += "\U0001F375";
    for (const auto& good : {std::string{"t"}, std::string{" tea\n"}, std::string{"t\x01"}, std::string{"%_\""}, hundred})
        CHECK(error_of_product_name(good).empty());

    CHECK(error_of_product_name("") == "must have 1 to 100 characters");
    CHECK(error_of_product_name(hundred + "x") == "must have 1 to 100 characters");
}

TEST_CASE("a product's name has a visible character, and neither a zero-width space nor a line separator") {
    CHECK(error_of_product_name("🍵 \u0686\u0627\u06CC\u200C\u0633\u0628\u0632").empty()); // tea, and green tea in Persian
    for (const auto* blank : {"   ", "\u3000", "\n\t", "\u2800", "\x01"})
        CHECK(error_of_product_name(blank) == "must have a visible character");
    CHECK(error_of_product_name("t\u200bea") == "must not contain U+200B, which is invisible");
    CHECK(error_of_product_name("tea\u2028") == "must not contain U+2028, which separates lines or paragraphs");
}

TEST_CASE("the three statuses of an order have the names placed, fulfilled and cancelled") {
    const auto& all = describe_enumeration(order_status::placed);
    CHECK(all.find_word("placed") == static_cast<std::int64_t>(order_status::placed));
    CHECK(all.find_word("fulfilled") == static_cast<std::int64_t>(order_status::fulfilled));
    CHECK(all.find_word("cancelled") == static_cast<std::int64_t>(order_status::cancelled));
    for (const auto* none : {"", "Placed", "done", "placed "})
        CHECK_FALSE(all.find_word(none));
}

#include "sql_literals.hpp"

#include <support/catch.hpp>

using atrium::statements::string_literals;
using texts = std::vector<std::string>;

TEST_CASE("adjacent string literals are joined, others are not") {
    CHECK(string_literals(R"(f("a" "b"
        "c", "d"); g("e" + x + "f");)") == texts{"abc", "d", "e", "f"});
}

TEST_CASE("escaped quotes, and quotes in character literals and comments, neither begin nor end a string literal") {
    CHECK(string_literals("a = \"x\\\"y\"; // \"no\"\n b = '\"'; c = '\\''; /* \"no\" */ d = \"z\" // no\n \"w\";") ==
          texts{"x\"y", "zw"});
}

TEST_CASE("a raw string literal ends at its own delimiter") {
    CHECK(string_literals("a = R\"(x \"y\" z)\"; b = R\"end(p )\" q)end\";") == texts{"x \"y\" z", "p )\" q"});
}

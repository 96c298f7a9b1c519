#include "sql_literals.hpp"

#include <support/catch.hpp>

using atrium::statements::string_literals;
using texts = std::vector<std::string>;

TEST_CASE("adjacent literals are one text, others are not") {
    CHECK(string_literals(R"(f("a" "b"
        "c", "d"); g("e" + x + "f");)") == texts{"abc", "d", "e", "f"});
}

TEST_CASE("a literal may have escapes, and stand between quotes and comments") {
    CHECK(string_literals("a = \"x\\\"y\"; // \"no\"\n b = '\"'; c = '\\''; /* \"no\" */ d = \"z\" // no\n \"w\";") ==
          texts{"x\"y", "zw"});
}

TEST_CASE("a raw literal ends at its own mark") {
    CHECK(string_literals("a = R\"(x \"y\" z)\"; b = R\"end(p )\" q)end\";") == texts{"x \"y\" z", "p )\" q"});
}

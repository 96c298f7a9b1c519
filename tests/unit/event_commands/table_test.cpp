#include "table.hpp"

#include <support/catch.hpp>

using atrium::event_commands::table;

TEST_CASE("the columns of a table are as wide as their widest cells") {
    table t{{{"N", true}, {"NAME"}, {"TEXT"}}};
    t.add({"7", "a", "one"});
    t.add({"123", "long name", ""});
    CHECK(t.render(0) == "  N  NAME       TEXT\n"
                         "  7  a          one\n"
                         "123  long name  \n");
}

TEST_CASE("the last column of a table is cut to the width of the terminal, counted in characters instead of bytes") {
    table t{{{"A"}, {"TEXT"}}};
    t.add({"1", "ääääääääääää"});
    CHECK(t.render(12) == "A  TEXT\n1  ääääääää…\n");
    CHECK(t.render(3) == "A  TEXT\n1  äääääää…\n"); // the last column always shows at least 8 characters
}

TEST_CASE("control characters, which could change the terminal, are escaped in a table") {
    table t{{{"TEXT"}}};
    t.add({"a\x1b[31m\nb"});
    CHECK(t.render(0) == "TEXT\na\\u001b[31m\\u000ab\n");
}

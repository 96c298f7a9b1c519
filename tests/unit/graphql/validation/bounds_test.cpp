#include "zoo.hpp"

#include <string>

using namespace atrium::graphql;
using zoo::errors_of;

namespace {

/// Returns `make(0) make(1) ...`.
template <class Make>
std::string repeat(int count, Make make) {
    std::string all;
    for (int i = 0; i < count; ++i)
        all.append(make(i)).append(" ");
    return all;
}

std::string number(int i) {
    return std::to_string(i);
}

const located_error aborted{"Validation aborted."};
const located_error too_many{"Too many validation errors, error limit reached. Validation aborted."};

} // namespace

TEST_CASE("validation stops after a hundred errors") {
    const auto hundred = errors_of("{" + repeat(100, [](int) { return "x"; }) + "}");
    CHECK(hundred.size() == 100);
    CHECK(hundred.back().message == "Cannot query field \"x\" on type \"Query\".");
    const auto more = errors_of("{" + repeat(5000, [](int i) { return "x" + number(i); }) + "}");
    REQUIRE(more.size() == 101);
    CHECK(more.back() == too_many);
}

TEST_CASE("the comparison of very many fields with the same response key is aborted") {
    CHECK(errors_of("{ cat {" + repeat(5000, [](int) { return "name"; }) + "} }") == located_errors{aborted});
    CHECK(errors_of("{ cat {" + repeat(400, [](int) { return "name"; }) + "} }").empty());
}

TEST_CASE("at most a hundred conflicts are reported") {
    const auto errors = errors_of("{ cat {" + repeat(300, [](int i) { return i % 2 == 0 ? "a: name" : "a: age"; }) + "} }");
    REQUIRE(errors.size() == 101);
    CHECK(errors.back() == too_many);
}

TEST_CASE("a conflict of many fields is reported briefly") {
    const auto fields = repeat(200, [](int i) { return "a" + number(i) + ": name"; });
    const auto others = repeat(200, [](int i) { return "a" + number(i) + ": tags"; });
    const auto errors = errors_of("{ cat { mother {" + fields + "} mother {" + others + "} } }");
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].message.size() < 1200);
    CHECK(errors[0].message.find(".... Use") != std::string::npos);
    CHECK(errors[0].locations.size() == 40);
}

TEST_CASE("a chain of fragments is followed however long it is") {
    const auto chain = [](int length, const std::string& end) {
        return "{ cat { ...F0 } }" +
               repeat(length, [](int i) { return "fragment F" + number(i) + " on Cat { ...F" + number(i + 1) + " }"; }) +
               "fragment F" + number(length) + " on Cat { " + end + " }";
    };
    CHECK(errors_of(chain(20'000, "name")).empty());
    const auto cycle = errors_of(chain(2000, "...F0"));
    REQUIRE(cycle.size() == 1);
    CHECK(cycle[0].locations.size() == 2001);
}

TEST_CASE("fragments that all spread each other are followed until the document's allowance of work is used up") {
    const auto all = repeat(70, [](int i) { return "...F" + number(i); });
    const auto web =
        "{ cat {" + all + "} }" + repeat(70, [&](int i) { return "fragment F" + number(i) + " on Cat {" + all + "}"; });
    CHECK(errors_of(web) == located_errors{aborted});
}

TEST_CASE("validation stops if operations times fragments times variables exceed the document's allowance of work") {
    const auto operations = repeat(1000, [](int i) { return "query Q" + number(i) + "($v: Int) { ...F }"; });
    const auto fragment =
        "fragment F on Query {" + repeat(100, [](int i) { return "a" + number(i) + ": scalars(int: $v)"; }) + "}";
    CHECK(errors_of(operations + fragment) == located_errors{aborted});
}

TEST_CASE("validation stops if subscriptions times fields exceed the document's allowance of work") {
    const auto operations = repeat(100, [](int i) { return "subscription S" + number(i) + " { ...F }"; });
    const auto errors =
        errors_of(operations + "fragment F on Subscription {" + repeat(1000, [](int) { return "counted"; }) + "}");
    REQUIRE_FALSE(errors.empty());
    CHECK(errors.back() == aborted);
}

TEST_CASE("a deeply nested document is validated like any other") {
    const auto nested = [](const std::string& open, int depth, const std::string& inside, const std::string& close) {
        return repeat(depth, [&](int) { return open; }) + inside + repeat(depth, [&](int) { return close; });
    };
    constexpr auto depth = 150;
    CHECK(errors_of("{ cat " + nested("{ mother", depth, "{ name }", "}") + "}").empty());
    CHECK(errors_of("{ cat " + nested("{ ... on Cat", depth, "{ name }", "}") + "}").empty());
    CHECK(errors_of("{ scalars(date: " + nested("[", depth, "1", "]") + ") }").empty());
    CHECK(errors_of("query ($v: " + nested("[", depth, "Int", "]") + ") { scalars(date: $v) }").size() == 1);
}

TEST_CASE("for very long names, no similar names are suggested") {
    const std::string one(5000, 'x');
    const auto types = repeat(15, [&](int i) { return "scalar " + one + number(i); });
    const auto errors = errors_of("query (" + repeat(15, [&](int i) { return "$v" + number(i) + ": y" + one + number(i); }) +
                                  ") { cat { name } }" + types);
    REQUIRE(errors.size() > 15);
    CHECK(errors[15].message == "Unknown type \"y" + one.substr(0, 999) + "...\".");
}

TEST_CASE("an error with thousands of locations in one long line has the correct locations") {
    const std::string padding(200'000, ' ');
    const auto errors = errors_of("{" + padding + "dog(" + repeat(3000, [](int) { return "name: \"a\""; }) + ") { name } }");
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].locations.size() == 3000);
    CHECK(errors[0].locations.back() == location{1, 200'006 + 2999 * 10});
}

TEST_CASE("error messages of validation contain only the beginnings of long names and values") {
    const std::string name(50'000, 'n');
    const auto check = [](const std::string& document, std::size_t min_errors) {
        const auto errors = errors_of(document);
        CAPTURE(document.substr(0, 80));
        CHECK(errors.size() >= min_errors);
        for (const auto& e : errors)
            CHECK(e.message.size() < 3'500);
    };
    check("query " + name + "{ cat { name" + repeat(50, [](int i) { return " @include(if: $v" + number(i) + ")"; }) + " } }",
          50);
    check("query " + name + "($" + name + ": Int, $" + name + ": Cat) { cat { name } }", 2);
    check("query ($" + name + ": Boolean) { needed(int: $" + name + ") }", 1);
    check("query " + name + "{ cat { name } } query " + name + "{ cat { name } }", 1);
    check("subscription " + name + "{ counted __typename }", 1);
    check("{ cat { " + name + " } dog(" + name + ": 1) { name { " + name + " } } }", 3);
    check("{ cat { name @" + name + "(" + name + ": 1) @shown(" + name + ": 1) } }", 2);
    check("{ cat { ..." + name + " ... on " + name + " { name } } }", 2);
    check("{ cat { ...A" + name + " } } fragment A" + name + " on Cat { ...B" + name + " } fragment B" + name +
              " on Cat { ...A" + name + " } fragment " + name + " on Color { name }",
          3);
    check("{ cat { name ..." + name + " } } fragment " + name + " on Dog { name }", 1);
    check("{ color(of: " + name + ") needed(int: \"" + name + "\", point: \"" + name + "\") }", 3);
    check("{ color(of: [\"" + name + "\"]) needed(int: [" + name + "], point: {" + name + ": 1, x: " + name + "}) }", 4);
    check("{ dog(name: \"a\", name: {" + name + ": 1, " + name + ": 2}) { name " + name + ": age " + name + ": name } }", 3);
    check("query ($v: " + repeat(300, [](int) { return "["; }) + name + repeat(300, [](int) { return "]"; }) +
              ") { scalars(date: $v) }",
          1);
}

TEST_CASE("a long cycle of fragments is reported briefly") {
    const auto errors = errors_of("{ cat { ...F0 } }" + repeat(1000, [](int i) {
                                      return "fragment F" + number(i) + " on Cat { ...F" + number((i + 1) % 1000) + " }";
                                  }));
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].message.starts_with("Cannot spread fragment \"F0\" within itself via \"F1\", \"F2\","));
    CHECK(errors[0].message.ends_with("...."));
    CHECK(errors[0].message.size() < 1'100);
}

#include "zoo.hpp"

using zoo::check;

TEST_CASE("only operations and fragments are executable") {
    check({
        {"{ cat { name } } type Extra { a: Int } extend schema @traced(id: 1) directive @extra on FIELD",
         {{R"(The "Extra" definition is not executable.)", {{1, 18}}},
          {"The schema definition is not executable.", {{1, 40}}},
          {R"(The "extra" definition is not executable.)", {{1, 69}}},
          {R"(Directive "@traced" may not be used on SCHEMA.)", {{1, 54}}}}},
        {"scalar Only", {{R"(The "Only" definition is not executable.)", {{1, 1}}}}},
    });
}

TEST_CASE("operation names must be unique") {
    check({
        {"query A { cat { name } } query B { cat { name } }"},
        {"query A { cat { name } } mutation A { feed(id: 1) { name } } query A { cat { age } }",
         {{R"(There can be only one operation named "A".)", {{1, 7}, {1, 35}}},
          {R"(There can be only one operation named "A".)", {{1, 7}, {1, 68}}}}},
    });
}

TEST_CASE("an operation without a name must be the only one") {
    check({
        {"{ cat { name } }"},
        {"{ cat { name } } query Other { cat { name } } { dog { name } }",
         {{"This anonymous operation must be the only defined operation.", {{1, 1}}},
          {"This anonymous operation must be the only defined operation.", {{1, 47}}}}},
        {"{ ...F } fragment F on Query { cat { name } }"},
    });
}

TEST_CASE("a subscription must have one root field") {
    check({
        {"subscription { counted }"},
        {"subscription S { counted born { name } }",
         {{R"(Subscription "S" must select only one top level field.)", {{1, 26}}}}},
        {"subscription { counted again: counted other: counted }",
         {{"Anonymous Subscription must select only one top level field.", {{1, 24}, {1, 39}}}}},
        {"subscription S { ...F } fragment F on Subscription { counted ...G } fragment G on Subscription { counted ... { more: "
         "counted } }",
         {{R"(Subscription "S" must select only one top level field.)", {{1, 112}}}}},
        {"subscription { counted ...Loop } fragment Loop on Subscription { counted ...Loop }",
         {{R"(Cannot spread fragment "Loop" within itself.)", {{1, 74}}}}},
        {"subscription { ... on Query { a: dog { name } } counted }",
         {{R"(Fragment cannot be spread here as objects of type "Subscription" can never be of type "Query".)", {{1, 16}}}}},
    });
}

TEST_CASE("a subscription must not have an introspection field at its root") {
    check({
        {"subscription { __typename }",
         {{"Anonymous Subscription must not select an introspection top level field.", {{1, 16}}}}},
        {"subscription S { counted __typename more: __typename }",
         {{R"(Subscription "S" must select only one top level field.)", {{1, 26}, {1, 37}}},
          {R"(Subscription "S" must not select an introspection top level field.)", {{1, 26}}},
          {R"(Subscription "S" must not select an introspection top level field.)", {{1, 37}}}}},
    });
}

TEST_CASE("root fields of a subscription must not have @skip or @include, whatever the condition is") {
    check({
        {"subscription { counted @skip(if: false) }",
         {{"Anonymous Subscription must not use `@skip` or `@include` directives in the top level selection.", {{1, 24}}}}},
        {"subscription S ($v: Boolean!) { counted @skip(if: $v) other: counted @include(if: false) @skip(if: true) }",
         {{R"(Subscription "S" must not use `@skip` or `@include` directives in the top level selection.)",
           {{1, 41}, {1, 90}}}}},
        {"subscription { ... @include(if: true) { counted } ...F @skip(if: false) } fragment F on Subscription { counted }",
         {{"Anonymous Subscription must not use `@skip` or `@include` directives in the top level selection.",
           {{1, 20}, {1, 56}}}}},
        {"subscription { ...F } fragment F on Subscription { counted @include(if: true) }",
         {{"Anonymous Subscription must not use `@skip` or `@include` directives in the top level selection.", {{1, 60}}}}},
    });
}

TEST_CASE("an operation must be of a kind that the schema supports") {
    using namespace atrium::graphql;
    const auto s = build_schema(parse("type Query { a: Int }").value()).value();
    const auto errors = validate(s, parse("query A { a } mutation B { a } subscription C { a }").value());
    REQUIRE(errors.size() == 2);
    CHECK(errors[0].message == "The mutation operation is not supported by the schema.");
    CHECK(errors[0].locations.front().column == 15);
    CHECK(errors[1].message == "The subscription operation is not supported by the schema.");
}

#include "zoo.hpp"

using zoo::check;

// Introspection lists are the fields `fields`, `interfaces`, `possibleTypes` and `inputFields`. The field `types` is not one.

TEST_CASE("two nested introspection lists are allowed") {
    check({
        {"{ __schema { types { fields { type { interfaces { name } } } } } }"},
        {R"({ __type(name: "Cat") { fields { type { fields { name } } } inputFields { name } } })"},
    });
}

TEST_CASE("three nested introspection lists are refused, even if fragments contain them") {
    check({
        {"{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
         {{"Maximum introspection depth exceeded", {{1, 3}}}}},
        {R"({ __type(name: "Cat") { ...F } } fragment F on __Type { fields { type { interfaces { ...G } } } } fragment G )"
         R"(on __Type { ... { possibleTypes { name } } })",
         {{"Maximum introspection depth exceeded", {{1, 3}}}}},
        {R"({ __type(name: "Cat") { fields { type { interfaces { possibleTypes { name } } } } } a: __schema { types { )"
         R"(name } } })",
         {{"Maximum introspection depth exceeded", {{1, 3}}}}},
    });
}

TEST_CASE("a cycle of fragments is too deep only if it contains an introspection list") {
    check({
        {R"({ __type(name: "Cat") { ...F } } fragment F on __Type { name ofType { ...F } })",
         {{R"(Cannot spread fragment "F" within itself.)", {{1, 71}}}}},
        {R"({ __type(name: "Cat") { ...F } } fragment F on __Type { fields { type { ...F } } })",
         {{"Maximum introspection depth exceeded", {{1, 3}}}, {R"(Cannot spread fragment "F" within itself.)", {{1, 73}}}}},
    });
}

TEST_CASE("fields named like introspection lists do not count outside of __schema and __type") {
    check({
        {"{ cat { fields { fields { fields { fields } } } } }",
         {{R"(Cannot query field "fields" on type "Cat". Did you mean "friends"?)", {{1, 9}}}}},
    });
}

#include "zoo.hpp"

using zoo::check;

TEST_CASE("a fragment must be on a composite type") {
    check({
        {"{ ...F cat { ... on Named { name } } } fragment F on Query { cat { name } }"},
        {"{ cat { ... on Color { name } ... on Filter { name } } }",
         {{R"(Fragment cannot condition on non composite type "Color".)", {{1, 16}}},
          {R"(Fragment cannot condition on non composite type "Filter".)", {{1, 38}}}}},
        {"{ ...F } fragment F on Date { name }",
         {{R"(Fragment "F" cannot condition on non composite type "Date".)", {{1, 24}}}}},
    });
}

TEST_CASE("a type condition must refer to a known type") {
    check({
        {"{ cat { ... on Kat { name } ...F } } fragment F on Dogg { name }",
         {{R"(Unknown type "Kat". Did you mean "Cat", "Date", "Int", or "Key"?)", {{1, 16}}},
          {R"(Unknown type "Dogg". Did you mean "Dog"?)", {{1, 52}}}}},
    });
}

TEST_CASE("fragment names must be unique") {
    check({
        {"{ cat { ...F } } fragment F on Cat { name } fragment F on Cat { age }",
         {{R"(There can be only one fragment named "F".)", {{1, 27}, {1, 54}}}}},
    });
}

TEST_CASE("a fragment that is spread must be defined") {
    check({
        {"{ cat { ...F ...Missing } } fragment F on Cat { ...Lost }",
         {{R"(Unknown fragment "Missing".)", {{1, 17}}}, {R"(Unknown fragment "Lost".)", {{1, 52}}}}},
    });
}

TEST_CASE("a fragment must be used by an operation") {
    check({
        {"{ cat { ...A } } fragment A on Cat { ...B } fragment B on Cat { name } fragment C on Cat { ...D } fragment D on Cat "
         "{ ...C }",
         {{R"(Cannot spread fragment "C" within itself via "D".)", {{1, 92}, {1, 119}}},
          {R"(Fragment "C" is never used.)", {{1, 72}}},
          {R"(Fragment "D" is never used.)", {{1, 99}}}}},
        {"fragment Alone on Cat { name }", {{R"(Fragment "Alone" is never used.)", {{1, 1}}}}},
    });
}

TEST_CASE("a fragment can be spread only where an object of its type is possible") {
    check({
        {"{ cat { ... on Animal { ... on Named { name } } } dweller { ... on Animal { name } ... on Dog { name } } }"},
        {"{ cat { ... on Dog { name } ...F } } fragment F on Person { name }",
         {{R"(Fragment cannot be spread here as objects of type "Cat" can never be of type "Dog".)", {{1, 9}}},
          {R"(Fragment "F" cannot be spread here as objects of type "Cat" can never be of type "Person".)", {{1, 29}}}}},
        {"{ dweller { ... on Feline { __typename } ... on Cat { name } } animal { ...P } } fragment P on Person { name }",
         {{R"(Fragment cannot be spread here as objects of type "Dweller" can never be of type "Feline".)", {{1, 13}}},
          {R"(Fragment cannot be spread here as objects of type "Dweller" can never be of type "Cat".)", {{1, 42}}},
          {R"(Fragment "P" cannot be spread here as objects of type "Animal" can never be of type "Person".)", {{1, 73}}}}},
    });
}

TEST_CASE("fragments must not form cycles") {
    check({
        {"{ cat { ...A } } fragment A on Cat { ...A }", {{R"(Cannot spread fragment "A" within itself.)", {{1, 38}}}}},
        {"{ cat { ...A } } fragment A on Cat { mother { ...B } } fragment B on Cat { ...C } fragment C on Cat { name ...A }",
         {{R"(Cannot spread fragment "A" within itself via "B", "C".)", {{1, 47}, {1, 76}, {1, 108}}}}},
        {"{ cat { ...A } } fragment A on Cat { ...B ...C } fragment B on Cat { ...A } fragment C on Cat { mother { ...A } ...C "
         "}",
         {{R"(Cannot spread fragment "A" within itself via "B".)", {{1, 38}, {1, 70}}},
          {R"(Cannot spread fragment "C" within itself.)", {{1, 113}}},
          {R"(Cannot spread fragment "A" within itself via "C".)", {{1, 43}, {1, 106}}}}},
        {"{ cat { ...A } } fragment A on Cat { ...B ...B } fragment B on Cat { name }"},
    });
}

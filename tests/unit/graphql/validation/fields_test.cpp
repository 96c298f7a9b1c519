#include "zoo.hpp"

using zoo::check;

TEST_CASE("a field must be defined by its type") {
    check({
        {"{ cat { name __typename } }"},
        {"{ cat { nmae } }", {{R"(Cannot query field "nmae" on type "Cat". Did you mean "name"?)", {{1, 9}}}}},
        {"{ nothing { at { all } } }", {{R"(Cannot query field "nothing" on type "Query".)", {{1, 3}}}}},
        {"{ dweller { __typename name } }",
         {{R"(Cannot query field "name" on type "Dweller". Did you mean to use an inline fragment on "Named", "Animal", )"
           R"("Dog", or "Person"?)",
           {{1, 24}}}}},
        {"{ cat { __schema { types { name } } } }", {{R"(Cannot query field "__schema" on type "Cat".)", {{1, 9}}}}},
        {R"({ __schema { types { name nonsense } } __type(name: "Cat") { kind } })",
         {{R"(Cannot query field "nonsense" on type "__Type".)", {{1, 27}}}}},
    });
}

TEST_CASE("if the selected type lacks a field that some of its possible types have, these types are suggested") {
    check({
        {"{ animal { barks } }",
         {{R"(Cannot query field "barks" on type "Animal". Did you mean to use an inline fragment on "Dog"?)", {{1, 12}}}}},
        {"{ animal { age } }",
         {{R"(Cannot query field "age" on type "Animal". Did you mean to use an inline fragment on "Cat" or "Dog"?)",
           {{1, 12}}}}},
        {"{ dweller { name } }",
         {{R"(Cannot query field "name" on type "Dweller". Did you mean to use an inline fragment on "Named", "Animal", )"
           R"("Dog", or "Person"?)",
           {{1, 13}}}}},
        {"{ feline { tags } }",
         {{R"(Cannot query field "tags" on type "Feline". Did you mean to use an inline fragment on "Cat"?)", {{1, 12}}}}},
    });
}

TEST_CASE("for an unknown field, similar names are suggested, the closest first") {
    check({
        {"{ dog { nam } }", {{R"(Cannot query field "nam" on type "Dog". Did you mean "name"?)", {{1, 9}}}}},
        {"{ dog { ownre agee } }",
         {{R"(Cannot query field "ownre" on type "Dog". Did you mean "owner"?)", {{1, 9}}},
          {R"(Cannot query field "agee" on type "Dog". Did you mean "age"?)", {{1, 15}}}}},
        {"{ dog { nothingAlike } }", {{R"(Cannot query field "nothingAlike" on type "Dog".)", {{1, 9}}}}},
    });
}

TEST_CASE("a field with a scalar or an enum type must not have a selection") {
    check({
        {"{ cat { name { first } } }",
         {{R"(Field "name" must not have a selection since type "String" has no subfields.)", {{1, 14}}}}},
        {"{ color { __typename } }",
         {{R"(Field "color" must not have a selection since type "Color" has no subfields.)", {{1, 9}}}}},
        {"{ lists { a b } }", {{R"(Field "lists" must not have a selection since type "Int" has no subfields.)", {{1, 9}}}}},
    });
}

TEST_CASE("a field with a composite type must have a selection") {
    check({
        {"{ cat }",
         {{R"(Field "cat" of type "Cat" must have a selection of subfields. Did you mean "cat { ... }"?)", {{1, 3}}}}},
        {"{ cat { friends mother } }",
         {{R"(Field "friends" of type "[Animal!]!" must have a selection of subfields. Did you mean "friends { ... }"?)",
           {{1, 9}}},
          {R"(Field "mother" of type "Cat" must have a selection of subfields. Did you mean "mother { ... }"?)", {{1, 17}}}}},
        {"{ dweller }",
         {{R"(Field "dweller" of type "Dweller" must have a selection of subfields. Did you mean "dweller { ... }"?)",
           {{1, 3}}}}},
    });
}

TEST_CASE("an argument must be defined by its field") {
    check({
        {R"({ dog(name: "a") { name } })"},
        {R"({ dog(nmae: "a", other: 1) { name } })",
         {{R"(Unknown argument "nmae" on field "Query.dog". Did you mean "name"?)", {{1, 7}}},
          {R"(Unknown argument "other" on field "Query.dog".)", {{1, 18}}}}},
        {"{ cat { friends(frist: 1, nonsense: 2) { name } } }",
         {{R"(Unknown argument "frist" on field "Cat.friends". Did you mean "first"?)", {{1, 17}}},
          {R"(Unknown argument "nonsense" on field "Cat.friends".)", {{1, 27}}}}},
        {"{ unknown(at: 1) }", {{R"(Cannot query field "unknown" on type "Query".)", {{1, 3}}}}},
    });
}

TEST_CASE("required arguments must be passed, and errors inside the field come first") {
    check({
        {"{ needed(int: 1, point: {x: 1}) }"},
        {"{ needed }",
         {{R"(Field "needed" argument "int" of type "Int!" is required, but it was not provided.)", {{1, 3}}},
          {R"(Field "needed" argument "point" of type "Point!" is required, but it was not provided.)", {{1, 3}}}}},
        {"{ needed(int: 1) }",
         {{R"(Field "needed" argument "point" of type "Point!" is required, but it was not provided.)", {{1, 3}}}}},
        {"{ dog { barks { wrong } } }",
         {{R"(Field "barks" must not have a selection since type "Boolean" has no subfields.)", {{1, 15}}},
          {R"(Field "barks" argument "loudly" of type "Boolean!" is required, but it was not provided.)", {{1, 9}}}}},
    });
}

TEST_CASE("an argument must be passed only once") {
    check({
        {R"({ dog(name: "a", name: "b", name: "c") { name } })",
         {{R"(There can be only one argument named "name".)", {{1, 7}, {1, 18}, {1, 29}}}}},
        {"{ cat { name @shown(by: 1, by: 2) } }", {{R"(There can be only one argument named "by".)", {{1, 21}, {1, 28}}}}},
    });
}

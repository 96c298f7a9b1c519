#include "zoo.hpp"

using zoo::check;

TEST_CASE("errors come in the order in which validation visits the nodes, and at one node in the order of the rules") {
    check({
        {R"(query A($x: Nope, $x: Int) { cat { nonsense @unknown(a: 1) ...Missing } needed(int: "1", nope: 2) } query A )"
         R"({ animal { barks } } fragment F on Cat { name: age name })",
         {{R"(There can be only one variable named "$x".)", {{1, 10}, {1, 20}}},
          {R"(Unknown type "Nope".)", {{1, 13}}},
          {R"(Cannot query field "nonsense" on type "Cat".)", {{1, 36}}},
          {R"(Unknown directive "@unknown".)", {{1, 45}}},
          {R"(Unknown fragment "Missing".)", {{1, 63}}},
          {R"(Int cannot represent non-integer value: "1")", {{1, 85}}},
          {R"(Unknown argument "nope" on field "Query.needed".)", {{1, 90}}},
          {R"(Field "needed" argument "point" of type "Point!" is required, but it was not provided.)", {{1, 73}}},
          {R"(Variable "$x" is never used in operation "A".)", {{1, 9}}},
          {R"(Variable "$x" is never used in operation "A".)", {{1, 19}}},
          {R"(There can be only one operation named "A".)", {{1, 7}, {1, 107}}},
          {R"(Cannot query field "barks" on type "Animal". Did you mean to use an inline fragment on "Dog"?)", {{1, 120}}},
          {R"(Fields "name" conflict because "age" and "name" are different fields. Use different aliases on the fields )"
           R"(to fetch both if this was intentional.)",
           {{1, 150}, {1, 160}}},
          {R"(Fragment "F" is never used.)", {{1, 130}}}}},
        {"{ cat { name { a } } dog { barks(loudly: 1, loudly: true) @skip(iff: 1) @skip { x } } ...F } fragment F on Kat { a: "
         "name a: age }",
         {{R"(Field "name" must not have a selection since type "String" has no subfields.)", {{1, 14}}},
          {R"(Field "barks" must not have a selection since type "Boolean" has no subfields.)", {{1, 79}}},
          {R"(The directive "@skip" can only be used once at this location.)", {{1, 59}, {1, 73}}},
          {R"(There can be only one argument named "loudly".)", {{1, 34}, {1, 45}}},
          {"Boolean cannot represent a non boolean value: 1", {{1, 42}}},
          {R"(Unknown argument "iff" on directive "@skip". Did you mean "if"?)", {{1, 65}}},
          {R"(Directive "@skip" argument "if" of type "Boolean!" is required, but it was not provided.)", {{1, 59}}},
          {R"(Directive "@skip" argument "if" of type "Boolean!" is required, but it was not provided.)", {{1, 73}}},
          {R"(Unknown type "Kat". Did you mean "Cat", "Date", "Int", or "Key"?)", {{1, 108}}},
          {R"(Fields "a" conflict because "name" and "age" are different fields. Use different aliases on the fields to )"
           R"(fetch both if this was intentional.)",
           {{1, 114}, {1, 122}}}}},
        {"{ a: nope(x: {y: 1, y: 2}) a: nope2 } type X { y: Z }",
         {{R"(The "X" definition is not executable.)", {{1, 39}}},
          {R"(Fields "a" conflict because "nope" and "nope2" are different fields. Use different aliases on the fields )"
           R"(to fetch both if this was intentional.)",
           {{1, 3}, {1, 28}}},
          {R"(Cannot query field "nope" on type "Query".)", {{1, 3}}},
          {R"(There can be only one input field named "y".)", {{1, 15}, {1, 21}}},
          {R"(Cannot query field "nope2" on type "Query".)", {{1, 28}}},
          {R"(Unknown type "Z". Did you mean "X"?)", {{1, 51}}}}},
    });
}

#include "zoo.hpp"

using zoo::check;

TEST_CASE("the same field can be selected twice") {
    check({
        {"{ cat { name name ... on Cat { name } ...F } } fragment F on Cat { name }"},
        {"{ cat { friends(first: 1) { name } friends(first: 1) { __typename } } }"},
    });
}

TEST_CASE("different fields must not have the same response key") {
    check({
        {"{ cat { name: age name } }",
         {{R"(Fields "name" conflict because "age" and "name" are different fields. Use different aliases on the fields )"
           R"(to fetch both if this was intentional.)",
           {{1, 9}, {1, 19}}}}},
        {"{ cat { a: name a: age a: meows } }",
         {{R"(Fields "a" conflict because "name" and "age" are different fields. Use different aliases on the fields to )"
           R"(fetch both if this was intentional.)",
           {{1, 9}, {1, 17}}},
          {R"(Fields "a" conflict because "name" and "meows" are different fields. Use different aliases on the fields )"
           R"(to fetch both if this was intentional.)",
           {{1, 9}, {1, 24}}},
          {R"(Fields "a" conflict because "age" and "meows" are different fields. Use different aliases on the fields to )"
           R"(fetch both if this was intentional.)",
           {{1, 17}, {1, 24}}}}},
        {"{ cat { a: name ...F } } fragment F on Cat { ...G } fragment G on Cat { a: age }",
         {{R"(Fields "a" conflict because "name" and "age" are different fields. Use different aliases on the fields to )"
           R"(fetch both if this was intentional.)",
           {{1, 9}, {1, 73}}}}},
    });
}

TEST_CASE("fields with the same response key must have the same arguments") {
    check({
        {"{ dog { barks(loudly: true) barks(loudly: false) } }",
         {{R"(Fields "barks" conflict because they have differing arguments. Use different aliases on the fields to )"
           R"(fetch both if this was intentional.)",
           {{1, 9}, {1, 29}}}}},
        {"{ dog { friends { name } friends(first: 1) { name } } }",
         {{R"(Fields "friends" conflict because they have differing arguments. Use different aliases on the fields to )"
           R"(fetch both if this was intentional.)",
           {{1, 9}, {1, 26}}}}},
        {"query ($a: Int, $b: Int) { scalars(int: $a, float: 1) scalars(float: 1, int: $a) scalars(int: $b, float: 1) }",
         {{R"(Fields "scalars" conflict because they have differing arguments. Use different aliases on the fields to )"
           R"(fetch both if this was intentional.)",
           {{1, 28}, {1, 82}}},
          {R"(Fields "scalars" conflict because they have differing arguments. Use different aliases on the fields to )"
           R"(fetch both if this was intentional.)",
           {{1, 55}, {1, 82}}}}},
        {"{ scalars(date: {a: 1, b: [2]}) scalars(date: {b: [2], a: 1}) }"},
        {R"({ scalars(string: "a") scalars(string: """a""") })",
         {{R"(Fields "scalars" conflict because they have differing arguments. Use different aliases on the fields to )"
           R"(fetch both if this was intentional.)",
           {{1, 3}, {1, 24}}}}},
        {R"({ dog(name: "a") { name } dog(nmae: "a") { name } })",
         {{R"(Fields "dog" conflict because they have differing arguments. Use different aliases on the fields to fetch )"
           R"(both if this was intentional.)",
           {{1, 3}, {1, 27}}},
          {R"(Unknown argument "nmae" on field "Query.dog". Did you mean "name"?)", {{1, 31}}}}},
    });
}

TEST_CASE("fields of two object types with the same response key may differ in name and arguments, but not in shape") {
    check({
        {"{ animal { ... on Dog { a: name } ... on Cat { a: name } } }"},
        {"{ animal { ... on Dog { a: barks(loudly: true) } ... on Cat { a: meows } } }"},
        {"{ animal { ... on Dog { age } ... on Cat { age } } }",
         {{R"(Fields "age" conflict because they return conflicting types "Int!" and "Int". Use different aliases on the )"
           R"(fields to fetch both if this was intentional.)",
           {{1, 25}, {1, 44}}}}},
        {"{ animal { ... on Dog { a: name } ... on Cat { a: tags } } }",
         {{R"(Fields "a" conflict because they return conflicting types "String" and "[String]". Use different aliases )"
           R"(on the fields to fetch both if this was intentional.)",
           {{1, 25}, {1, 48}}}}},
        {"{ animal { ... on Dog { a: owner { name } } ... on Cat { a: mother { name: age } } } }",
         {{R"(Fields "a" conflict because subfields "name" conflict because they return conflicting types "String" and )"
           R"("Int". Use different aliases on the fields to fetch both if this was intentional.)",
           {{1, 25}, {1, 36}, {1, 58}, {1, 70}}}}},
        {"{ animal { ... on Dog { a: mother { name } } ... on Cat { a: friends { name } } } }",
         {{R"(Fields "a" conflict because they return conflicting types "Dog" and "[Animal!]!". Use different aliases on )"
           R"(the fields to fetch both if this was intentional.)",
           {{1, 25}, {1, 59}}}}},
    });
}

TEST_CASE("fields with the same response key in an interface and a type that implements it must have the same name") {
    check({
        {"{ animal { ... on Animal { a: name } ... on Cat { a: age } } }",
         {{R"(Fields "a" conflict because "name" and "age" are different fields. Use different aliases on the fields to )"
           R"(fetch both if this was intentional.)",
           {{1, 28}, {1, 51}}}}},
    });
}

TEST_CASE("a conflict between subfields is reported with the locations of the subfields and of the fields that contain them") {
    check({
        {"{ cat { mother { a: name } mother { a: age } } }",
         {{R"(Fields "mother" conflict because subfields "a" conflict because "name" and "age" are different fields. Use )"
           R"(different aliases on the fields to fetch both if this was intentional.)",
           {{1, 9}, {1, 18}, {1, 28}, {1, 37}}}}},
        {"{ cat { mother { a: name b: age } mother { a: age b: name } } }",
         {{R"(Fields "mother" conflict because subfields "a" conflict because "name" and "age" are different fields and )"
           R"(subfields "b" conflict because "age" and "name" are different fields. Use different aliases on the fields )"
           R"(to fetch both if this was intentional.)",
           {{1, 9}, {1, 18}, {1, 26}, {1, 35}, {1, 44}, {1, 51}}}}},
        {"{ cat { x: mother { mother { a: name } } x: mother { mother { a: age } } } }",
         {{R"(Fields "x" conflict because subfields "mother" conflict because subfields "a" conflict because "name" and )"
           R"("age" are different fields. Use different aliases on the fields to fetch both if this was intentional.)",
           {{1, 9}, {1, 21}, {1, 30}, {1, 42}, {1, 54}, {1, 63}}}}},
        {"{ cat { ...A ...B } } fragment A on Cat { mother { a: name } } fragment B on Cat { mother { ...C } } fragment C on "
         "Cat { a: age }",
         {{R"(Fields "mother" conflict because subfields "a" conflict because "name" and "age" are different fields. Use )"
           R"(different aliases on the fields to fetch both if this was intentional.)",
           {{1, 43}, {1, 52}, {1, 84}, {1, 122}}}}},
    });
}

TEST_CASE("cycles of fragments and missing fragments do not stop the comparison of fields") {
    check({
        {"{ cat { ...A ...B name: age } } fragment A on Cat { name ...B } fragment B on Cat { ...A ...Missing mother { ...B } "
         "}",
         {{R"(Fields "name" conflict because "age" and "name" are different fields. Use different aliases on the fields )"
           R"(to fetch both if this was intentional.)",
           {{1, 19}, {1, 53}}},
          {R"(Cannot spread fragment "A" within itself via "B".)", {{1, 58}, {1, 85}}},
          {R"(Cannot spread fragment "B" within itself.)", {{1, 110}}},
          {R"(Unknown fragment "Missing".)", {{1, 93}}}}},
        {"{ cat { ...A a: name } } fragment A on Cat { a: age ...A }",
         {{R"(Fields "a" conflict because "name" and "age" are different fields. Use different aliases on the fields to )"
           R"(fetch both if this was intentional.)",
           {{1, 14}, {1, 46}}},
          {R"(Cannot spread fragment "A" within itself.)", {{1, 53}}}}},
    });
}

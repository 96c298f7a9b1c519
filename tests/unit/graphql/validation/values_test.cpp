#include "zoo.hpp"

using zoo::check;

TEST_CASE("scalars accept only literals of their kind") {
    check({
        {R"({ scalars(int: 1, float: 2, string: "3", boolean: true, id: 4, date: {any: [thing]}) })"},
        {R"({ scalars(int: 1.5, float: "2", string: 3, boolean: "true", id: 4.5) })",
         {{"Int cannot represent non-integer value: 1.5", {{1, 16}}},
          {R"(Float cannot represent non numeric value: "2")", {{1, 28}}},
          {"String cannot represent a non string value: 3", {{1, 41}}},
          {R"(Boolean cannot represent a non boolean value: "true")", {{1, 53}}},
          {"ID cannot represent a non-string and non-integer value: 4.5", {{1, 65}}}}},
        {"{ scalars(int: 2147483648, id: true, string: RED, float: [1], boolean: {a: 1}) }",
         {{"Int cannot represent non 32-bit signed integer value: 2147483648", {{1, 16}}},
          {"ID cannot represent a non-string and non-integer value: true", {{1, 32}}},
          {"String cannot represent a non string value: RED", {{1, 46}}},
          {"Float cannot represent non numeric value: [1]", {{1, 58}}},
          {"Boolean cannot represent a non boolean value: {a: 1}", {{1, 72}}}}},
        {R"({ scalars(int: -2147483648, string: """block""", float: -1.5e3) })"},
    });
}

TEST_CASE("an enum accepts only its values") {
    check({
        {"{ color(of: RED) }"},
        {"{ color(of: GREN) }",
         {{R"(Value "GREN" does not exist in "Color" enum. Did you mean the enum value "GREEN" or "RED"?)", {{1, 13}}}}},
        {R"({ color(of: "RED") })",
         {{R"(Enum "Color" cannot represent non-enum value: "RED". Did you mean the enum value "RED" or "GREEN"?)",
           {{1, 13}}}}},
        {"{ color(of: BLUE) }", {{R"(Value "BLUE" does not exist in "Color" enum.)", {{1, 13}}}}},
        {"{ color(of: 1) }", {{R"(Enum "Color" cannot represent non-enum value: 1.)", {{1, 13}}}}},
    });
}

TEST_CASE("null is a value only of nullable types") {
    check({
        {"{ scalars(int: null) lists(ints: null, matrix: [[null]]) }"},
        {"{ color(of: null) lists(ints: [1, null]) needed(int: null, point: {x: null}) }",
         {{R"(Expected value of type "Color!", found null.)", {{1, 13}}},
          {R"(Expected value of type "Int!", found null.)", {{1, 35}}},
          {R"(Expected value of type "Int!", found null.)", {{1, 54}}},
          {R"(Expected value of type "Float!", found null.)", {{1, 71}}}}},
    });
}

TEST_CASE("a single item is accepted as a list, at each level of a nested list") {
    check({
        {"{ lists(ints: 1, matrix: 1) }"},
        {R"({ lists(ints: "a", matrix: [["b"], [[1]]]) })",
         {{R"(Int cannot represent non-integer value: "a")", {{1, 15}}},
          {R"(Int cannot represent non-integer value: "b")", {{1, 30}}},
          {"Int cannot represent non-integer value: [1]", {{1, 37}}}}},
        {"{ scalars(int: [1]) }", {{"Int cannot represent non-integer value: [1]", {{1, 16}}}}},
    });
}

TEST_CASE("an input object must have only known fields, and all required ones") {
    check({
        {"{ needed(int: 1, point: {x: 1, y: 2}) }"},
        {"{ needed(int: 1, point: {}) }", {{R"(Field "Point.x" of required type "Float!" was not provided.)", {{1, 25}}}}},
        {R"({ person { pets(filter: {colour: RED, near: {z: 1}, not: {limit: "3"}}) { name } } })",
         {{R"(Field "colour" is not defined by type "Filter". Did you mean "colors"?)", {{1, 26}}},
          {R"(Field "Point.x" of required type "Float!" was not provided.)", {{1, 45}}},
          {R"(Field "z" is not defined by type "Point". Did you mean "x" or "y"?)", {{1, 46}}},
          {R"(Int cannot represent non-integer value: "3")", {{1, 66}}}}},
        {"{ needed(int: 1, point: [{x: 1}]) }", {{R"(Expected value of type "Point", found [{x: 1}].)", {{1, 25}}}}},
        {R"({ needed(int: 1, point: "here") })", {{R"(Expected value of type "Point!", found "here".)", {{1, 25}}}}},
    });
}

TEST_CASE("a field of an input object must be set only once") {
    check({
        {"{ needed(int: 1, point: {x: 1, x: 2, y: 1, x: 3}) }",
         {{R"(There can be only one input field named "x".)", {{1, 26}, {1, 32}}},
          {R"(There can be only one input field named "x".)", {{1, 26}, {1, 44}}}}},
        {"{ scalars(date: {a: 1, b: {a: 1}, a: {b: 1, b: 2}}) }",
         {{R"(There can be only one input field named "a".)", {{1, 18}, {1, 35}}},
          {R"(There can be only one input field named "b".)", {{1, 39}, {1, 45}}}}},
    });
}

TEST_CASE("exactly one field of a @oneOf input must be set, and must not be null") {
    check({
        {"{ animal(key: {id: 1}) { name } }"},
        {"{ animal(key: {}) { name } }", {{R"(OneOf Input Object "Key" must specify exactly one key.)", {{1, 15}}}}},
        {R"({ animal(key: {id: 1, name: "a"}) { name } })",
         {{R"(OneOf Input Object "Key" must specify exactly one key.)", {{1, 15}}}}},
        {"{ animal(key: {id: null}) { name } }", {{R"(Field "Key.id" must be non-null.)", {{1, 15}}}}},
        {"{ keys(all: [{id: 1}, {at: {x: 1}}, {nonsense: 1}]) }",
         {{R"(Field "nonsense" is not defined by type "Key".)", {{1, 38}}}}},
    });
}

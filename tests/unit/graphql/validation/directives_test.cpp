#include "zoo.hpp"

using zoo::check;

TEST_CASE("a directive must be known") {
    check({
        {"{ cat { name @shown @unknown @include(if: true) } }", {{R"(Unknown directive "@unknown".)", {{1, 21}}}}},
    });
}

TEST_CASE("a directive must be used at a location that its definition allows") {
    check({
        {"query @traced(id: 1) { cat { name @traced(id: 2) ...F @shown } } fragment F on Cat { name }"},
        {"query @shown { cat @skip(if: true) { ... @shown { name } } } fragment F on Cat @skip(if: true) { name }",
         {{R"(Directive "@shown" may not be used on QUERY.)", {{1, 7}}},
          {R"(Directive "@shown" may not be used on INLINE_FRAGMENT.)", {{1, 42}}},
          {R"(Directive "@skip" may not be used on FRAGMENT_DEFINITION.)", {{1, 80}}},
          {R"(Fragment "F" is never used.)", {{1, 62}}}}},
        {"query ($a: Int @traced(id: 1) @shown) { scalars(int: $a) }",
         {{R"(Directive "@shown" may not be used on VARIABLE_DEFINITION.)", {{1, 31}}}}},
        {"subscription @traced(id: 1) { counted } mutation M @include(if: true) { feed(id: 1) { name } }",
         {{"This anonymous operation must be the only defined operation.", {{1, 1}}},
          {R"(Directive "@traced" may not be used on SUBSCRIPTION.)", {{1, 14}}},
          {R"(Directive "@include" may not be used on MUTATION.)", {{1, 52}}}}},
    });
}

TEST_CASE("a directive must be used only once at a location, unless it is repeatable") {
    check({
        {"{ cat { name @traced(id: 1) @traced(id: 2) @shown @shown @shown } }",
         {{R"(The directive "@shown" can only be used once at this location.)", {{1, 44}, {1, 51}}},
          {R"(The directive "@shown" can only be used once at this location.)", {{1, 44}, {1, 58}}}}},
    });
}

TEST_CASE("arguments of a directive must be known, unique and of the correct type") {
    check({
        {R"({ cat { name @shown(buy: 1) @include(if: "yes", iff: true) } })",
         {{R"(Unknown argument "buy" on directive "@shown". Did you mean "by"?)", {{1, 21}}},
          {R"(Unknown argument "iff" on directive "@include". Did you mean "if"?)", {{1, 49}}},
          {R"(Boolean cannot represent a non boolean value: "yes")", {{1, 42}}}}},
        {"{ cat { name @include(if: null) @shown(by: 1, by: 2, to: [1]) } }",
         {{R"(Expected value of type "Boolean!", found null.)", {{1, 27}}},
          {R"(There can be only one argument named "by".)", {{1, 40}, {1, 47}}},
          {"String cannot represent a non string value: 1", {{1, 59}}}}},
    });
}

TEST_CASE("required arguments of a directive must be passed") {
    check({
        {"{ cat { name @include @traced } }",
         {{R"(Directive "@include" argument "if" of type "Boolean!" is required, but it was not provided.)", {{1, 14}}},
          {R"(Directive "@traced" argument "id" of type "ID!" is required, but it was not provided.)", {{1, 23}}}}},
    });
}

TEST_CASE("arguments of an unknown directive are checked as arguments of the enclosing field") {
    check({
        {R"({ dog(name: "Rex") @unknown(name: 1, other: 2) { name } })",
         {{R"(Unknown directive "@unknown".)", {{1, 20}}}, {"String cannot represent a non string value: 1", {{1, 35}}}}},
    });
}

TEST_CASE("directives on type definitions in an executable document are also checked") {
    check({
        {"{ cat { name } } type Extra @shown { a(b: Int @deprecated(reason: 1)): Int @unknown } input I { a: Int @skip(if: "
         "true) } extend input I { b: Int @skip(if: true) } schema @include { query: Extra } enum E { A @shown } scalar S "
         "@shown union U @shown = Cat interface N @shown { a: Int @shown }",
         {{R"(The "Extra" definition is not executable.)", {{1, 18}}},
          {R"(The "I" definition is not executable.)", {{1, 87}}},
          {R"(The "I" definition is not executable.)", {{1, 122}}},
          {"The schema definition is not executable.", {{1, 164}}},
          {R"(The "E" definition is not executable.)", {{1, 197}}},
          {R"(The "S" definition is not executable.)", {{1, 217}}},
          {R"(The "U" definition is not executable.)", {{1, 233}}},
          {R"(The "N" definition is not executable.)", {{1, 254}}},
          {R"(Directive "@shown" may not be used on OBJECT.)", {{1, 29}}},
          {"String cannot represent a non string value: 1", {{1, 67}}},
          {R"(Unknown directive "@unknown".)", {{1, 76}}},
          {R"(Directive "@skip" may not be used on INPUT_FIELD_DEFINITION.)", {{1, 104}}},
          {R"(Directive "@skip" may not be used on ARGUMENT_DEFINITION.)", {{1, 146}}},
          {R"(Directive "@include" may not be used on SCHEMA.)", {{1, 171}}},
          {R"(Directive "@include" argument "if" of type "Boolean!" is required, but it was not provided.)", {{1, 171}}},
          {R"(Directive "@shown" may not be used on ENUM_VALUE.)", {{1, 208}}},
          {R"(Directive "@shown" may not be used on SCALAR.)", {{1, 226}}},
          {R"(Directive "@shown" may not be used on UNION.)", {{1, 241}}},
          {R"(Directive "@shown" may not be used on INTERFACE.)", {{1, 266}}},
          {R"(Directive "@shown" may not be used on FIELD_DEFINITION.)", {{1, 282}}}}},
        {"{ cat @extra(a: 1) { name } } directive @extra(b: Int!) on FIELD",
         {{R"(The "extra" definition is not executable.)", {{1, 31}}},
          {R"(Unknown argument "a" on directive "@extra". Did you mean "b"?)", {{1, 14}}},
          {R"(Directive "@extra" argument "b" of type "Int!" is required, but it was not provided.)", {{1, 7}}}}},
        {"{ cat { name @shown(by: 1) } } directive @shown on QUERY",
         {{R"(The "shown" definition is not executable.)", {{1, 32}}},
          {R"(Directive "@shown" may not be used on FIELD.)", {{1, 14}}},
          {R"(Unknown argument "by" on directive "@shown".)", {{1, 21}}}}},
        {"{ cat { name } } type Extra { a: Strin b: Extr c: Int } extend type Extra @deprecated @deprecated",
         {{R"(The "Extra" definition is not executable.)", {{1, 18}}},
          {R"(The "Extra" definition is not executable.)", {{1, 57}}},
          {R"(Unknown type "Strin". Did you mean "String"?)", {{1, 34}}},
          {R"(Unknown type "Extr". Did you mean "Extra"?)", {{1, 43}}},
          {R"(The directive "@deprecated" can only be used once at this location.)", {{1, 75}, {1, 87}}},
          {R"(Directive "@deprecated" may not be used on OBJECT.)", {{1, 75}}},
          {R"(Directive "@deprecated" may not be used on OBJECT.)", {{1, 87}}}}},
    });
}

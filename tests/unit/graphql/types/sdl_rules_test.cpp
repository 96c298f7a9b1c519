#include "sdl.hpp"

#include <support/catch.hpp>

using namespace atrium::graphql::testing;

TEST_CASE("a document must have at most one schema definition") {
    CHECK(faults_of("schema { query: Q } type Q { a: Int } schema { query: Q }") ==
          messages{"Must provide only one schema definition. 1:39", "There can be only one query type in schema. 1:10 1:48"});
}

TEST_CASE("a kind of operation must have only one root type, even if the schema is extended") {
    CHECK(faults_of("schema { query: Q query: Q } extend schema { query: Q } type Q { a: Int }") ==
          messages{"There can be only one query type in schema. 1:10 1:19",
                   "There can be only one query type in schema. 1:10 1:46"});
}

TEST_CASE("type names must be unique") {
    CHECK(faults_of(R"(type Query { a: Int }
type Query { b: Int }
scalar Query)") == messages{R"(There can be only one type named "Query". 1:6 2:6)",
                            R"(There can be only one type named "Query". 1:6 3:8)"});
}

TEST_CASE("values of an enum must be unique, including those of extensions") {
    CHECK(faults_of(R"(enum E { A B A }
extend enum E { B }
type Query { e: E })") == messages{R"(Enum value "E.A" can only be defined once. 1:10 1:14)",
                                   R"(Enum value "E.B" can only be defined once. 1:12 2:17)"});
}

TEST_CASE("fields of a type must be unique, including those of extensions") {
    CHECK(faults_of(R"(type Query { a: Int a: Int }
extend type Query { a: String }
input I { x: Int x: Int })") == messages{R"(Field "Query.a" can only be defined once. 1:14 1:21)",
                                         R"(Field "Query.a" can only be defined once. 1:14 2:21)",
                                         R"(Field "I.x" can only be defined once. 3:11 3:18)"});
}

TEST_CASE("arguments must be defined only once") {
    CHECK(faults_of(R"(type Query { a(x: Int, y: Int, x: Int): Int }
directive @d(v: Int v: Int) on FIELD)") == messages{R"~(Argument "Query.a(x:)" can only be defined once. 1:16 1:32)~",
                                                    R"~(Argument "@d(v:)" can only be defined once. 2:14 2:21)~"});
}

TEST_CASE("directives must be defined only once") {
    CHECK(faults_of(R"(directive @d on FIELD
directive @d on FIELD
type Query { a: Int })") == messages{R"(There can be only one directive named "@d". 1:12 2:12)"});
}

TEST_CASE("unknown types are errors, with suggestions of similar names") {
    CHECK(faults_of(R"(type Query { a: Strin b: Usr c: [Qery!] }
type User { id: ID })") == messages{R"(Unknown type "Strin". Did you mean "String"? 1:17)",
                                    R"(Unknown type "Usr". Did you mean "User"? 1:26)",
                                    R"(Unknown type "Qery". Did you mean "Query"? 1:34)"});
}

TEST_CASE("directives must be known, and used only at the locations that their definitions allow") {
    CHECK(faults_of("type Query @who { a: Int @skip(if: true) }") ==
          messages{R"(Unknown directive "@who". 1:12)", R"(Directive "@skip" may not be used on FIELD_DEFINITION. 1:26)"});
}

TEST_CASE("a directive must be used only once on a type and all its extensions") {
    CHECK(faults_of(R"(type Query { a(x: In): Int @deprecated @deprecated }
input In @oneOf { a: Int }
extend input In @oneOf)") == messages{R"(The directive "@deprecated" can only be used once at this location. 1:28 1:40)",
                                      R"(The directive "@oneOf" can only be used once at this location. 2:10 3:17)"});
}

TEST_CASE("an extension must extend a type that is defined and is of the same kind as the extension") {
    CHECK(faults_of(R"(type Query { a: Int }
extend type Qery { b: Int }
extend input Query { b: Int })") ==
          messages{R"(Cannot extend type "Qery" because it is not defined. Did you mean "Query"? 2:13)",
                   R"(Cannot extend non-input object type "Query". 1:1 3:1)"});
}

TEST_CASE("unknown arguments of directives are errors, with suggestions of similar names") {
    CHECK(faults_of(R"(type Query { a: Int @deprecated(reson: "x", why: 1) })") ==
          messages{R"(Unknown argument "reson" on directive "@deprecated". Did you mean "reason"? 1:33)",
                   R"(Unknown argument "why" on directive "@deprecated". 1:45)"});
}

TEST_CASE("an argument must be passed only once") {
    CHECK(faults_of(R"(directive @d(a: Int) on FIELD_DEFINITION
type Query { a: Int @d(a: 1, a: 2, a: 3) })") == messages{R"(There can be only one argument named "a". 2:24 2:30 2:36)"});
}

TEST_CASE("a field of an object literal must be set only once, even if the literal is for a custom scalar") {
    CHECK(faults_of(R"(directive @d(a: D) on FIELD_DEFINITION
scalar D
type Query { a: Int @d(a: {x: {y: 1, y: 2}, x: 3}) })") ==
          messages{R"(There can be only one input field named "y". 3:32 3:38)",
                   R"(There can be only one input field named "x". 3:28 3:45)"});
}

TEST_CASE("required arguments of directives must be passed") {
    CHECK(faults_of(R"(directive @d(a: Int!, b: [Int!]!, c: Int! = 1) on FIELD_DEFINITION
type Query { a: Int @d(b: []) })") ==
          messages{R"(Directive "@d" argument "a" of type "Int!" is required, but it was not provided. 2:21)"});
}

TEST_CASE("operations among type definitions must follow the rules that apply to type definitions and operations alike") {
    CHECK(faults_of(R"(type Query { a: Int }
query Q($x: Missing) { a @nope })") == messages{R"(Unknown type "Missing". 2:13)", R"(Unknown directive "@nope". 2:26)"});
}

TEST_CASE("errors come in the order of the nodes, and at one node in the order of the rules") {
    CHECK(faults_of("type Query { a: Int @d(x: Foo) b: Foo } type Foo { a: Bar @deprecated(reason: {a: 1, a: 2}, reason: 3) a: "
                    "Bar }") ==
          messages{R"(Unknown directive "@d". 1:21)", R"(Field "Foo.a" can only be defined once. 1:52 1:104)",
                   R"(Unknown type "Bar". 1:55)", R"(There can be only one argument named "reason". 1:71 1:93)",
                   R"(There can be only one input field named "a". 1:80 1:86)", R"(Unknown type "Bar". 1:107)"});
}

TEST_CASE("a directive on an input field in an extension must be allowed on ARGUMENT_DEFINITION") {
    CHECK(faults_of("directive @f on INPUT_FIELD_DEFINITION directive @a on ARGUMENT_DEFINITION input I { x: Int @f @a } "
                    "extend input I { y: Int @f @a } type Query { a(x: I @f @a): Int }") ==
          messages{R"(Directive "@a" may not be used on INPUT_FIELD_DEFINITION. 1:96)",
                   R"(Directive "@f" may not be used on ARGUMENT_DEFINITION. 1:125)",
                   R"(Directive "@f" may not be used on ARGUMENT_DEFINITION. 1:153)"});
}

TEST_CASE("the reason of a deprecation must be a string") {
    CHECK(faults_of("type Query { a: Int @deprecated(reason: 5) }") ==
          messages{R"(Argument "reason" has invalid value 5. 1:41)"});
}

TEST_CASE("the URL that specifies a scalar must not be null") {
    CHECK(faults_of(R"(scalar Date @specifiedBy(url: null)
type Query { a: Date })") == messages{R"(Argument "url" of non-null type "String!" must not be null. 1:31)"});
}

TEST_CASE("a redefined directive of the specification must still have the arguments of the specification") {
    CHECK(faults_of(R"(directive @specifiedBy on SCALAR
scalar Date @specifiedBy
type Query { a: Date })") == messages{R"(Argument "url" of required type "String!" was not provided. 2:13)"});
}

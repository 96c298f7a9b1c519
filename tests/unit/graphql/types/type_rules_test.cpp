#include "sdl.hpp"

#include <support/catch.hpp>

using namespace atrium::graphql::testing;

TEST_CASE("a schema must have a query type") {
    CHECK(faults_of("type A { a: Int }") == messages{"Query root type must be provided."});
}

TEST_CASE("root types must be objects") {
    CHECK(faults_of("schema { query: A mutation: A subscription: E } input A { a: Int } enum E { X }") ==
          messages{"Query root type must be Object type, it cannot be A. 1:17",
                   "Mutation root type must be Object type if provided, it cannot be A. 1:29",
                   "Subscription root type must be Object type if provided, it cannot be E. 1:45"});
}

TEST_CASE("without a schema definition, the error about a root type that is not an object has the location of the type") {
    CHECK(faults_of("input Query { a: Int }") == messages{"Query root type must be Object type, it cannot be Query. 1:1"});
}

TEST_CASE("names that begin with two underscores are reserved for the specification") {
    CHECK(faults_of(R"(directive @__d(__a: Int) on FIELD
type Query { __a(__b: Int): Int }
type __T { a: Int }
enum E { __V }
input I { __f: Int })") ==
          messages{R"(Name "__d" must not begin with "__", which is reserved by GraphQL introspection. 1:1)",
                   R"(Name "__a" must not begin with "__", which is reserved by GraphQL introspection. 1:16)",
                   R"(Name "__a" must not begin with "__", which is reserved by GraphQL introspection. 2:14)",
                   R"(Name "__b" must not begin with "__", which is reserved by GraphQL introspection. 2:18)",
                   R"(Name "__T" must not begin with "__", which is reserved by GraphQL introspection. 3:1)",
                   R"(Name "__V" must not begin with "__", which is reserved by GraphQL introspection. 4:10)",
                   R"(Name "__f" must not begin with "__", which is reserved by GraphQL introspection. 5:11)"});
}

TEST_CASE("arguments of directives must have input types, and required arguments must not be deprecated") {
    CHECK(faults_of(R"(directive @d(a: Query, b: Int! @deprecated) on FIELD
type Query { a: Int })") == messages{"The type of @d(a:) must be Input Type but got: Query. 1:14",
                                     "Required argument @d(b:) cannot be deprecated. 1:32 1:27"});
}

TEST_CASE("types must not be empty") {
    CHECK(faults_of(R"(type Query
interface N
union U
enum E
input I
extend type Query @d
directive @d on OBJECT)") ==
          messages{"Type Query must define one or more fields. 1:1 6:1", "Type N must define one or more fields. 2:1",
                   "Union type U must define one or more member types. 3:1", "Enum type E must define one or more values. 4:1",
                   "Input Object type I must define one or more fields. 5:1"});
}

TEST_CASE("fields need output types, arguments and input fields need input types, and no required one may be deprecated") {
    CHECK(faults_of(R"(type Query { a: I b(x: Query!): [I!] c(y: Int! @deprecated): Int d(z: Int! = 1 @deprecated): Int }
input I { a: Query b: Int! @deprecated c: Int! = 1 @deprecated })") ==
          messages{"The type of Query.a must be Output Type but got: I. 1:17",
                   "The type of Query.b must be Output Type but got: [I!]. 1:33",
                   "The type of Query.b(x:) must be Input Type but got: Query!. 1:24",
                   "Required argument Query.c(y:) cannot be deprecated. 1:48 1:43",
                   "The type of I.a must be Input Type but got: Query. 2:14",
                   "Required input field I.b cannot be deprecated. 2:28 2:23"});
}

TEST_CASE("a type may implement only interfaces, each of them once") {
    CHECK(faults_of(R"(type Query implements String & N & N & Query { a: Int }
interface N { a: Int })") == messages{"Type Query must only implement Interface types, it cannot implement String. 1:23",
                                      "Type Query can only implement N once. 1:32 1:36",
                                      "Type Query must only implement Interface types, it cannot implement Query. 1:40"});
}

TEST_CASE("an interface must not implement itself") {
    CHECK(faults_of(R"(interface N implements N { a: Int }
type Query { a: Int })") == messages{"Type N cannot implement itself because it would create a circular reference. 1:24"});
}

TEST_CASE("a type must implement the interfaces of its interfaces, and interfaces must not implement each other in a cycle") {
    CHECK(faults_of(R"(interface A implements B { a: Int }
interface B implements A { a: Int }
type Query implements A { a: Int })") ==
          messages{"Type A cannot implement B because it would create a circular reference. 2:24 1:24",
                   "Type B cannot implement A because it would create a circular reference. 1:24 2:24",
                   "Type Query must implement B because it is implemented by A. 1:24 3:23"});
}

TEST_CASE("a field must have the type and the arguments of the field in its interface, and no further required arguments") {
    CHECK(faults_of(R"(interface N { a(x: Int): Node b: [N!] c: Int! d: U }
type Query implements N { a(x: Int!, y: Int, z: Int!): Node b: [N] c: Int d: Query }
type Node { a: Int }
union U = Query)") ==
          messages{"Interface field argument N.a(x:) expects type Int but Query.a(x:) is type Int!. 1:20 2:32",
                   "Object field Query.a includes required argument z that is missing from the Interface field N.a. 2:46 1:15",
                   "Interface field N.b expects type [N!] but Query.b is type [N]. 1:34 2:64",
                   "Interface field N.c expects type Int! but Query.c is type Int. 1:42 2:71"});
}

TEST_CASE("a type must have all fields of its interfaces, with all their arguments") {
    CHECK(faults_of(R"(interface N { a(x: Int, y: Int): Int }
type Query implements N { a(y: [Int]): Int }
interface M { m: Int }
extend type Query implements M { k: Int })") ==
          messages{"Interface field argument N.a(x:) expected but Query.a does not provide it. 1:17 2:27",
                   "Interface field argument N.a(y:) expects type Int but Query.a(y:) is type [Int]. 1:28 2:32",
                   "Interface field M.m expected but Query does not provide it. 3:15 2:1 4:1"});
}

TEST_CASE("members of a union must be distinct objects") {
    CHECK(faults_of(R"(union U = Query | E | Query
enum E { A }
type Query { a: Int }
extend union U = E)") == messages{"Union type U can only include Object types, it cannot include E. 1:19 4:18",
                                  "Union type U can only include type Query once. 1:11 1:23",
                                  "Union type U can only include type E once. 1:19 4:18"});
}

TEST_CASE("an input object must not require itself") {
    CHECK(faults_of(R"(input A { b: B! }
input B { c: C! l: [B!]! }
input C { a: A! self: C! opt: A }
type Query { a: Int })") ==
          messages{
              R"(Cannot reference Input Object "A" within itself through a series of non-null fields: "b.c.a". 1:11 2:11 3:11)",
              R"(Cannot reference Input Object "C" within itself through a series of non-null fields: "self". 3:17)"});
}

TEST_CASE("fields of a @oneOf input must be nullable and have no defaults") {
    CHECK(faults_of(R"(input O @oneOf { a: Int! b: Int = 1 c: String }
type Query { a(o: O): Int })") ==
          messages{"OneOf input field O.a must be nullable. 1:21", "OneOf input field O.b cannot have a default value. 1:26"});
}

TEST_CASE("a field may have a more specific type than the field in its interface, and further optional arguments") {
    CHECK(faults_of(R"(interface N { n: N l: [N] u: U s: String }
type Query implements N { n: Query! l: [Query!]! u: Query s(optional: Int): String! }
union U = Query)")
              .empty());
}

TEST_CASE("a default must fit its type") {
    const auto fault_of = [](const std::string& argument) {
        const auto faults = faults_of("type Query { f(arg: " + argument + R"(): Int }
            input In { a: Int!, b: [In!] } input One @oneOf { a: Int b: Int } enum E { X })");
        return faults.empty() ? std::string{} : faults.front();
    };
    CHECK(fault_of("Int = 3.14") == R"(Query.f(arg:) has invalid default value: 3.14 does not fit type "Int". 1:27)");
    for (const auto* argument :
         {"Int = \"no\"", "Int! = null", "[Int!] = [1, null]", "E = Y", "E = \"X\"", "In = {}", "In = {a: \"x\"}",
          "In = {a: 1, c: 2}", "[In] = {a: 1, b: [{a: 2, c: 3}]}", "One = {a: 1, b: 2}", "One = {a: null}", "One = {}"})
        CHECK_FALSE(fault_of(argument).empty());
    for (const auto* argument :
         {"Int = 3", "Float = 3", "Int = null", "[[Int]] = 3", "[E!]! = [X]", "In = {a: 1, b: {a: 2}}", "One = {b: 2}"})
        CHECK(fault_of(argument).empty());
    CHECK(faults_of("directive @d(a: Int = 3.14) on FIELD input I { a: Boolean = 1 } type Query { f(i: I): Int }") ==
          messages{R"(@d(a:) has invalid default value: 3.14 does not fit type "Int". 1:23)",
                   R"(I.a has invalid default value: 1 does not fit type "Boolean". 1:61)"});
}

TEST_CASE("root types must differ") {
    CHECK(faults_of("schema { query: A mutation: A } type A { a: Int }") ==
          messages{R"(All root types must be different, "A" type is used as query and mutation root types. 1:17 1:29)"});
    CHECK(faults_of("schema { query: A mutation: B subscription: B } type A { a: Int } type B { a: Int }") ==
          messages{R"(All root types must be different, "B" type is used as mutation and subscription root types. 1:29 1:45)"});
    CHECK(
        faults_of("schema { query: A mutation: A subscription: A } type A { a: Int }") ==
        messages{R"(All root types must be different, "A" type is used as query, mutation, and subscription root types. 1:17 )"
                 R"(1:29 1:45)"});
}

TEST_CASE("a field must not be deprecated if the field of its interface is not") {
    CHECK(faults_of(R"(interface N { a: Int b: Int @deprecated }
type Query implements N { a: Int @deprecated b: Int @deprecated })") ==
          messages{"Interface field N.a is not deprecated, so implementation field Query.a must not be deprecated. 2:34"});
    CHECK(faults_of(R"(interface N { a: Int }
interface M implements N { a: Int @deprecated }
type Query implements N & M { a: Int })") ==
          messages{"Interface field N.a is not deprecated, so implementation field M.a must not be deprecated. 2:35"});
}

TEST_CASE("a default that depends on itself is rejected") {
    CHECK(faults_of("input A { a: A = {} } type Query { f(a: A): Int }") ==
          messages{"Invalid circular reference. The default value of Input Object field A.a references itself. 1:18"});
    CHECK(faults_of("input A { b: B = {} } input B { x: [A!] = {} } type Query { f(a: A): Int }") ==
          messages{"Invalid circular reference. The default value of Input Object field A.b references itself via the default "
                   "values of: B.x. 1:18 1:43"});
}

TEST_CASE(
    "the default of an input field may be an object that contains this field, because the default is then not used again") {
    CHECK(faults_of("input A { a: A = {a: null} } type Query { f(a: A): Int }").empty());
}

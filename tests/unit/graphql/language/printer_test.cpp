#include "language/strings.hpp"

#include <graphql/printer.hpp>
#include <support/graphql.hpp>

#include <string>

using namespace atrium::graphql;
using atrium::support::parsed;

namespace {

std::string parse_and_print(std::string source) {
    return print(parsed(std::move(source)));
}

/// Two documents as graphql-js 16.15 prints them. Some of their lines are longer than 128 columns.
// clang-format off
constexpr const char* executable = R"!(query Everything($foo: ComplexType = {a: [1, -2.5e10], b: "x"}, $site: [[Site!]!]! = MOBILE @onVar(a: true), $n: Int = null) @onQuery(if: true) {
  whoever123is: node(
    id: [123, 456]
    s: "q\"uote\né"
    f: -0.5
    e: ENUM
    n: null
    t: true
    v: $foo
  ) @a @b(c: $n) {
    id
    ... on User @onInline {
      field2 {
        id
        alias: field1(first: 10, after: $foo) @include(if: $foo) {
          id
          ...frag @onSpread
        }
      }
    }
    ... @skip(unless: $foo) {
      id
    }
    ... {
      id
    }
    ...other
  }
}

mutation likeStory @onMutation {
  like(
    story: 123
    why: """
    block
      indented "quotes" \""" and \\
    last
    """
    o: {key: {deep: [[], {}, [{a: 1}]]}}
  ) @onField {
    story {
      id
    }
  }
}

subscription S($input: In @v) @s {
  live(input: $input) {
    likers {
      count
    }
  }
}

"a description"
fragment frag on Friend @onFragment(x: {a: "b"}) {
  foo(
    size: $size
    bar: $b
    obj: {key: "value", block: """
    block string uses \"""
    """}
  )
}

{
  unnamed(truthy: true, falsy: false, nullish: null)
  query
  mutation
  fragment
  on
  type
}

{
  __typename
}

query ($only: Int) {
  a
}

query @dir {
  a
}

mutation {
  a
}

subscription {
  b
})!";

constexpr const char* type_system = R"!("""This is a description of the schema as a whole."""
schema @onSchema(a: 1) {
  query: QueryType
  mutation: MutationType
  subscription: S
}

"one line"
scalar CustomScalar @onScalar

scalar Plain

"""
This is a description
of the `Foo` type.
"""
type Foo implements Bar & Baz & Two @onObject(a: {b: [1]}) {
  "Description of one"
  one: Type
  """This is a description of the `two` field."""
  two(
    """This is a description of the `argument` argument."""
    argument: InputType!
  ): Type
  three(argument: InputType, other: String): Int
  four(argument: String = "string", b: [Int!] = [1, 2] @x): String @onField
  five(argument: [String] = ["string", "string"], a: Boolean = false): [[String!]]!
  six(
    "d"
    argument: InputType = {key: "value"}
    "e"
    b: Float = 1.5e3
  ): Type
  type: type
  query: query
}

type Lead implements A {
  a: Int
}

type Empty

type EmptyWithDirectives @d

type EmptyImplements implements I

interface Bar implements A & B @onInterface {
  one: Type
  four(argument: String = "string"): String
}

interface Undefined

union Feed @onUnion = Story | Article | Advert

union One = A

union None

enum Site @onEnum {
  "desktop"
  DESKTOP @onEnumValue
  """mobile"""
  MOBILE
  on
  type
  input
}

enum Nope

input InputType @onInput {
  key: String!
  "why"
  answer: Int = 42 @onInputField
  list: [In!]! = [{a: 1}]
}

input Not

"include"
directive @include2(
  "a"
  if: Boolean! = true
  b: Int @x
) repeatable on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT

directive @skip2 on FIELD | QUERY | VARIABLE_DEFINITION | DIRECTIVE_DEFINITION

directive @onAll(a: Int) on SCHEMA | SCALAR | OBJECT | FIELD_DEFINITION | ARGUMENT_DEFINITION | INTERFACE | UNION | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION

extend schema @onSchema

extend schema @onSchema {
  subscription: SubscriptionType
}

extend schema {
  query: Q
}

extend scalar CustomScalar @onScalar

extend type Foo {
  seven(argument: [String]): Type
}

extend type Foo @onType

extend type Foo implements X & Y

extend interface Bar {
  two(argument: InputType!): Type
}

extend interface Bar implements Z @d

extend union Feed = Photo | Video

extend union Feed @onUnion

extend enum Site {
  VR
}

extend enum Site @onEnum

extend input InputType {
  other: Float = 1.23e4 @onInputFieldDefinition
}

extend input InputType @onInputObject)!";
// clang-format on

} // namespace

TEST_CASE("a document that already has the layout of the printer is printed unchanged") {
    CHECK(parse_and_print(executable) == executable);
    CHECK(parse_and_print(type_system) == type_system);
}

TEST_CASE("layout, commas and comments of the source are not printed") {
    CHECK(parse_and_print("query{a,b:c(d:[1 2],){e}# comment\n...F,...on T{g}...@h{i}}") ==
          "{\n  a\n  b: c(d: [1, 2]) {\n    e\n  }\n  ...F\n  ... on T {\n    g\n  }\n  ... @h {\n    i\n  }\n}");
    CHECK(parse_and_print("union U=|A|B directive@d on|FIELD|QUERY type T implements&A") ==
          "union U = A | B\n\ndirective @d on FIELD | QUERY\n\ntype T implements A");
}

TEST_CASE("arguments are printed on separate lines if the field is longer than 80 characters") {
    const std::string fits(60, 'x');
    CHECK(parse_and_print("{ f(a: \"" + fits + "\", bcd: 12345) }") == "{\n  f(a: \"" + fits + "\", bcd: 12345)\n}");
    CHECK(parse_and_print("{ f(a: \"" + fits + "\", bcd: 123456) }") ==
          "{\n  f(\n    a: \"" + fits + "\"\n    bcd: 123456\n  )\n}");
    CHECK(parse_and_print("{ n: f(a: \"" + fits + "\", bcd: 12345) }") ==
          "{\n  n: f(\n    a: \"" + fits + "\"\n    bcd: 12345\n  )\n}");
    std::string faces; // each is two UTF-16 code units
    for (int i = 0; i < 30; ++i)
        faces += "😀";
    CHECK(parse_and_print("{ f(a: \"" + faces + "\", bcd: 12345) }") == "{\n  f(a: \"" + faces + "\", bcd: 12345)\n}");
    CHECK(parse_and_print("{ f(a: \"" + faces + "\", bcd: 123456) }") ==
          "{\n  f(\n    a: \"" + faces + "\"\n    bcd: 123456\n  )\n}");
}

TEST_CASE("argument definitions are printed on separate lines if one of them has a description") {
    CHECK(parse_and_print("type A { f(a: Int, \"the b\" b: Int): Int }") ==
          "type A {\n  f(\n    a: Int\n    \"the b\"\n    b: Int\n  ): Int\n}");
    CHECK(parse_and_print("directive @d(\"the a\" a: Int) on FIELD") == "directive @d(\n  \"the a\"\n  a: Int\n) on FIELD");
    CHECK(parse_and_print("query (\"the a\" $a: Int, $b: Int) { f }") == "query (\n\"the a\"\n$a: Int\n$b: Int\n) {\n  f\n}");
}

TEST_CASE("a single node can be printed") {
    const auto d = parsed("query Q($a: [Int!] = [1]) { f(x: {y: $a}) @d }");
    const auto& query = static_cast<const ast::operation&>(*d.definitions()[0]);
    CHECK(print(*query.variables[0]) == "$a: [Int!] = [1]");
    CHECK(print(*query.variables[0]->type) == "[Int!]");
    CHECK(print(*query.selection_set) == "{\n  f(x: {y: $a}) @d\n}");
    const auto& field = static_cast<const ast::field&>(*query.selection_set->selections[0]);
    CHECK(print(*field.arguments[0]) == "x: {y: $a}");
    CHECK(print(*field.arguments[0]->value->fields[0]) == "y: $a");
    CHECK(print(*field.directives[0]) == "@d");
    CHECK(print(parse_value("{a: [null, true]}").value()) == "{a: [null, true]}");
    CHECK(print(parse_type("[[A!]!]").value()) == "[[A!]!]");
}

TEST_CASE("a shorthand query is printed so that its braces are not read as part of the definition before it") {
    CHECK(print(parse("type T query { a }").value()) == "type T\n\nquery {\n  a\n}");
    CHECK(print(parse("type T { a: A } query { a }").value()) == "type T {\n  a: A\n}\n\n{\n  a\n}");
    CHECK(print(parse("{ a } query { b }").value()) == "{\n  a\n}\n\n{\n  b\n}");
}

TEST_CASE("strings are printed with the necessary escapes") {
    CHECK(print_string("") == R"("")");
    CHECK(print_string("say \"it\" \\ é😀") == R"("say \"it\" \\ é😀")");
    CHECK(print_string("\b\t\n\f\r\x01\x1F\x7F\u0080\u009F\u00A0") ==
          "\"\\b\\t\\n\\f\\r\\u0001\\u001F\\u007F\\u0080\\u009F\u00A0\"");
}

TEST_CASE("block strings are printed so that reading them returns the same value") {
    CHECK(print_block_string("") == R"("""""")");
    CHECK(print_block_string("one line") == R"("""one line""")");
    CHECK(print_block_string("a\nb") == "\"\"\"\na\nb\n\"\"\"");
    CHECK(print_block_string("  led by blanks") == R"("""  led by blanks""")");
    CHECK(print_block_string("  led by blanks \"quoted\"") == "\"\"\"  led by blanks \"quoted\"\n\"\"\"");
    CHECK(print_block_string("ends in a slash\\") == "\"\"\"\nends in a slash\\\n\"\"\"");
    CHECK(print_block_string("three \"\"\"") == "\"\"\"\nthree \\\"\"\"\n\"\"\"");
    CHECK(print_block_string("no indentation\n  but here") == "\"\"\"\nno indentation\n  but here\n\"\"\"");
    CHECK(print_block_string(std::string(71, 'x')) == "\"\"\"\n" + std::string(71, 'x') + "\n\"\"\"");
    for (const std::string text : {"a", " a", "a\n b", " a\nb", "a\"", "a\\", "\"\"\"", "a\n\nb", "é\n😀"}) {
        CAPTURE(text);
        const auto d = parse_value(print_block_string(text));
        REQUIRE(d);
        CHECK(static_cast<const ast::value&>(*d->definitions()[0]).text == text);
    }
}

TEST_CASE("some values are not printable as block strings") {
    for (const std::string good : {"", "a", " a", "a\nb", "a\n b", "a\n\nb", " a\nb", "a\tb", "é\n\u0080"}) {
        CAPTURE(good);
        CHECK(is_printable_as_block_string(good));
    }
    for (const std::string bad : {" ", "\na", " \na", "a\n", "a\n ", " a\n b", "a\rb", "a\bb", "a\x0F"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_printable_as_block_string(bad));
    }
}

#include "sdl.hpp"

#include <support/catch.hpp>

using namespace atrium::graphql;
using namespace atrium::graphql::testing;

TEST_CASE("a schema is printed as SDL") {
    const std::string_view sdl = R"("""Everything"""
schema {
  query: Root
  mutation: Change
}

"""Who may"""
directive @auth(role: Role! = ADMIN, scopes: [String!] = ["a", "b"]) repeatable on OBJECT | FIELD_DEFINITION

directive @described(
  """first"""
  a: Int

  """second"""
  b: Int = 1 @deprecated
) on FIELD

"""The root"""
type Root implements Node & Named {
  id: ID!
  name(short: Boolean = false, in: In = {a: 1, list: [[1.5], null], id: 7, text: "07"}): String @deprecated

  """
  Described over
    two lines
  """
  old(
    """what for"""
    why: String = "a \"quote\""
    when: Date
  ): [Thing!]! @deprecated(reason: "use new")
}

interface Node {
  id: ID!
}

interface Named implements Node {
  id: ID!
  name(short: Boolean = false): String @deprecated
}

type Change {
  id: ID!
}

union Thing = Root | Change

enum Role {
  """may all"""
  ADMIN
  USER @deprecated
}

scalar Date @specifiedBy(url: "https://example.com/date")

input In {
  a: Int = 3
  list: [[Float]]
  id: ID = 7
  text: ID = "07"
}

input One @oneOf {
  a: Int
  b: String
})";
    CHECK(print_schema(schema_of(sdl)) == sdl);
}

TEST_CASE("a schema with the usual root types is printed without a schema definition, unless it has a description") {
    CHECK(print_schema(schema_of("schema { query: Query } type Query { a: Int }")) == "type Query {\n  a: Int\n}");
    CHECK(print_schema(schema_of("\"d\" schema { query: Query } type Query { a: Int }")) ==
          "\"\"\"d\"\"\"\nschema {\n  query: Query\n}\n\ntype Query {\n  a: Int\n}");
}

TEST_CASE("a description that does not fit a block string is printed as a string") {
    CHECK(print_schema(schema_of("\"  lead\\tand tail \\u0007\" type Query { \"\" a: Int }")) ==
          "\"  lead\\tand tail \\u0007\"\ntype Query {\n  \"\"\"\"\"\"\n  a: Int\n}");
}

TEST_CASE("numbers in defaults are printed as in JavaScript") {
    CHECK(
        print_schema(schema_of("type Query { f(a: Float = 1e21, b: Float = 123456789012345678901, c: Float = 0.0000001, "
                               "d: Float = -0.0, e: Float = 1.50, g: Float = 1e2): Int }")) ==
        "type Query {\n  f(a: Float = 1e+21, b: Float = 123456789012345680000, c: Float = 1e-7, d: Float = 0, e: Float = 1.5, "
        "g: Float = 100): Int\n}");
}

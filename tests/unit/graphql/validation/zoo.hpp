#pragma once

#include <graphql/located_error.hpp>
#include <graphql/schema.hpp>
#include <graphql/sdl.hpp>
#include <graphql/validation.hpp>
#include <support/graphql.hpp>

#include <string>
#include <utility>
#include <vector>

/// A schema with every kind of type, and functions that validate documents against it. The expected messages and locations are
/// those of graphql-js 16.15.
namespace zoo {

using namespace atrium::graphql;

inline constexpr auto sdl = R"(
directive @shown(by: Int, to: [String!]) on FIELD | FRAGMENT_SPREAD
directive @traced(id: ID!) repeatable on QUERY | FIELD | VARIABLE_DEFINITION
scalar Date
enum Color { RED GREEN DARK_GREEN }
interface Named { name: String }
interface Animal implements Named { name: String, mother: Animal, friends(first: Int = 10): [Animal!]! }
type Dog implements Animal & Named { name: String, mother: Dog, friends(first: Int = 10): [Animal!]!,
  barks(loudly: Boolean!): Boolean, age: Int!, owner: Person }
type Cat implements Animal & Named { name: String, mother: Cat, friends(first: Int = 10): [Animal!]!,
  meows: Boolean, age: Int, tags: [String] }
type Person implements Named { name: String, pets(filter: Filter): [Animal], born: Date }
union Dweller = Dog | Person
union Feline = Cat
input Point { x: Float!, y: Float! = 0 }
input Filter { colors: [Color!], near: Point, not: Filter, limit: Int = 3 }
input Key @oneOf { id: ID, name: String, at: Point }
type Query {
  animal(key: Key): Animal
  dog(name: String = "Rex"): Dog
  cat: Cat
  person: Person
  dweller: Dweller
  feline: Feline
  color(of: Color! = RED): Color
  scalars(int: Int, float: Float, string: String, boolean: Boolean, id: ID, date: Date): Int
  lists(ints: [Int!], matrix: [[Int]!]): Int
  needed(int: Int!, point: Point!): Int
  keys(all: [Key!]!): Int
}
type Mutation { feed(id: ID!): Dog }
type Subscription { born(color: Color): Animal, counted: Int }
)";

inline const schema& the_schema() {
    static const auto built = [] {
        auto result = build_schema(atrium::support::parsed(sdl));
        REQUIRE(result);
        return std::move(*result);
    }();
    return built;
}

inline located_errors errors_of(std::string document) {
    return validate(the_schema(), atrium::support::parsed(std::move(document)));
}

/// A document, and the errors that its validation must return.
struct expectation {
    std::string document;
    located_errors errors{};
};

inline void check(const std::vector<expectation>& expectations) {
    for (const auto& [document, errors] : expectations) {
        CAPTURE(document);
        CHECK(errors_of(document) == errors);
    }
}

} // namespace zoo

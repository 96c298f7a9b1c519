#include "require.hpp"

#include <base/text.hpp>
#include <graphql/parser.hpp>
#include <graphql/sdl.hpp>
#include <graphql/validation.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

using namespace atrium;
using fuzz::require;

namespace {

/// A schema with definitions for every rule of validation: every kind of type, interfaces that implement interfaces, arguments
/// and directives of all sorts.
constexpr const char* definitions = R"(
    directive @onField(a: Int, b: [In!] = []) repeatable on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT | FRAGMENT_DEFINITION
    directive @onQuery(a: E!) on QUERY | MUTATION | SUBSCRIPTION | VARIABLE_DEFINITION
    interface Node { id: ID! }
    interface Named implements Node { id: ID! name(max: Int): String }
    type User implements Named & Node { id: ID! name(max: Int): String friends(first: Int = 10, in: In): [User!]! pet: Pet }
    type Dog implements Node { id: ID! barks: Boolean! owner: User at: Date }
    type Cat { id: Int lives: Float e: E }
    union Pet = Dog | Cat
    enum E { A B }
    scalar Date
    input In { a: Int = 1 b: String! c: [In!] e: E d: Date }
    input One @oneOf { a: Int b: String }
    type Query { node(id: ID!): Node user(id: ID!, one: One): User pets(of: [ID!]!, e: E = A): [Pet!] a: Int b: [[Int!]]! }
    type Mutation { add(in: In!): User remove(id: ID!): Boolean }
    type Subscription { added(e: [E]): User removed: ID })";

const graphql::schema& schema() {
    static const auto built = graphql::build_schema(graphql::parse(definitions).value());
    require(built.has_value(), "the schema can be built");
    return *built;
}

} // namespace

/// The input is a document. It is valid or has errors, whose locations are in the document.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string text{reinterpret_cast<const char*>(data), size};
    if (!is_utf8(text))
        return -1;
    const auto lines =
        1 + static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }));
    const auto document = graphql::parse(std::move(text));
    if (!document)
        return 0;
    for (const auto& fault : graphql::validate(schema(), *document)) {
        require(!fault.message.empty(), "an error has a message");
        for (const auto& [line, column] : fault.locations)
            require(line >= 1 && line <= lines && column >= 1, "the location of an error is in the document");
    }
    return 0;
}

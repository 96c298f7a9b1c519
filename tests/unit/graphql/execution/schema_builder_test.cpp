#include <graphql/executable_schema.hpp>
#include <graphql/schema_builder.hpp>
#include <graphql/sdl.hpp>
#include <support/catch.hpp>

#include <stdexcept>
#include <string>

using namespace atrium;
using namespace atrium::graphql;
using Catch::Matchers::ContainsSubstring;

namespace {

struct row {
    id<struct row_tag> key;
    std::string text;
    std::optional<std::string> maybe;
    std::vector<std::string> texts;
};
struct stranger {};
enum class color { red };

/// The error of a schema with `rows: [Row!]!` and the declarations that `declare` adds.
template <class Declare>
std::string fault_of(Declare declare) {
    schema_builder b;
    b.query().root("rows: [Row!]!", [] { return std::vector<row>{}; });
    declare(b);
    try {
        static_cast<void>(std::move(b).build());
    } catch (const std::logic_error& e) {
        return e.what();
    }
    return "";
}

template <class Member>
std::string fault_of_field(std::string signature, Member member) {
    return fault_of([&](schema_builder& b) { b.object<row>("Row").field(std::move(signature), member); });
}

template <class F>
std::string fault_of_row(std::string signature, F function) {
    return fault_of([&](schema_builder& b) { b.object<row>("Row").row(std::move(signature), function); });
}

} // namespace

TEST_CASE("the declarations of modules become one schema") {
    schema_builder b;
    b.define("interface Named { text: String }");
    b.query().root("rows(first: Int = 10): [Row!]!", "Some \"rows\".", [] { return std::vector<row>{}; }).paged("first");
    auto rows = b.object<row>("Row", "A row.").implements("Named");
    rows.field("text: String!", &row::text);
    rows.key(&row::key);
    b.extend<id<row_tag>>("Row").row("twice: Float! @deprecated(reason: \"once is enough\")",
                                     [](const id<row_tag>& key) { return key.value * 2; });
    b.enumeration<color>("Color", "", {{color::red, "RED", "Like blood."}});
    CHECK(print_schema(std::move(b).build().schema()) == R"(interface Named {
  text: String
}

enum Color {
  """Like blood."""
  RED
}

type Query {
  """Some "rows"."""
  rows(first: Int = 10): [Row!]!
}

"""A row."""
type Row implements Named {
  text: String!
  twice: Float! @deprecated(reason: "once is enough")
})");
}

TEST_CASE("invalid SDL is reported with the message of graphql-js and the invalid declaration") {
    CHECK_THAT(fault_of_field("text: Strin", &row::text),
               ContainsSubstring("Unknown type \"Strin\". Did you mean \"String\"?") && ContainsSubstring("text: Strin"));
    CHECK_THAT(fault_of_field("text(: String", &row::text),
               ContainsSubstring("Syntax Error") && ContainsSubstring("text(: String"));
    CHECK_THAT(fault_of([](schema_builder& b) { b.object<row>("Row").implements("Nobody").field("text: String", &row::text); }),
               ContainsSubstring("Nobody"));
}

TEST_CASE("a resolver that does not fit its field is an error when the schema is built") {
    CHECK(fault_of_field("text: String!", &row::text) == "");
    CHECK(fault_of_field("text: [String!]!", &row::texts) == "");
    CHECK_THAT(fault_of_field("text: String!", &row::maybe),
               ContainsSubstring("Row.text: is of type String!, but its resolver may return null"));
    CHECK_THAT(fault_of_field("text: [String!]!", &row::text),
               ContainsSubstring("Row.text: is of type [String!]!, but its resolver does not return a list"));
    CHECK_THAT(fault_of_field("text: String!", &row::texts),
               ContainsSubstring("Row.text: is of type String!, but its resolver returns a list"));
    CHECK_THAT(fault_of_row("text: [String!]", [](const row&) { return std::vector<std::optional<std::string>>{}; }),
               ContainsSubstring("Row.text: is of type [String!], but its resolver may return null"));
    CHECK_THAT(fault_of_field("text: Int", &row::text),
               ContainsSubstring("Row.text: its resolver returns a C++ type that cannot be written as Int"));
    CHECK_THAT(fault_of_row("row: Row", [](const row&) { return stranger{}; }),
               ContainsSubstring("Row.row: its resolver returns a C++ type that is neither row nor key of Row: ") &&
                   ContainsSubstring("::stranger"));
    CHECK_THAT(fault_of_row("row: Row", [](const row&) { return id<row_tag>{}; }),
               ContainsSubstring("neither row nor key of Row"));
    CHECK_THAT(fault_of([](schema_builder& b) {
                   b.object<row>("Row").field("text: String", &row::text);
                   b.subscription().root("changed: Row", [] { return row{}; });
               }),
               ContainsSubstring("Subscription.changed: its resolver must return an event_source"));
}

TEST_CASE("each field must have exactly one resolver, and its page size must use one of its own arguments") {
    CHECK_THAT(fault_of([](schema_builder& b) {
                   b.define("type Row { text: String }");
                   b.bind<row>("Row");
               }),
               ContainsSubstring("Row.text: has no resolver"));
    CHECK_THAT(fault_of([](schema_builder& b) {
                   b.define("type Row { text: String }");
                   auto r = b.bind<row>("Row");
                   r.field("text", &row::text);
                   r.field("text", &row::text);
                   r.field("other", &row::text);
               }),
               ContainsSubstring("Row.text: has two resolvers") &&
                   ContainsSubstring("Row.other: has a resolver, but no definition"));
    CHECK_THAT(fault_of([](schema_builder& b) { b.object<row>("Row").field("text: String", &row::text).paged("first"); }),
               ContainsSubstring("Row.text: its page size uses an argument that it does not have: first"));
}

TEST_CASE("a module that extends a type must use the row or a key of the type") {
    CHECK_THAT(fault_of([](schema_builder& b) {
                   b.object<row>("Row").field("text: String", &row::text);
                   b.extend<stranger>("Row").row("more: Int", [](const stranger&) { return 1; });
               }),
               ContainsSubstring("Row.more: its resolver takes a C++ type that is neither the row of Row nor a key of it"));
    CHECK_THAT(fault_of([](schema_builder& b) { b.extend<row>("Row").field("text: String", &row::text); }),
               ContainsSubstring("Row: a module adds fields to this type, but no module declares it"));
    CHECK_THROWS_WITH(
        [] {
            schema_builder b;
            b.object<row>("Row");
            b.object<stranger>("Row");
        }(),
        ContainsSubstring("Row is declared twice"));
}

TEST_CASE("a row type that belongs to two members of a union is an error") {
    CHECK_THAT(fault_of([](schema_builder& b) {
                   b.define("union Either = Row | Twin");
                   b.object<row>("Row").field("text: String", &row::text);
                   b.object<row>("Twin").field("text: String", &row::text);
                   b.query().root("either: Either", [] { return row{}; });
               }),
               ContainsSubstring("Query.either: its resolver returns a C++ type that matches several object types of Either"));
}

#include "space.hpp"

#include <support/catch.hpp>
#include <support/run.hpp>

using atrium::graphql::space::world;

TEST_CASE("a response has its fields in the order of the selection, under their aliases") {
    world w;
    CHECK(w.ask("{ b: human(id: 1) { name id } a: human(id: 2) { id number name } }") ==
          R"({"data":{"b":{"name":"Ada","id":"1"},"a":{"id":"2","number":2,"name":"Bo"}}})");
}

TEST_CASE("a field is null if its object is not found") {
    world w;
    CHECK(w.ask("{ human(id: 77) { name } other: human(id: \"x\") { name } }") == R"({"data":{"human":null,"other":null}})");
}

TEST_CASE("fields with the same response key are merged at the position of the first one") {
    world w;
    CHECK(w.ask("{ human(id: 1) { name home { id } } ...more eras } fragment more on Query { human(id: 1) { home { name } id } "
                "}") == R"({"data":{"human":{"name":"Ada","home":{"id":"1","name":"Mars"},"id":"1"},"eras":["FUTURE"]}})");
}

TEST_CASE("fragments on object types, interfaces and unions are included for the objects to which they apply") {
    world w;
    CHECK(w.ask("{ search(text: \"a\") { __typename ... on Character { name } ... on Planet { title: name } "
                "... on Human { height } ... on Found { kind: __typename } } }") ==
          R"({"data":{"search":[{"__typename":"Human","name":"Ada","height":1.5,"kind":"Human"},)"
          R"({"__typename":"Planet","title":"Mars","kind":"Planet"}]}})");
}

TEST_CASE("@skip and @include work with literals and with variables") {
    world w;
    constexpr auto query =
        "query($yes: Boolean!) { eras @include(if: $yes) a: eras @skip(if: $yes) b: eras @include(if: false) "
        "... @skip(if: true) { c: eras } }";
    CHECK(w.ask(query, {{"yes", true}}) == R"({"data":{"eras":["FUTURE"]}})");
    CHECK(w.ask(query, {{"yes", false}}) == R"({"data":{"a":["FUTURE"]}})");
}

TEST_CASE("an operation is chosen by its name") {
    world w;
    constexpr auto two = "query A { a: eras } query B { b: eras }";
    CHECK(w.ask(two, {}, "B") == R"({"data":{"b":["FUTURE"]}})");
    CHECK(w.ask(two) == R"({"errors":[{"message":"Must provide operation name if query contains multiple operations.",)"
                        R"("extensions":{"code":"OPERATION_RESOLUTION_FAILURE"}}]})");
    CHECK(w.ask(two, {}, "C") ==
          R"({"errors":[{"message":"Unknown operation named \"C\".","extensions":{"code":"OPERATION_RESOLUTION_FAILURE"}}]})");
    // Validation refuses a document without an operation, because its fragment is unused.
    CHECK(w.ask("fragment F on Query { eras }").find("OPERATION") == std::string::npos);
}

TEST_CASE("a kind of operation that the schema does not have is refused") {
    atrium::graphql::schema_builder b;
    b.query().root("one: Int", [] { return 1; });
    const atrium::graphql::engine only_queries{std::move(b).build()};
    const auto refused = only_queries.prepare({.query = "mutation { one }"});
    REQUIRE(refused.has_error());
    CHECK(refused.error().reason == atrium::graphql::refusal_reason::validation);
    CHECK(refused.error().body ==
          R"({"errors":[{"message":"The mutation operation is not supported by the schema.",)"
          R"("locations":[{"line":1,"column":1}],"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]})");
    CHECK(only_queries.prepare({.query = "query A { one } subscription B { one }", .operation_name = "A"}).has_error());
}

TEST_CASE("a refused request reports the step at which it has failed") {
    world w;
    using atrium::graphql::refusal_reason;
    const auto reason = [&](std::string query) { return w.sample_engine.prepare({.query = std::move(query)}).error().reason; };
    CHECK(reason("{") == refusal_reason::syntax);
    CHECK(reason("{ nothing }") == refusal_reason::validation);
    CHECK(reason("query($a: Int!) { echo(int: $a) }") == refusal_reason::variables);
    CHECK(w.sample_engine.prepare({.query = "mutation { step }"})->type() == atrium::graphql::ast::operation_type::mutation);
}

TEST_CASE("every scalar is written in the form of its type") {
    world w;
    CHECK(w.ask("{ planets { id grid weather discovered } human(id: 3) { height(unit: FOOT) appearsIn } "
                "search(text: \"Rust\") { ... on Robot { purpose } } }") ==
          R"({"data":{"planets":[{"id":"1","grid":[[1,2],[],[3]],"weather":{"wind":[1,2.5,null]},)"
          R"("discovered":"1970-01-01T00:00:00.000Z"},{"id":"2","grid":[],"weather":null,"discovered":null}],)"
          R"("human":{"height":6.5,"appearsIn":[]},"search":[{"purpose":"to \"weld\""}]}})");
}

TEST_CASE("a reference becomes the row whose type and entity key it names, or null if the field cannot return such a row") {
    world w;
    const auto character = [&](const std::string& type, const std::string& id) {
        return w.ask("query($t: String!, $i: ID!) { character(type: $t, id: $i) { __typename name } }",
                     {{"t", type}, {"i", id}});
    };
    CHECK(character("Human", "2") == R"({"data":{"character":{"__typename":"Human","name":"Bo"}}})");
    CHECK(character("Robot", "1") == R"({"data":{"character":{"__typename":"Robot","name":"Rust"}}})");
    CHECK(character("Robot", "77") == R"({"data":{"character":null}})");
    CHECK(character("Robot", "one") == R"({"data":{"character":null}})");
    CHECK(character("Planet", "1") == R"({"data":{"character":null}})"); // a planet is not a Character
    CHECK(character("Nobody", "1") == R"({"data":{"character":null}})");
}

TEST_CASE("arguments reach resolvers with their defaults") {
    world w;
    CHECK(w.ask("{ echo(text: \"a\", list: [1, [2, null]], review: {stars: 4, place: {id: 5}}, when: \"2026-11-22T12:00:00Z\", "
                "json: {a: [7, $b]}) }")
              .find("GRAPHQL_VALIDATION_FAILED") != std::string::npos);
    CHECK(w.ask("{ echo(text: \"a\", list: [1, [2, null]], review: {stars: 4, place: {id: 5}}, when: \"2026-11-22T12:00:00Z\", "
                "json: {a: [7, E]}) }") ==
          R"({"data":{"echo":{"int":3,"text":"a","list":[[1],[2,null]],)"
          R"("review":{"stars":4,"text":"none","place":{"id":"5"}},"era":"PAST","when":"2026-11-22T12:00:00Z",)"
          R"("json":{"a":[7,"E"]}}}})");
    CHECK(w.ask("{ eras(of: [PAST, FUTURE]) }") == R"({"data":{"eras":["PAST","FUTURE"]}})");
}

TEST_CASE("an operation that was prepared once can run more than once") {
    world w;
    const auto ready = w.sample_engine.prepare({.query = "query($e: [Era!]) { eras(of: $e) }", .variables = {{"e", {"PAST"}}}});
    REQUIRE(ready.has_value());
    const atrium::graphql::context c;
    for (int i = 0; i < 2; ++i)
        CHECK(atrium::support::run(w.sample_engine.execute(*ready, c)).body == R"({"data":{"eras":["PAST"]}})");
}

TEST_CASE("in a schema without introspection, __type is an error, but __typename works") {
    world w;
    CHECK(w.ask("{ __typename __type(name: \"Human\") { name } }") ==
          R"({"errors":[{"message":"This field is not available.","locations":[{"line":1,"column":14}],"path":["__type"],)"
          R"("extensions":{"code":"UNAVAILABLE"}}],"data":{"__typename":"Query","__type":null}})");
}

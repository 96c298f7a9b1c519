#include "space.hpp"

#include <graphql/introspection.hpp>
#include <support/catch.hpp>

#include <string>

using namespace atrium::graphql;

namespace {

/// The response to an introspection query of a schema with every kind of type.
std::string response_to(std::string query, boost::json::object variables = {}, limits allowed = {}) {
    schema_builder b;
    add_introspection(b);
    b.define(R"graphql(
        "Kept." directive @kept(by: String = "us") repeatable on FIELD | QUERY
        interface Named { name: String }
        union Any = Thing
        enum Color { RED "Not seen." BLUE @deprecated(reason: "faded") }
        input Wish { first: Int = 3, colors: [Color!] = [RED, BLUE], old: ID @deprecated }
        input Either @oneOf { a: Int b: Int }
        scalar Url @specifiedBy(url: "https://url.spec.whatwg.org/")
    )graphql");
    struct thing {};
    const auto nothing = [](const thing&) { return std::optional<std::string>{}; };
    auto t = b.object<thing>("Thing", "Some thing.").implements("Named");
    t.row("name: String", nothing);
    t.row("old(a: Int, b: [Wish!]! = [{first: 4}]): [String!]! @deprecated(reason: \"too old\")",
          [](const thing&) { return std::vector<std::string>{}; });
    b.query().root("thing: Thing", [] { return thing{}; });
    return space::ask(engine{std::move(b).build(), allowed}, {std::move(query), {}, std::move(variables)});
}

} // namespace

TEST_CASE("introspection returns the root types and directives") {
    CHECK(
        response_to("{ __schema { queryType { name } mutationType { name } subscriptionType { name } description } }") ==
        R"({"data":{"__schema":{"queryType":{"name":"Query"},"mutationType":null,"subscriptionType":null,"description":null}}})");
    CHECK(response_to("{ __schema { directives { name } } }") ==
          R"({"data":{"__schema":{"directives":[{"name":"kept"},{"name":"include"},{"name":"skip"},{"name":"deprecated"},)"
          R"({"name":"specifiedBy"},{"name":"oneOf"}]}}})");
}

TEST_CASE("introspection returns the properties of each kind of type, and null for those that the kind does not have") {
    const auto properties_of = [](const std::string& name) {
        return response_to(
            "query($n: String!) { __type(name: $n) { kind name description specifiedByURL isOneOf fields { name } "
            "interfaces { name } possibleTypes { name } enumValues { name } inputFields { name } ofType { name } } }",
            {{"n", name}});
    };
    CHECK(properties_of("Thing") ==
          R"({"data":{"__type":{"kind":"OBJECT","name":"Thing","description":"Some thing.",)"
          R"("specifiedByURL":null,"isOneOf":null,"fields":[{"name":"name"}],"interfaces":[{"name":"Named"}],)"
          R"("possibleTypes":null,"enumValues":null,"inputFields":null,"ofType":null}}})");
    CHECK(properties_of("Named") ==
          R"({"data":{"__type":{"kind":"INTERFACE","name":"Named","description":null,)"
          R"("specifiedByURL":null,"isOneOf":null,"fields":[{"name":"name"}],"interfaces":[],)"
          R"("possibleTypes":[{"name":"Thing"}],"enumValues":null,"inputFields":null,"ofType":null}}})");
    CHECK(properties_of("Any") ==
          R"({"data":{"__type":{"kind":"UNION","name":"Any","description":null,)"
          R"("specifiedByURL":null,"isOneOf":null,"fields":null,"interfaces":null,)"
          R"("possibleTypes":[{"name":"Thing"}],"enumValues":null,"inputFields":null,"ofType":null}}})");
    CHECK(properties_of("Color") ==
          R"({"data":{"__type":{"kind":"ENUM","name":"Color","description":null,)"
          R"("specifiedByURL":null,"isOneOf":null,"fields":null,"interfaces":null,)"
          R"("possibleTypes":null,"enumValues":[{"name":"RED"}],"inputFields":null,"ofType":null}}})");
    CHECK(properties_of("Either") ==
          R"({"data":{"__type":{"kind":"INPUT_OBJECT","name":"Either","description":null,)"
          R"("specifiedByURL":null,"isOneOf":true,"fields":null,"interfaces":null,)"
          R"("possibleTypes":null,"enumValues":null,"inputFields":[{"name":"a"},{"name":"b"}],"ofType":null}}})");
    CHECK(properties_of("Url") ==
          R"({"data":{"__type":{"kind":"SCALAR","name":"Url","description":null,)"
          R"("specifiedByURL":"https://url.spec.whatwg.org/","isOneOf":null,"fields":null,"interfaces":null,)"
          R"("possibleTypes":null,"enumValues":null,"inputFields":null,"ofType":null}}})");
    CHECK(properties_of("Nobody") == R"({"data":{"__type":null}})");
}

TEST_CASE("introspection includes deprecated elements on request, with the reason of the deprecation") {
    CHECK(response_to(
              "{ __type(name: \"Thing\") { fields(includeDeprecated: true) { name isDeprecated deprecationReason } } }") ==
          R"({"data":{"__type":{"fields":[{"name":"name","isDeprecated":false,"deprecationReason":null},)"
          R"({"name":"old","isDeprecated":true,"deprecationReason":"too old"}]}}})");
    CHECK(response_to(
              "{ __type(name: \"Color\") { enumValues(includeDeprecated: true) { name description deprecationReason } } }") ==
          R"({"data":{"__type":{"enumValues":[{"name":"RED","description":null,"deprecationReason":null},)"
          R"({"name":"BLUE","description":"Not seen.","deprecationReason":"faded"}]}}})");
    CHECK(response_to(
              "{ __type(name: \"Wish\") { inputFields { name } all: inputFields(includeDeprecated: true) { deprecationReason } "
              "} }") ==
          R"({"data":{"__type":{"inputFields":[{"name":"first"},{"name":"colors"}],)"
          R"("all":[{"deprecationReason":null},{"deprecationReason":null},{"deprecationReason":"No longer supported"}]}}})");
}

TEST_CASE("introspection returns defaults as literals, and the type inside a list or non-null type as its ofType") {
    CHECK(
        response_to(
            "{ __type(name: \"Wish\") { inputFields { name defaultValue type { kind ofType { kind ofType { name } } } } } }") ==
        R"({"data":{"__type":{"inputFields":[{"name":"first","defaultValue":"3","type":{"kind":"SCALAR","ofType":null}},)"
        R"({"name":"colors","defaultValue":"[RED, BLUE]","type":{"kind":"LIST","ofType":{"kind":"NON_NULL",)"
        R"("ofType":{"name":"Color"}}}}]}}})");
    CHECK(response_to("{ __type(name: \"Thing\") { fields(includeDeprecated: true) { args { name defaultValue } } } }") ==
          R"({"data":{"__type":{"fields":[{"args":[]},{"args":[{"name":"a","defaultValue":null},)"
          R"({"name":"b","defaultValue":"[{first: 4, colors: [RED, BLUE]}]"}]}]}}})");
}

TEST_CASE("introspection returns the locations and arguments of a directive") {
    const auto answer = response_to(
        "{ __schema { directives { name description isRepeatable isDeprecated locations args { name defaultValue } } } }");
    CHECK(answer.find(R"({"name":"kept","description":"Kept.","isRepeatable":true,"isDeprecated":false,)"
                      R"("locations":["FIELD","QUERY"],"args":[{"name":"by","defaultValue":"\"us\""}]})") != std::string::npos);
}

TEST_CASE("GraphiQL's introspection query is within the default limits") {
    constexpr auto query = R"(
        query IntrospectionQuery {
          __schema { description queryType { name kind } mutationType { name kind } subscriptionType { name kind }
            types { ...FullType }
            directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } } } }
        fragment FullType on __Type { kind name description specifiedByURL isOneOf
          fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef }
            isDeprecated deprecationReason }
          inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef }
          enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
        fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
        fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
          ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } })";
    const auto answer = response_to(query);
    CHECK(answer.starts_with(R"({"data":{"__schema":{"description":null,"queryType":{"name":"Query","kind":"OBJECT"})"));
    CHECK(answer.find(R"("name":"__Schema")") != std::string::npos);
}

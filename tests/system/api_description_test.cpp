#include "answers.hpp"

#include <support/running_server.hpp>

#include <cctype>

// Tests the documents that describe the API. tests/api_description compares all responses of the system tests with them.

namespace {

using namespace atrium::support;
namespace json = boost::json;

std::string to_lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

} // namespace

TEST_CASE("the description of the API has exactly the routes of the index, with their summaries and access") {
    running_server server;
    const auto document = server.http().get("/openapi.json").json();
    const auto index = server.http().get("/").json();
    std::size_t count = 0;
    for (const auto& [path, item] : document.at("paths").as_object())
        for (const auto& [member, operation] : item.as_object())
            count += member.starts_with("x-") ? 0U : 1U;
    CHECK(count == index.at("routes").as_array().size());
    for (const auto& route : index.at("routes").as_array()) {
        INFO(json::serialize(route));
        std::string path{route.at("path").as_string()};
        if (const auto rest = path.find("...}"); rest != std::string::npos) // OpenAPI has no parameter for the rest of a path
            path.erase(rest, 3);
        const auto& operation = document.at("paths").at(path).at(to_lower(std::string{route.at("method").as_string()}));
        CHECK(operation.at("summary") == route.at("summary"));
        const auto& security = operation.at("security").as_array();
        CHECK(security.empty() == (route.at("access") == "open"));
        if (!security.empty() && route.at("access") != "authenticated")
            CHECK(security.front().at("token") == json::array{route.at("access")});
    }
}

TEST_CASE("the description of an entity in /openapi.json has all that the console needs for its forms and columns") {
    running_server server;
    const auto document = server.http().get("/openapi.json").json();
    CHECK(document.at("paths").at("/users/").at("x-atrium-entity") ==
          json::parse(R"({"name":"User","plural":"users","path":"/users/","events_key":"user"})"));
    const auto& schemas = document.at("components").at("schemas");
    CHECK(schemas.at("Order").at("properties").at("user_id").at("x-atrium-reference") == "users");
    CHECK(schemas.at("User").at("properties").at("order_count").at("readOnly") == true);
    CHECK(schemas.at("UserCreate").at("required") == json::array{"username", "email"});
    CHECK(schemas.at("UserCreate").at("properties").at("username").at("maxLength") == 100);
    CHECK(schemas.at("OrderCreate").at("properties").at("quantity").at("default") == 1);
    CHECK(schemas.at("OrderChange").at("properties").at("status").at("enum") ==
          json::array{"placed", "fulfilled", "cancelled"});
    json::array names;
    for (const auto& each : document.at("paths").at("/users/").at("get").at("parameters").as_array())
        if (each.as_object().contains("name"))
            names.push_back(each.at("name"));
    CHECK(names == json::array{"username", "email", "search", "ids", "sort", "limit", "after"});
}

TEST_CASE("the states of deliveries, and the verbs and states of operations, have the same names in REST and, in upper case, "
          "in GraphQL") {
    running_server server;
    const auto document = server.http().get("/openapi.json").json();
    const auto& schemas = document.at("components").at("schemas");
    const std::pair<const char*, const json::value&> enumerations[] = {
        {"DeliveryState", schemas.at("Journey").at("properties").at("subscriptions").at("items").at("properties").at("state")},
        {"BulkVerb", schemas.at("Operation").at("properties").at("verb")},
        {"BulkState", schemas.at("Operation").at("properties").at("state")},
    };
    for (const auto& [name, schema] : enumerations) {
        INFO(name);
        const auto query = "{__type(name: \"" + std::string{name} + "\") {enumValues {name}}}";
        const auto answer = server.http().post("/graphql/", {{"query", query}}).json();
        json::array names;
        for (const auto& each : answer.at("data").at("__type").at("enumValues").as_array())
            names.emplace_back(to_lower(std::string{each.at("name").as_string()}));
        CHECK(names == schema.at("enum").as_array());
    }
}

TEST_CASE("the descriptions of the API have an ETag, and a client that sends this ETag gets 304") {
    running_server server;
    for (const auto* path : {"/openapi.json", "/asyncapi.json"}) {
        const auto first = server.http().get(path);
        CHECK(first.status == 200);
        CHECK(first.header("Content-Type") == "application/json");
        CHECK(server.http().get(path, {{"If-None-Match", first.header("ETag")}}).status == 304);
        CHECK(server.http().head(path).header("Content-Length") == std::to_string(first.body.size()));
        check_problem(server.http().get(path, {{"If-Match", "\"other\""}}), 412);
        CHECK(faults_of(server.http().get(std::string{path} + "?x=1"), 400) == "x: is not a known parameter\n");
    }
}

TEST_CASE("the descriptions of the API are the same for different settings of authentication, rate limits and access log") {
    running_server plain;
    running_server strict{{"auth.mode=token", "http.rate_limits.read=1000", "http.access_log=json"}};
    for (const auto* path : {"/openapi.json", "/asyncapi.json"})
        CHECK(plain.http().get(path).body == strict.http().get(path).body);
}

TEST_CASE("GET /schema.graphql returns the GraphQL schema, or 404 if introspection is disabled") {
    running_server server;
    CHECK(server.http().get("/schema.graphql").body.find("type User implements Node") != std::string::npos);
    running_server hidden{{"graphql.introspection=false"}};
    check_problem(hidden.http().get("/schema.graphql"), 404);
    CHECK_FALSE(hidden.http().get("/openapi.json").json().at("paths").as_object().contains("/schema.graphql"));
}

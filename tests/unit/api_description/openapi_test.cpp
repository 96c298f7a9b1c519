#include <api_description/openapi.hpp>
#include <support/catch.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <stdexcept>
#include <string>

using namespace atrium;
using http::status;
namespace json = boost::json;

namespace {

constexpr auto any_text = R"({"type":"string"})";

awaitable<http::response> answer(const http::request&) {
    co_return http::no_content();
}

http::operation pear_list() {
    return {
        .id = "list_pears",
        .tag = "pears",
        .parameters = {{.name = "color", .description = "Only those of this color.", .schema = any_text}},
        .request_headers = {"If-None-Match"},
        .responses = {http::described_json(status::ok, "A page.", http::array_of("Pear"), {"Link"}),
                      {status::not_modified, "It exists."}},
        .errors = {status::precondition_failed},
        .schemas = {{"Pear", R"({"type":"object","properties":{"tree_id":{"type":"integer"}}})", {{"tree_id", &any_text}}}}};
}

http::operation pear() {
    return {.id = "get_pear",
            .tag = "pears",
            .parameters = {http::in_path("id", "The id of a pear.", R"({"type":"integer"})")},
            .responses = {http::described_json(status::ok, "A pear.", http::schema_named("Pear"), {"ETag"})}};
}

/// The routes of an entity "pear", whose descriptions are correct.
struct pears_fixture {
    http::router routes;

    pears_fixture() {
        routes.get("/pears/", "List pears", answer).scope("pears:read").describe(pear_list());
        routes.get("/pears/{id}", "Show a pear", answer).any_principal().describe(pear());
    }

    json::value render() const { return json::parse(api_description::render_openapi(routes, "1.2.3")); }

    std::string refusal() const {
        try {
            (void)api_description::render_openapi(routes, "1.2.3");
        } catch (const std::logic_error& e) {
            return e.what();
        }
        return "accepted";
    }
};

} // namespace

TEST_CASE_METHOD(pears_fixture, "a route is described with its summary, tag, parameters, responses and security") {
    const auto document = render();
    CHECK(document.at("openapi") == "3.1.0");
    CHECK(document.at("info").at("version") == "1.2.3");
    CHECK(document.at("tags") == json::parse(R"([{"name":"pears","description":"The routes of the module pears."}])"));
    const auto& list = document.at("paths").at("/pears/").at("get");
    CHECK(list.at("operationId") == "list_pears");
    CHECK(list.at("summary") == "List pears");
    CHECK(list.at("parameters") == json::parse(R"([
        {"name": "color", "in": "query", "description": "Only those of this color.", "schema": {"type": "string"}},
        {"$ref": "#/components/parameters/If-None-Match"}
    ])"));
    CHECK(list.at("responses").at("200") == json::parse(R"({
        "description": "A page.",
        "headers": {
            "X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"},
            "Link": {"$ref": "#/components/headers/Link"}
        },
        "content": {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Pear"}}}}
    })"));
    CHECK(list.at("security") ==
          json::parse(R"([{"token":["pears:read"]},{"session":["pears:read"]},{"plain_session":["pears:read"]}])"));
}

TEST_CASE_METHOD(
    pears_fixture,
    "a route refers to shared responses for its declared errors, the errors of authentication and those of every route") {
    const auto document = render();
    const auto& responses = document.at("paths").at("/pears/").at("get").at("responses");
    CHECK(responses.at("412") == json::parse(R"({"$ref":"#/components/responses/PreconditionFailed"})"));
    CHECK(responses.at("401") == json::parse(R"({"$ref":"#/components/responses/Unauthorized"})"));
    CHECK(responses.at("500") == json::parse(R"({"$ref":"#/components/responses/InternalServerError"})"));
    CHECK(document.at("components")
              .at("responses")
              .at("PreconditionFailed")
              .at("content")
              .as_object()
              .contains("application/problem+json"));
}

TEST_CASE_METHOD(pears_fixture, "a route without authentication is described without security and without the status 401") {
    auto o = pear();
    o.id = "get_juice";
    routes.get("/juice/{id}", "Show a juice", answer).open().describe(o);
    const auto document = render();
    const auto& juice = document.at("paths").at("/juice/{id}").at("get");
    CHECK(juice.at("security").as_array().empty());
    CHECK_FALSE(juice.at("responses").as_object().contains("401"));
}

TEST_CASE_METHOD(pears_fixture,
                 "the cookie of a session is described twice, with its name for HTTPS and with its name for HTTP without TLS") {
    const auto document = render();
    const auto& schemes = document.at("components").at("securitySchemes");
    CHECK(schemes.at("session").at("name") == "__Host-atrium_session");
    CHECK(schemes.at("plain_session").at("name") == "atrium_session");
    for (const auto& each : document.at("paths").at("/pears/").at("get").at("security").as_array())
        CHECK(schemes.as_object().contains(each.as_object().begin()->key()));
}

TEST_CASE_METHOD(pears_fixture,
                 "if both the route and the server can respond with a status, the bodies of both are described") {
    auto o = pear();
    o.id = "get_juice";
    o.responses.push_back(http::described_json(status::service_unavailable, "There is none left.", any_text));
    routes.get("/juice/{id}", "Show a juice", answer).open().describe(o);
    const auto document = render();
    const auto& both = document.at("paths").at("/juice/{id}").at("get").at("responses").at("503").at("content").as_object();
    CHECK(both.contains("application/json"));
    CHECK(both.contains("application/problem+json"));
}

TEST_CASE_METHOD(
    pears_fixture,
    "a property that contains the id of an entity refers to the list of these entities, if a route returns this list") {
    CHECK_FALSE(render()
                    .at("components")
                    .at("schemas")
                    .at("Pear")
                    .at("properties")
                    .at("tree_id")
                    .as_object()
                    .contains("x-atrium-reference"));
    routes.get("/trees/", "List trees", answer)
        .open()
        .describe({.id = "list_trees",
                   .tag = "trees",
                   .responses = {{status::ok, "A page."}},
                   .list_of = http::listed_entity{"Tree", "trees", "tree", &any_text}});
    const auto document = render();
    CHECK(document.at("components").at("schemas").at("Pear").at("properties").at("tree_id").at("x-atrium-reference") ==
          "trees");
    CHECK(document.at("paths").at("/trees/").at("x-atrium-entity") ==
          json::parse(R"({"name":"Tree","plural":"trees","path":"/trees/","events_key":"tree"})"));
}

TEST_CASE_METHOD(pears_fixture, "a route without a description is an error") {
    routes.post("/pears/", "Add a pear", answer).open();
    CHECK(refusal() == "the route POST /pears/ does not describe what it accepts and returns: add .describe(...)");
}

TEST_CASE_METHOD(pears_fixture, "two routes with the same operation id are an error") {
    routes.get("/more-pears/", "List more pears", answer).open().describe(pear_list());
    CHECK(refusal() == "the route GET /more-pears/ has the id list_pears, which another route has as well");
}

TEST_CASE_METHOD(
    pears_fixture,
    "a path placeholder that no parameter describes is an error, and so is a path parameter without a placeholder") {
    auto o = pear();
    o.id = "get_juice";
    SECTION("without a parameter") {
        routes.get("/juice/{id}/{year}", "Show a juice", answer).open().describe(o);
        CHECK(refusal() == "the route GET /juice/{id}/{year} must describe exactly the parameters that its path has");
    }
    SECTION("without a placeholder") {
        routes.get("/juice/", "Show a juice", answer).open().describe(o);
        CHECK(refusal() == "the route GET /juice/ must describe exactly the parameters that its path has");
    }
}

TEST_CASE_METHOD(pears_fixture,
                 "a route whose schemas, headers or statuses are undefined, malformed or ambiguous is an error") {
    http::operation o{.id = "get_juice", .tag = "pears", .responses = {{status::ok, "A juice."}}};
    const auto refusal_of_juice = [&] {
        routes.get("/juice/", "Show a juice", answer).open().describe(o);
        return refusal();
    };
    SECTION("a reference to a name that does not exist") {
        o.responses = {http::described_json(status::ok, "A juice.", http::schema_named("Juice"))};
        CHECK(refusal_of_juice() ==
              "the description of the API refers to #/components/schemas/Juice, which no route describes: add "
              "it to the schemas of a route");
    }
    SECTION("text that is not JSON") {
        o.responses = {http::described_json(status::ok, "A juice.", "{")};
        CHECK(refusal_of_juice() == "GET /juice/: a schema is not a JSON object: {");
    }
    SECTION("one name for two schemas") {
        o.schemas = {{"Pear", any_text}};
        CHECK(refusal_of_juice() == "/juice/: the schema Pear is described in two ways; give one of them another name");
    }
    SECTION("a response header without an explanation") {
        o.responses.front().headers = {"X-Juice"};
        CHECK(refusal_of_juice() ==
              "the route GET /juice/ returns the header X-Juice, which src/api_description/components.cpp does not explain");
    }
    SECTION("a request header without an explanation") {
        o.request_headers = {"X-Juice"};
        CHECK(refusal_of_juice() ==
              "the route GET /juice/ accepts the header X-Juice, which src/api_description/components.cpp does not explain");
    }
    SECTION("an error status without a description") {
        o.errors = {status::gone};
        CHECK(refusal_of_juice() == "status 410 is not described: add it to the errors in src/api_description/components.cpp");
    }
}

// Tests the responses of a build without the pages of web/ (CMake option ATRIUM_WEB=OFF), which has the same code but no
// assets.
#include "routed_server.hpp"

#include <graphiql/pages.hpp>
#include <graphql/engine.hpp>
#include <graphql/schema_builder.hpp>
#include <graphql_http/endpoint.hpp>
#include <metrics/registry.hpp>
#include <support/catch.hpp>
#include <support/client.hpp>
#include <web/assets.hpp>

using namespace atrium;

namespace {

graphql::executable_schema make_schema() {
    graphql::schema_builder schema;
    schema.query().root("number: Int!", []() -> awaitable<std::int64_t> { co_return 1; });
    return std::move(schema).build();
}

/// A server with the routes of GraphQL, which are added in the same way as in the program.
struct server_without_pages {
    metrics::registry metrics;
    graphql::engine engine{make_schema(), {}};
    graphql_http::endpoint graphql{engine, {}, graphiql::page, metrics, logger{}};
    http::test::routed_server http{[this](http::router& router) {
        graphql.add_routes(router, "/graphql/");
        graphiql::add_file_routes(router);
    }};
    support::client client{http.port()};
};

const support::headers browser_headers{{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}};

} // namespace

TEST_CASE("a build without GraphiQL serves a page that states that GraphiQL is missing and how programs send queries") {
    REQUIRE(web::assets().empty());
    server_without_pages server;
    const auto page = server.client.get("/graphql/", browser_headers);
    CHECK(page.status == 200);
    CHECK(page.header("Content-Type") == "text/html; charset=utf-8");
    CHECK(page.header("Vary") == "Accept");
    CHECK(page.header("Content-Security-Policy").starts_with("default-src 'self';"));
    CHECK(page.body.starts_with("<!doctype html>"));
    CHECK(page.body.find("This Atrium was built without GraphiQL (CMake option ATRIUM_WEB=OFF).") != std::string::npos);
    CHECK(page.body.find("by POST") != std::string::npos);
    CHECK(page.body.find("<script") == std::string::npos); // there are no assets
}

TEST_CASE("a build without GraphiQL responds with 404 to requests for GraphiQL's files, and executes queries as usual") {
    server_without_pages server;
    CHECK(server.client.get("/graphql/assets/main.js").status == 404);
    const auto answer = server.client.post("/graphql/", {{"query", "{ number }"}});
    CHECK(answer.status == 200);
    CHECK(answer.body == R"({"data":{"number":1}})");
}

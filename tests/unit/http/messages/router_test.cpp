#include <http/router.hpp>
#include <support/catch.hpp>

#include <stdexcept>

namespace atrium::http {
namespace {

awaitable<response> nothing(const request&) {
    co_return no_content();
}

router some_router() {
    router r;
    r.get("/", "What is here", nothing);
    r.get("/users/", "List users", nothing);
    r.post("/users/", "Create a user", nothing);
    r.get("/users/{id}", "Show a user", nothing);
    r.patch("/users/{id}", "Change a user", nothing);
    r.remove("/users/{id}", "Delete a user", nothing);
    r.get("/users/{id}/orders/{order}", "Show an order of a user", nothing);
    r.get("/users/me", "Show oneself", nothing);
    r.post("/hooks/", "Take a message", nothing);
    return r;
}

/// The summary of the route that is found, or else the status.
std::string answer(const router& r, verb method, std::string path) {
    request q{.method = method, .path = std::move(path)};
    const auto match = r.find(q);
    return match.found ? match.found->summary : std::to_string(static_cast<int>(match.status));
}

std::string allow(const router& r, verb method, std::string path) {
    request q{.method = method, .path = std::move(path)};
    return std::string{r.find(q).allow};
}

} // namespace

TEST_CASE("paths match with and without a trailing slash") {
    const auto r = some_router();
    CHECK(answer(r, verb::get, "/users") == "List users");
    CHECK(answer(r, verb::get, "/users/") == "List users");
    CHECK(answer(r, verb::get, "/users/1/") == "Show a user");
    CHECK(answer(r, verb::get, "/") == "What is here");
}

TEST_CASE("a literal segment is preferred to a placeholder, but longer paths can still match a route with the placeholder") {
    const auto r = some_router();
    CHECK(answer(r, verb::get, "/users/me") == "Show oneself");
    CHECK(answer(r, verb::get, "/users/you") == "Show a user");
    CHECK(answer(r, verb::get, "/users/me/orders/1") == "Show an order of a user");
}

TEST_CASE("the request contains the values of the route's placeholders by name") {
    const auto r = some_router();
    request q{.method = verb::get, .path = "/users/7/orders/a b"};
    REQUIRE(r.find(q).found);
    CHECK(q.parameter("id") == "7");
    CHECK(q.parameter("order") == "a b");
    CHECK(q.parameters.size() == 2);
}

TEST_CASE("unknown paths are not found, and an empty path is the root") {
    const auto r = some_router();
    for (const auto* path : {"/user", "/users/1/2", "/users//", "//", "/users/1/orders", "/users/1/orders/", "/USERS", ""}) {
        CAPTURE(path);
        if (std::string_view{path}.empty())
            CHECK(answer(r, verb::get, path) == "What is here"); // "" and "/" are the same path
        else
            CHECK(answer(r, verb::get, path) == "404");
    }
}

// A tail placeholder is the last segment of a pattern, and ends with three dots: {rest...}.
TEST_CASE("a tail placeholder matches one or more segments if no other pattern matches the path") {
    auto r = some_router();
    r.get("/pages/{rest...}", "Show a page", nothing);
    r.get("/pages/files/{name}", "Show a file", nothing);
    r.get("/pages/{id}/parts", "List parts", nothing);
    CHECK(answer(r, verb::get, "/pages") == "404");
    CHECK(answer(r, verb::get, "/pages/a") == "Show a page");
    CHECK(answer(r, verb::get, "/pages/a/b/c/d/e") == "Show a page");
    CHECK(answer(r, verb::get, "/pages/files/a.js") == "Show a file");
    CHECK(answer(r, verb::get, "/pages/files") == "Show a page");
    CHECK(answer(r, verb::get, "/pages/files/a/b") == "Show a page");
    CHECK(answer(r, verb::get, "/pages/7/parts") == "List parts");
    CHECK(answer(r, verb::get, "/pages/7/parts/1") == "Show a page");
    CHECK(answer(r, verb::get, "/pages//a") == "404");
    CHECK(answer(r, verb::post, "/pages/a") == "405");
}

TEST_CASE("the value of a tail placeholder is the rest of the path") {
    auto r = some_router();
    r.get("/pages/{id}/{rest...}", "Show a page", nothing);
    request q{.method = verb::get, .path = "/pages/7/a/b c/d"};
    const auto match = r.find(q);
    REQUIRE(match.found);
    CHECK(match.pattern == "/pages/{id}/{rest...}");
    CHECK(q.parameter("id") == "7");
    CHECK(q.parameter("rest") == "a/b c/d");
    CHECK(q.parameters.size() == 2);
}

TEST_CASE("nothing can follow a tail placeholder, and two routes cannot differ only in the name of this placeholder") {
    auto r = some_router();
    CHECK_THROWS_AS(r.get("/pages/{rest...}/end", "Show a page", nothing), std::logic_error);
    r.get("/pages/{rest...}", "Show a page", nothing);
    CHECK_THROWS_AS(r.get("/pages/{other...}", "Show a page", nothing), std::logic_error);
}

TEST_CASE("HEAD uses the handler of GET") {
    CHECK(answer(some_router(), verb::head, "/users/1") == "Show a user");
    CHECK(answer(some_router(), verb::head, "/hooks") == "405");
}

TEST_CASE("for a known path, OPTIONS and each method without a route get the header Allow") {
    const auto r = some_router();
    CHECK(answer(r, verb::options, "/users") == "204");
    CHECK(answer(r, verb::put, "/users") == "405");
    CHECK(answer(r, verb::unknown, "/users") == "405");
    CHECK(answer(r, verb::delete_, "/users") == "405");
    CHECK(answer(r, verb::options, "/nowhere") == "404");

    CHECK(allow(r, verb::put, "/users") == "GET, HEAD, OPTIONS, POST");
    CHECK(allow(r, verb::options, "/users/1") == "DELETE, GET, HEAD, OPTIONS, PATCH");
    CHECK(allow(r, verb::get, "/hooks/") == "OPTIONS, POST");
}

TEST_CASE("the pattern of a known path is returned even if the path has no route for the method of the request") {
    const auto r = some_router();
    request q{.method = verb::put, .path = "/users/1"};
    CHECK(r.find(q).pattern == "/users/{id}");
    q.path = "/nowhere";
    CHECK(r.find(q).pattern.empty());
}

TEST_CASE("a route cannot be added twice or without a leading slash") {
    router r;
    r.get("/users/{id}", "Show a user", nothing);
    CHECK_THROWS_AS(r.get("/users/{name}/", "Show a user", nothing), std::logic_error);
    CHECK_THROWS_AS(r.get("users", "No slash", nothing), std::logic_error);
    r.post("/users/{name}", "The same path, another method", nothing);
    CHECK(r.routes().size() == 2);
}

TEST_CASE("a router that was moved still finds its routes") {
    auto first = some_router();
    const auto second = std::move(first);
    CHECK(answer(second, verb::get, "/users/1") == "Show a user");
}

} // namespace atrium::http

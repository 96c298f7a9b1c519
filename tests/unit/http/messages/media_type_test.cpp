#include "some_request.hpp"

#include <http/media_type.hpp>
#include <support/catch.hpp>

#include <array>

using namespace atrium;

namespace {

std::string choose(std::string_view accept) {
    static constexpr std::array<std::string_view, 3> offered{"application/json", "application/graphql-response+json",
                                                             "text/html"};
    http::request q;
    q.headers.add({"Accept", accept});
    return std::string{http::negotiate(q, offered).value_or("none")};
}

} // namespace

TEST_CASE("a client without a preference gets the first type offered") {
    static constexpr std::array<std::string_view, 2> offered{"application/json", "text/html"};
    CHECK(http::negotiate(http::request{}, offered) == "application/json");
    CHECK(choose("") == "application/json");
    CHECK(choose("*/*") == "application/json");
    CHECK(choose("application/*") == "application/json");
}

TEST_CASE("a type that the client lists exactly is preferred to one that a wildcard matches") {
    CHECK(choose("application/graphql-response+json, */*") == "application/graphql-response+json");
    CHECK(choose("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8") == "text/html");
    CHECK(choose("*/*, text/html") == "text/html");
}

TEST_CASE("the accepted type with the highest quality is chosen, and among equals the one that the client lists first") {
    CHECK(choose("application/json;q=0.5, application/graphql-response+json;q=0.9") == "application/graphql-response+json");
    CHECK(choose("application/graphql-response+json, application/json") == "application/graphql-response+json");
    CHECK(choose("application/json, application/graphql-response+json") == "application/json");
    CHECK(choose("text/html;level=\"1,2\", application/json") == "text/html");
}

TEST_CASE("a client does not get a media type that its Accept header excludes") {
    CHECK(choose("application/json;q=0, */*") == "application/graphql-response+json");
    CHECK(choose("image/png") == "none");
    CHECK(choose("application/json;q=0") == "none");
    CHECK(choose("application/json;q=much, text/html;q=0.1") == "text/html");
}

TEST_CASE("a client wants a page only if it prefers text/html to JSON") {
    const auto wants_page = [](std::string_view accept) {
        http::request q;
        q.headers.add({"Accept", accept});
        return http::wants_page(q);
    };
    CHECK(wants_page("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"));
    CHECK(wants_page("text/html"));
    CHECK_FALSE(wants_page("*/*"));
    CHECK_FALSE(wants_page("application/json"));
    CHECK_FALSE(wants_page("application/json, text/html;q=0.9"));
    CHECK_FALSE(wants_page("image/png"));
    CHECK_FALSE(http::wants_page(http::request{}));
}

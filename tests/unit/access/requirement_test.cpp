#include <access/requirement.hpp>
#include <support/catch.hpp>

#include <stdexcept>

namespace atrium::access {
namespace {

const principal reader{"token:reader", {"users:read"}};

} // namespace

TEST_CASE("a route that requires nothing is open to every client") {
    CHECK(check(nullptr, requirement::nothing()));
    CHECK(check(&reader, requirement::nothing()));
}

TEST_CASE("a client without a principal is refused as unauthenticated, except by a route that requires nothing") {
    for (const auto& required : {requirement{}, requirement::any_principal(), requirement::for_scope("users:read")})
        CHECK(check(nullptr, required).error().code == errc::unauthenticated);
}

TEST_CASE("a principal needs the scope that a route requires, and a refusal names the scope") {
    CHECK(check(&reader, requirement::any_principal()));
    CHECK(check(&reader, requirement::for_scope("users:read")));
    const auto refused = check(&reader, requirement::for_scope("users:write"));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::forbidden);
    CHECK(refused.error().detail == "the scope users:write is needed");
}

TEST_CASE("a route whose requirement was not declared refuses every principal") {
    CHECK_FALSE(requirement{}.is_declared());
    CHECK(check(principal::anonymous().get(), requirement{}).error().code == errc::forbidden);
}

TEST_CASE("the text of a requirement is its scope, or a word if it needs no scope") {
    CHECK(requirement{}.text() == "undeclared");
    CHECK(requirement::nothing().text() == "open");
    CHECK(requirement::any_principal().text() == "authenticated");
    CHECK(requirement::for_scope("users:read").text() == "users:read");
}

TEST_CASE("a requirement cannot be created for a text that is not a scope") {
    CHECK_THROWS_AS(requirement::for_scope("users"), std::logic_error);
}

} // namespace atrium::access

#include "credential_text.hpp"

#include <support/catch.hpp>

using namespace atrium::auth;

TEST_CASE("a bearer credential is the text after the scheme, which is the word Bearer in upper or lower case") {
    CHECK(find_bearer("Bearer abc") == "abc");
    CHECK(find_bearer("bearer  abc ") == "abc");
    CHECK(find_bearer("BEARER abc") == "abc");
    CHECK(find_bearer("Bearer") == "");
    CHECK(find_bearer("Bearer ") == "");
    CHECK(find_bearer("Bearer a b") == "a b");
    for (const auto* other : {"", "Bear", "Bearerabc", "Bearer\tabc", "Basic abc", " Bearer abc"})
        CHECK_FALSE(find_bearer(other));
}

TEST_CASE("a cookie is found by its name among others") {
    CHECK(find_cookie("s=1", "s") == "1");
    CHECK(find_cookie("a=b; s=1; c=d", "s") == "1");
    CHECK(find_cookie("a=b;s=1", "s") == "1");
    CHECK(find_cookie("s=1; s=2", "s") == "1");
    CHECK(find_cookie(" s = 1 ", "s") == "1");
    CHECK(find_cookie("s=", "s") == "");
    CHECK(find_cookie("s=a=b", "s") == "a=b");
    for (const auto* field : {"", ";", ";;", "s", "xs=1", "sx=1", "S=1", "=s", "a=s=1"})
        CHECK_FALSE(find_cookie(field, "s"));
}

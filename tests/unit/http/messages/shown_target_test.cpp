#include "messages/shown_target.hpp"

#include <support/catch.hpp>

using atrium::http::shown_target;

TEST_CASE("values of query parameters that may be secrets are hidden when a target is shown") {
    CHECK(shown_target("/session/first?code=abc") == "/session/first?code=(hidden)");
    CHECK(shown_target("/a?x=1&Code=abc&y=2") == "/a?x=1&Code=(hidden)&y=2");
    CHECK(shown_target("/session/first?c%6Fde=abc&%zz=1") == "/session/first?c%6Fde=(hidden)&%zz=1");
    CHECK(shown_target("http://h/a?token=abc&token=d?e") == "http://h/a?token=(hidden)&token=(hidden)");
    for (const auto* target : {"", "/", "/code=1", "/a?", "/a?code", "/a?&&", "/a?barcode=1&x", "*"})
        CHECK(shown_target(target) == target);
}

TEST_CASE("append_shown_target appends a target with hidden secrets to other text") {
    std::string text = "GET ";
    atrium::http::append_shown_target(text, "/a?token=abc&x=1");
    CHECK(text == "GET /a?token=(hidden)&x=1");
}

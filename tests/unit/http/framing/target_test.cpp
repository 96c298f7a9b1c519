#include "framing/target.hpp"

#include <support/catch.hpp>

using namespace atrium::http;
using boost::beast::http::verb;

namespace {

std::string decode(std::string_view path) {
    std::string out;
    return decode_path(path, out) ? out : "(refused)";
}

} // namespace

TEST_CASE("a target in origin form has a path and an optional query") {
    const auto t = split_target(verb::get, "/users/?limit=5&after=");
    REQUIRE(t);
    CHECK(t->path == "/users/");
    CHECK(t->query == "limit=5&after=");
    CHECK(t->path_and_query == "/users/?limit=5&after=");
    CHECK(t->authority.empty());
}

TEST_CASE("a target in absolute form has a host and an optional port in addition to a path and a query") {
    const auto t = split_target(verb::get, "HTTP://example.com:8000/users?x=1");
    REQUIRE(t);
    CHECK(t->authority == "example.com:8000");
    CHECK(t->path == "/users");
    CHECK(t->query == "x=1");

    const auto bare = split_target(verb::get, "http://example.com");
    REQUIRE(bare);
    CHECK(bare->path == "/");

    const auto only_query = split_target(verb::get, "http://example.com?x=1");
    REQUIRE(only_query);
    CHECK(only_query->path == "/");
    CHECK(only_query->query == "x=1");
}

TEST_CASE("only OPTIONS may have a target that stands for the whole server") {
    CHECK(split_target(verb::options, "*")->is_asterisk);
    CHECK(split_target(verb::options, "http://example.com")->is_asterisk);
    CHECK_FALSE(split_target(verb::get, "*"));
}

TEST_CASE("an invalid request target is refused") {
    for (const std::string_view text : {"users", "example.com:80", "ftp://example.com/", "http:///x", "http://ann@example.com/",
                                        "http://:80/", "/a#b", "//x#", "http://exa mple/"}) {
        CAPTURE(text);
        CHECK_FALSE(split_target(verb::get, text));
    }
}

TEST_CASE("a path is decoded once and loses its trailing slash") {
    CHECK(decode("/") == "/");
    CHECK(decode("/users/") == "/users");
    CHECK(decode("/a%20b+c") == "/a b+c");
    CHECK(decode("/%2541") == "/%41");
    CHECK(decode("/gr%C3%BC%c3%9f") == "/gr\xC3\xBC\xC3\x9F");
    CHECK(decode("/gr\xC3\xBC") == "/gr\xC3\xBC");
}

TEST_CASE("a path that cannot be decoded unambiguously is refused") {
    for (const std::string_view path :
         {"/%", "/%2", "/%zz", "/a%2Fb", "/a%2fb", "/%00", "/%ff", "/\xff", "/%C3", "/%ED%A0%80"}) {
        CAPTURE(path);
        CHECK(decode(path) == "(refused)");
    }
}

TEST_CASE("a host is a name or address with an optional port") {
    for (const std::string_view text : {"a", "example.com", "example.com:8000", "127.0.0.1:80", "[::1]", "[::1]:8000", "a:"})
        CHECK(is_host(text));
    for (const std::string_view text : {"", ":80", "a b", "a/b", "ann@a", "a:b", "a,b:x", "[::1", "a\\b", "a?b", "a:80:80"}) {
        CAPTURE(text);
        CHECK_FALSE(is_host(text));
    }
}

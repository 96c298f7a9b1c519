#include <http/client.hpp>
#include <support/catch.hpp>

namespace {

using namespace atrium;

std::string refusal_of(std::string_view text) {
    const auto parsed = http::parse_base_url(text);
    return parsed ? "" : parsed.error().detail;
}

} // namespace

TEST_CASE("a base URL is split into its parts") {
    const auto plain = http::parse_base_url("http://127.0.0.1:8000").value();
    CHECK(plain.host == "127.0.0.1");
    CHECK(plain.port == 8000);
    CHECK(plain.authority == "127.0.0.1:8000");
    CHECK(plain.path.empty());

    const auto nested = http::parse_base_url("HTTP://Users.example/a%20b/c//").value();
    CHECK(nested.host == "Users.example");
    CHECK(nested.port == 80);
    CHECK(nested.authority == "Users.example");
    CHECK(nested.path == "/a%20b/c");

    const auto secure = http::parse_base_url("https://users.example").value();
    CHECK(secure.is_secure);
    CHECK(secure.port == 443);
    CHECK_FALSE(nested.is_secure);

    const auto v6 = http::parse_base_url("http://[::1]:8000/").value();
    CHECK(v6.host == "::1");
    CHECK(v6.authority == "[::1]:8000");
    CHECK(v6.path.empty());
}

TEST_CASE("a base URL counts as exposed if it leads to another machine without TLS") {
    const auto is_exposed = [](std::string_view url) { return http::parse_base_url(url).value().is_exposed(); };
    for (const auto* url : {"http://192.0.2.1:8000", "http://users.example", "http://[2001:db8::1]", "http://localhost.example",
                            "http://0.0.0.0:8000"}) {
        CAPTURE(url);
        CHECK(is_exposed(url));
    }
    for (const auto* url : {"https://users.example", "http://127.0.0.1:8000", "http://127.0.0.2", "http://[::1]:8000",
                            "http://localhost:8000", "http://LOCALHOST"}) {
        CAPTURE(url);
        CHECK_FALSE(is_exposed(url));
    }
}

TEST_CASE("text that is not a base URL is refused with a reason") {
    for (const auto* text : {"", "127.0.0.1:8000", "/users", "http//x", "http://a b", "http://[::1"})
        CHECK(refusal_of(text) != "");
    CHECK(refusal_of("ftp://users.example") == "it must begin with http:// or https://");
    CHECK(refusal_of("http://") == "it must have a host");
    CHECK(refusal_of("http:///users") == "it must have a host");
    CHECK(refusal_of("http:/users") == "it must have a host");
    CHECK(refusal_of("http://users:0") == "its port must be a number from 1 to 65535");
    CHECK(refusal_of("http://users:99999") == "its port must be a number from 1 to 65535");
    for (const auto* text : {"http://ann:secret", "http://users:secret/", "http://[::1]:secret"})
        CHECK_THAT(refusal_of(text), Catch::Matchers::Equals("its port must be a number from 1 to 65535") ||
                                         Catch::Matchers::StartsWith("it must be a URL such as")); // with Boost 1.83 or newer
    for (const auto* text : {"http://ann@users", "http://ann:secret@users", "http://users?x=1", "http://users#x"})
        CHECK(refusal_of(text) == "it must have no user, query or fragment");
}

#include <http/origin.hpp>
#include <support/catch.hpp>

using atrium::http::normalize_origin;

TEST_CASE("an origin is spelled as browsers send it") {
    CHECK(normalize_origin("https://example.com") == "https://example.com");
    CHECK(normalize_origin("HTTPS://Example.COM") == "https://example.com");
    CHECK(normalize_origin("https://example.com:443") == "https://example.com");
    CHECK(normalize_origin("http://example.com:80") == "http://example.com");
    CHECK(normalize_origin("http://example.com:443") == "http://example.com:443");
    CHECK(normalize_origin("http://localhost:03000") == "http://localhost:3000");
    CHECK(normalize_origin("http://[::1]:8000") == "http://[::1]:8000");
}

TEST_CASE("what no browser sends as the origin of a page is not one") {
    for (const auto* text : {"",
                             "null",
                             "*",
                             "example.com",
                             "https://",
                             "https://:443",
                             "https://example.com/",
                             "https://example.com/a",
                             "https://example.com?a",
                             "https://example.com#a",
                             "https://ann@example.com",
                             "ftp://example.com",
                             "https://a b",
                             "https://b\xC3\xBC"
                             "cher.example",
                             "https://%61.example",
                             "https://example.com:",
                             "https://example.com:0",
                             "https://example.com:65536",
                             "https://example.com:x",
                             "https://[::1"}) {
        CAPTURE(text);
        CHECK_FALSE(normalize_origin(text).has_value());
    }
}

#include <http/origin.hpp>
#include <support/catch.hpp>

using atrium::http::normalize_origin;

TEST_CASE("an origin is normalized to the form that browsers send") {
    CHECK(normalize_origin("https://example.com") == "https://example.com");
    CHECK(normalize_origin("HTTPS://Example.COM") == "https://example.com");
    CHECK(normalize_origin("https://example.com:443") == "https://example.com");
    CHECK(normalize_origin("http://example.com:80") == "http://example.com");
    CHECK(normalize_origin("http://example.com:443") == "http://example.com:443");
    CHECK(normalize_origin("http://localhost:03000") == "http://localhost:3000");
    CHECK(normalize_origin("http://[::1]:8000") == "http://[::1]:8000");
}

TEST_CASE("an IP address in an origin is normalized to the form that browsers send") {
    CHECK(normalize_origin("http://[0:0:0:0:0:0:0:1]:3000") == "http://[::1]:3000");
    CHECK(normalize_origin("http://[2001:DB8:0:0:1:0:0:1]") == "http://[2001:db8::1:0:0:1]");
    CHECK(normalize_origin("http://[2001:db8:0:1:1:1:1:1]") == "http://[2001:db8:0:1:1:1:1:1]");
    CHECK(normalize_origin("http://[::ffff:127.0.0.1]:80") == "http://[::ffff:7f00:1]");
    CHECK(normalize_origin("http://[::ffff:0.0.0.5]") == "http://[::ffff:0:5]");
    CHECK(normalize_origin("http://[::1.2.3.4]") == "http://[::102:304]");
    CHECK(normalize_origin("http://127.0.0.1:8000") == "http://127.0.0.1:8000");
    CHECK(normalize_origin("http://1.example") == "http://1.example");
    CHECK(normalize_origin("http://example.0xyz") == "http://example.0xyz");
}

TEST_CASE("an origin is refused if its host is an IP address in a form that browsers do not send") {
    for (const auto* text : {"http://127.1", "http://127.1:3000", "http://2130706433", "http://0x7f000001", "http://0X7F.1",
                             "http://127.0.0.01", "http://127.0.0.1.", "http://256.0.0.1", "http://1.2.3.4.5",
                             "http://example.1", "http://[v1.a]", "http://[fe80::1%25eth0]"}) {
        CAPTURE(text);
        CHECK_FALSE(normalize_origin(text).has_value());
    }
}

TEST_CASE("text that browsers never send as the origin of a page is not an origin") {
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

#include <http/fields.hpp>
#include <support/catch.hpp>

namespace atrium::http {

TEST_CASE("header names are found without regard to ASCII case") {
    fields headers;
    headers.add({"Content-Type", "text/plain"});

    CHECK(headers.get("content-type") == "text/plain");
    CHECK(headers.has("CONTENT-TYPE"));
    CHECK_FALSE(headers.has("Content-Typ"));
    CHECK(headers.get("Content-Length").empty());
}

TEST_CASE("repeated header fields are counted, and the first value is returned") {
    fields headers;
    headers.add({"If-Match", "\"1\""});
    headers.add({"if-match", "\"2\""});

    CHECK(headers.count("If-Match") == 2);
    CHECK(headers.get("If-Match") == "\"1\"");
    CHECK(headers.all().size() == 2);

    headers.clear();
    CHECK(headers.count("If-Match") == 0);
}

} // namespace atrium::http

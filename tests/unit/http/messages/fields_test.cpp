#include <http/fields.hpp>
#include <support/catch.hpp>

namespace atrium::http {

TEST_CASE("header names are found without regard to ASCII case") {
    fields all;
    all.add({"Content-Type", "text/plain"});

    CHECK(all.get("content-type") == "text/plain");
    CHECK(all.has("CONTENT-TYPE"));
    CHECK_FALSE(all.has("Content-Typ"));
    CHECK(all.get("Content-Length").empty());
}

TEST_CASE("repeated header fields are counted, and the first value is returned") {
    fields all;
    all.add({"If-Match", "\"1\""});
    all.add({"if-match", "\"2\""});

    CHECK(all.count("If-Match") == 2);
    CHECK(all.get("If-Match") == "\"1\"");
    CHECK(all.all().size() == 2);

    all.clear();
    CHECK(all.count("If-Match") == 0);
}

} // namespace atrium::http

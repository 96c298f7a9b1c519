#include <http/request.hpp>
#include <support/catch.hpp>

#include <stdexcept>

namespace atrium::http {

TEST_CASE("a request returns the values of its route's placeholders") {
    request q;
    q.parameters = {{"id", "7"}, {"name", "ann"}};

    CHECK(q.parameter("name") == "ann");
    CHECK(*q.id() == 7);
    CHECK_THROWS_AS(q.parameter("other"), std::logic_error);
}

TEST_CASE("an id in a path is reported as not found if it is not a positive 63-bit number") {
    for (const auto* text : {"0", "-1", "+1", "01", "1.0", "ann", "", "9223372036854775808", "1 "}) {
        CAPTURE(text);
        request q;
        q.parameters = {{"id", text}};
        const auto id = q.id();
        REQUIRE_FALSE(id);
        CHECK(id.error().code == errc::not_found);
    }
    request q;
    q.parameters = {{"id", "9223372036854775807"}};
    CHECK(*q.id() == 9223372036854775807);
}

} // namespace atrium::http

#include <base/error.hpp>
#include <support/catch.hpp>

namespace atrium {

TEST_CASE("an error is said of one field") {
    const auto e = at_field({.code = errc::not_found, .detail = "no such user"}, "/username");
    CHECK(e.code == errc::invalid);
    CHECK(e.detail == "no such user");
    REQUIRE(e.faults.size() == 1);
    CHECK(e.faults[0].pointer == "/username");
    CHECK(e.faults[0].detail == "no such user");

    const auto f = invalid_field("/email", "must be an email address");
    CHECK(f.code == errc::invalid);
    CHECK(f.faults.at(0).pointer == "/email");
}

TEST_CASE("what is unavailable is no fault of a field") {
    const auto e = at_field({.code = errc::unavailable, .retry_after = std::chrono::seconds{3}}, "/username");
    CHECK(e.code == errc::unavailable);
    CHECK(e.faults.empty());
    CHECK(e.retry_after == std::chrono::seconds{3});
}

TEST_CASE("each code has its word") {
    CHECK(name_of(errc::malformed) == "malformed");
    CHECK(name_of(errc::invalid) == "invalid");
    CHECK(name_of(errc::not_found) == "not_found");
    CHECK(name_of(errc::conflict) == "conflict");
    CHECK(name_of(errc::precondition_failed) == "precondition_failed");
    CHECK(name_of(errc::unavailable) == "unavailable");
}

TEST_CASE("a value that is not there throws its error") {
    const result<int> none = error{.code = errc::conflict, .detail = "the name is taken"};
    CHECK_THROWS_WITH(none.value(), Catch::Matchers::Contains("conflict: the name is taken"));
}

} // namespace atrium

#include <base/error.hpp>
#include <base/unknown_outcome.hpp>
#include <support/catch.hpp>

#include <exception>
#include <stdexcept>

namespace atrium {

TEST_CASE("the detail of an error of one field starts with the name of the field") {
    const auto e = invalid_field("/email", "must be an email address");
    CHECK(e.code == errc::invalid);
    CHECK(e.detail == "email must be an email address");
    REQUIRE(e.faults.size() == 1);
    CHECK(e.faults[0].pointer == "/email");
    CHECK(e.faults[0].detail == "must be an email address");
    CHECK(invalid_field("", "must be an object").detail == "the body must be an object");
}

TEST_CASE("name_of returns the name of an error code") {
    CHECK(name_of(errc::malformed) == "malformed");
    CHECK(name_of(errc::invalid) == "invalid");
    CHECK(name_of(errc::not_found) == "not_found");
    CHECK(name_of(errc::conflict) == "conflict");
    CHECK(name_of(errc::precondition_failed) == "precondition_failed");
    CHECK(name_of(errc::unavailable) == "unavailable");
}

TEST_CASE("reason_of returns the text of an exception, and is_temporary whether the exception is marked as temporary") {
    struct full_disk : std::runtime_error, temporary {
        using std::runtime_error::runtime_error;
    };
    const auto full = std::make_exception_ptr(full_disk{"the disk is full"});
    CHECK(reason_of(full) == "the disk is full");
    CHECK(is_temporary(full));

    const auto broken = std::make_exception_ptr(std::logic_error{"this cannot be"});
    CHECK(reason_of(broken) == "this cannot be");
    CHECK_FALSE(is_temporary(broken));

    CHECK(reason_of(std::make_exception_ptr(7)) == "an exception of an unknown type");
    CHECK_FALSE(is_temporary(std::make_exception_ptr(7)));
}

TEST_CASE("is_unknown_outcome returns whether an exception is marked as having an unknown outcome") {
    struct lost_commit : std::runtime_error, unknown_outcome {
        using std::runtime_error::runtime_error;
    };
    CHECK(is_unknown_outcome(std::make_exception_ptr(lost_commit{"the file went away"})));
    CHECK_FALSE(is_temporary(std::make_exception_ptr(lost_commit{"the file went away"})));
    CHECK_FALSE(is_unknown_outcome(std::make_exception_ptr(std::logic_error{"this cannot be"})));
    CHECK_FALSE(is_unknown_outcome(std::make_exception_ptr(7)));
}

TEST_CASE("accessing the value of a failed result throws an exception that contains the code and the detail of its error") {
    const result<int> failure = error{.code = errc::conflict, .detail = "the name is taken"};
    CHECK_THROWS_WITH(failure.value(), Catch::Matchers::ContainsSubstring("conflict: the name is taken"));
}

} // namespace atrium

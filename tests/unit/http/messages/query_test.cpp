#include "some_request.hpp"

#include <base/text.hpp>
#include <http/input.hpp>
#include <support/catch.hpp>

namespace atrium::http {
namespace {

/// The faults of a query, as "name: detail" lines, read as a list of users does.
std::string faults_of(std::string_view query) {
    query_fields in{some_get(query)};
    (void)in.integer("limit", 1, 1000);
    (void)in.cursor("after");
    (void)in.ids("ids", 3);
    (void)in.text("search");
    const auto done = in.finish();
    if (done)
        return {};
    CHECK(done.error().code == errc::malformed);
    std::string lines;
    for (const auto& each : done.error().faults)
        lines += each.pointer + ": " + each.detail + "\n";
    return lines;
}

} // namespace

TEST_CASE("a query is read by name") {
    query_fields in{some_get("limit=20&search=a%2Bb+c%C3%A9&ids=1,2,30&after=" + to_cursor(7))};

    CHECK(in.integer("limit", 1, 1000) == 20);
    CHECK(in.text("search") == "a+b c\xC3\xA9");
    CHECK(in.ids("ids", 400) == std::vector<std::int64_t>{1, 2, 30});
    CHECK(in.cursor("after") == 7);
    CHECK(in.text("username") == std::nullopt);
    CHECK(in.finish());
}

TEST_CASE("an empty query is a good one") {
    CHECK(faults_of("").empty());
    CHECK(faults_of("&&").empty());
    CHECK(faults_of("search=").empty());
}

TEST_CASE("a faulty number is named") {
    CHECK(faults_of("limit=") == "limit: must be an integer\n");
    CHECK(faults_of("limit") == "limit: must be an integer\n");
    CHECK(faults_of("limit=1.5") == "limit: must be an integer\n");
    CHECK(faults_of("limit=+5") == "limit: must be an integer\n");
    CHECK(faults_of("limit=0x10") == "limit: must be an integer\n");
    CHECK(faults_of("limit=0") == "limit: must be between 1 and 1000\n");
    CHECK(faults_of("limit=-3") == "limit: must be between 1 and 1000\n");
    CHECK(faults_of("limit=1001") == "limit: must be between 1 and 1000\n");
    CHECK(faults_of("limit=99999999999999999999") == "limit: must be between 1 and 1000\n");
}

TEST_CASE("faulty ids are named") {
    CHECK(faults_of("ids=") == "ids: must be ids separated by commas\n");
    CHECK(faults_of("ids=1,") == "ids: must be ids separated by commas\n");
    CHECK(faults_of("ids=1,,2") == "ids: must be ids separated by commas\n");
    CHECK(faults_of("ids=0") == "ids: must be ids separated by commas\n");
    CHECK(faults_of("ids=1,2,3,4") == "ids: must not have more than 3 ids\n");
}

TEST_CASE("unknown and repeated parameters are named, all at once") {
    CHECK(faults_of("size=1&limit=1&limit=2&size=2&=x") ==
          "size: is not a known parameter\nlimit: appears more than once\n: is not a known parameter\n");
}

TEST_CASE("what cannot be decoded is named") {
    CHECK(faults_of("search=%zz") == "search: has an invalid percent-escape\n");
    CHECK(faults_of("search=%4") == "search: has an invalid percent-escape\n");
    CHECK(faults_of("search=%ff") == "search: is not valid UTF-8\n");
    CHECK(faults_of("search=a%00b") == "search: must not contain the character U+0000\n");
    CHECK(faults_of("%zz=1") == "%zz: is not a known parameter\n");
    CHECK(faults_of("%ff=1") == "%ff: is not a known parameter\n");
    CHECK(faults_of("\xff=1") == "%FF: is not a known parameter\n");
}

TEST_CASE("a caller's own fault of a parameter does not replace the first one") {
    query_fields in{some_get("limit=x&search=a")};
    (void)in.integer("limit", 1, 10);
    (void)in.text("search");
    in.fault("limit", "is another fault");
    in.fault("search", "must be longer");
    in.fault("search", "must be other");

    const auto done = in.finish();
    REQUIRE_FALSE(done);
    REQUIRE(done.error().faults.size() == 2);
    CHECK(done.error().faults[0].detail == "must be an integer");
    CHECK(done.error().faults[1].detail == "must be longer");
    CHECK(done.error().detail == "2 parameters are faulty");
}

TEST_CASE("a cursor is read back as it was written") {
    for (const std::int64_t position : {std::int64_t{0}, std::int64_t{1}, std::int64_t{255}, std::int64_t{INT64_MAX}})
        CHECK(from_cursor(to_cursor(position)) == position);
}

TEST_CASE("what is no cursor of ours is refused") {
    const auto good = to_cursor(7);
    CHECK_FALSE(from_cursor(""));
    CHECK_FALSE(from_cursor("7"));
    CHECK_FALSE(from_cursor(good + "A"));
    CHECK_FALSE(from_cursor(good.substr(1)));
    CHECK_FALSE(from_cursor(to_base64url(std::string{"\x02\0\0\0\0\0\0\0\x07", 9}))); // another version
    CHECK_FALSE(from_cursor(to_base64url(std::string{"\x01\xff\xff\xff\xff\xff\xff\xff\xff", 9})));
    CHECK_FALSE(from_cursor(to_base64url(std::string{"\x01\x07", 2})));
    CHECK_FALSE(from_cursor("++++++++++++"));
    CHECK(faults_of("after=7") == "after: must be a cursor from the Link header of an earlier page\n");
}

TEST_CASE("the link to the next page keeps the other parameters") {
    CHECK(next_link(some_get(""), "/users/", 7) == "</users/?after=" + to_cursor(7) + ">; rel=\"next\"");
    CHECK(next_link(some_get("after=x&limit=2&search=a+%26b%3E%C3%A9"), "/users/", 7) ==
          "</users/?limit=2&search=a%20%26b%3E%C3%A9&after=" + to_cursor(7) + ">; rel=\"next\"");
}

} // namespace atrium::http

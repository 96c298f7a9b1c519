#include "some_request.hpp"

#include <base/text.hpp>
#include <http/query.hpp>
#include <support/catch.hpp>

namespace atrium::http {
namespace {

/// Reads `limit`, `ids` (at most 3) and `search` from a query, and returns the faults as lines "name: detail".
std::string faults_of(std::string_view query) {
    auto reader = read_query(some_get(query));
    (void)reader.integer("limit", 1, 1000);
    (void)reader.ids("ids", 3);
    (void)reader.text("search");
    const auto outcome = reader.finish();
    if (outcome)
        return {};
    CHECK(outcome.error().code == errc::malformed);
    std::string lines;
    for (const auto& each : outcome.error().faults)
        lines += each.pointer + ": " + each.detail + "\n";
    return lines;
}

} // namespace

TEST_CASE("the parameters of a query are read by name") {
    auto reader = read_query(some_get("limit=20&search=a%2Bb+c%C3%A9&ids=1,2,30"));

    CHECK(reader.integer("limit", 1, 1000) == 20);
    CHECK(reader.text("search") == "a+b c\xC3\xA9");
    CHECK(reader.ids("ids", 400) == std::vector<std::int64_t>{1, 2, 30});
    CHECK(reader.text("username") == std::nullopt);
    CHECK(reader.finish());
}

TEST_CASE("an empty query is valid") {
    CHECK(faults_of("").empty());
    CHECK(faults_of("&&").empty());
    CHECK(faults_of("search=").empty());
}

TEST_CASE("an invalid number is reported with its parameter") {
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

TEST_CASE("an invalid list of ids is reported with its parameter") {
    CHECK(faults_of("ids=") == "ids: must be ids separated by commas\n");
    CHECK(faults_of("ids=1,") == "ids: must be ids separated by commas\n");
    CHECK(faults_of("ids=1,,2") == "ids: must be ids separated by commas\n");
    CHECK(faults_of("ids=0") == "ids: must be ids separated by commas\n");
    CHECK(faults_of("ids=1,2,3,4") == "ids: must not have more than 3 ids\n");
}

TEST_CASE("all unknown and repeated parameters are reported together") {
    CHECK(faults_of("size=1&limit=1&limit=2&size=2&=x") ==
          "size: is not a known parameter\nlimit: appears more than once\n: is not a known parameter\n");
}

TEST_CASE("a parameter that cannot be decoded is reported") {
    CHECK(faults_of("search=%zz") == "search: has an invalid percent-escape\n");
    CHECK(faults_of("search=%4") == "search: has an invalid percent-escape\n");
    CHECK(faults_of("search=%ff") == "search: is not valid UTF-8\n");
    CHECK(faults_of("search=a%00b") == "search: must not contain the character U+0000\n");
    CHECK(faults_of("%zz=1") == "%zz: is not a known parameter\n");
    CHECK(faults_of("%ff=1") == "%ff: is not a known parameter\n");
    CHECK(faults_of("\xff=1") == "%FF: is not a known parameter\n");
}

TEST_CASE("an error added by a caller does not replace an earlier one of the same parameter") {
    auto reader = read_query(some_get("limit=x&search=a"));
    (void)reader.integer("limit", 1, 10);
    (void)reader.text("search");
    reader.add_error("limit", "is another fault");
    reader.add_error("search", "must be longer");
    reader.add_error("search", "must be other");

    const auto outcome = reader.finish();
    REQUIRE_FALSE(outcome);
    REQUIRE(outcome.error().faults.size() == 2);
    CHECK(outcome.error().faults[0].detail == "must be an integer");
    CHECK(outcome.error().faults[1].detail == "must be longer");
    CHECK(outcome.error().detail == "2 parameters are invalid");
}

TEST_CASE("the link to the next page keeps all parameters of the query except the previous `after`") {
    CHECK(next_link(some_get(""), "/users/", "AQc") == "</users/?after=AQc>; rel=\"next\"");
    CHECK(next_link(some_get("after=x&limit=2&search=a+%26b%3E%C3%A9"), "/users/", "AQc") ==
          "</users/?limit=2&search=a%20%26b%3E%C3%A9&after=AQc>; rel=\"next\"");
}

} // namespace atrium::http

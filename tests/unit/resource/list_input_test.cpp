#include "pears.hpp"

#include <http/query.hpp>
#include <resource/list_input.hpp>
#include <support/catch.hpp>

#include <string>
#include <vector>

namespace atrium::resource {
namespace {

using entity::list_query;
using pears::pear_entity;

input::reader reader_of(const std::string& query) {
    http::request q{.method = http::verb::get, .query = query};
    return http::read_query(q);
}

list_query read(const std::string& query) {
    auto reader = reader_of(query);
    auto list = read_list(pear_entity, reader);
    CHECK(reader.finish());
    return list;
}

/// The errors of a query, as "name: detail" lines.
std::string errors_of(const std::string& query) {
    auto reader = reader_of(query);
    (void)read_list(pear_entity, reader);
    const auto outcome = reader.finish();
    REQUIRE_FALSE(outcome);
    std::string lines;
    for (const auto& each : outcome.error().faults)
        lines += each.pointer + ": " + each.detail + "\n";
    return lines;
}

} // namespace

TEST_CASE("a list without parameters shows its first hundred rows") {
    const auto list = read("");
    CHECK_FALSE(list.ids);
    CHECK_FALSE(list.after);
    CHECK_FALSE(list.before);
    CHECK(list.conditions.empty());
    CHECK(list.limit == 100);
    CHECK_FALSE(list.is_from_end);
}

TEST_CASE("the parameters limit and after select a page of a list") {
    const auto list = read("limit=7&after=" + entity::to_cursor(42));
    CHECK(list.limit == 7);
    REQUIRE(list.after);
    CHECK(list.after->id == 42);
}

TEST_CASE("a list of ids has one page unless the request has a limit") {
    const auto list = read("ids=9,2,9,5");
    CHECK(list.ids == std::vector<std::int64_t>{2, 5, 9});
    CHECK(list.limit == 3);
    CHECK(read("ids=9,2,9,5&limit=2").limit == 2);

    std::string many = "ids=1";
    for (int i = 2; i <= 400; ++i)
        many += "," + std::to_string(i);
    CHECK(read(many).limit == 400);
    CHECK(errors_of(many + ",401") == "ids: must not have more than 400 ids\n");
}

TEST_CASE("a list can be sorted by the fields that its description allows, in both directions") {
    CHECK(read("sort=name").sort == entity::ordering{1, false});
    CHECK(read("sort=-name").sort == entity::ordering{1, true});
    CHECK(read("sort=-id").sort == entity::ordering{0, true});
    for (const auto* other : {"color", "", "-", "--id", "id,name", "ID"})
        CHECK(errors_of("sort=" + std::string{other}) == "sort: must be id or name, with - before it for descending\n");
}

TEST_CASE("a list that is ordered by a prefix filter cannot be sorted") {
    CHECK(errors_of("name=a&sort=id") == "sort: must not be combined with a search or a prefix filter, which set the order\n");
    CHECK(read("name=&sort=name").sort); // an empty prefix is not a filter
}

TEST_CASE("every error of a list's parameters is reported") {
    CHECK(errors_of("limit=1001&ids=x&after=1") == "limit: must be between 1 and 1000\n"
                                                   "ids: must be ids separated by commas\n"
                                                   "after: must be a cursor from the Link header of an earlier page\n");
}

} // namespace atrium::resource

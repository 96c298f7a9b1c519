#include "pears.hpp"

#include <host/rest_list.hpp>
#include <support/catch.hpp>

#include <limits>
#include <string>
#include <vector>

namespace atrium::host {
namespace {

using pears::pear;
using pears::pear_id;

page_query<pear_id> read(const std::string& query) {
    http::query_fields in{{.method = http::verb::get, .query = query}};
    auto wanted = read_page_query<pear_id>(in);
    CHECK(in.finish());
    return wanted;
}

/// The faults of a query, as "name: detail" lines.
std::string faults_of(const std::string& query) {
    http::query_fields in{{.method = http::verb::get, .query = query}};
    (void)read_page_query<pear_id>(in);
    const auto done = in.finish();
    REQUIRE_FALSE(done);
    std::string lines;
    for (const auto& each : done.error().faults)
        lines += each.pointer + ": " + each.detail + "\n";
    return lines;
}

} // namespace

TEST_CASE("a list that is asked for nothing shows its first hundred") {
    const auto wanted = read("");
    CHECK_FALSE(wanted.ids);
    CHECK(wanted.slice.after == 0);
    CHECK(wanted.slice.before == std::numeric_limits<std::int64_t>::max());
    CHECK(wanted.slice.limit == 100);
    CHECK_FALSE(wanted.slice.from_end);
}

TEST_CASE("a page of a list has a length and a place") {
    const auto wanted = read("limit=7&after=" + http::to_cursor(42));
    CHECK(wanted.slice.limit == 7);
    CHECK(wanted.slice.after == 42);
}

TEST_CASE("ids are one page, unless a limit makes it several") {
    const auto wanted = read("ids=9,2,9,5");
    CHECK(wanted.ids == std::vector<pear_id>{{2}, {5}, {9}});
    CHECK(wanted.slice.limit == 3);
    CHECK(read("ids=9,2,9,5&limit=2").slice.limit == 2);

    std::string many = "ids=1";
    for (int i = 2; i <= 400; ++i)
        many += "," + std::to_string(i);
    CHECK(read(many).slice.limit == 400);
    CHECK(faults_of(many + ",401") == "ids: must not have more than 400 ids\n");
}

TEST_CASE("every fault of what asks for a page is told") {
    CHECK(faults_of("limit=1001&ids=x&after=1") == "limit: must be between 1 and 1000\n"
                                                   "ids: must be ids separated by commas\n"
                                                   "after: must be a cursor from the Link header of an earlier page\n");
}

TEST_CASE("rows become a JSON array, begun anew as often as the list is") {
    json_array<pear> list;
    list.restart();
    CHECK(list.finish() == "[]");
    list.restart();
    list.visit({.id = {1}, .name = "void"});
    list.restart();
    list.visit({.id = {2}, .name = "a \"pear\""});
    list.visit({.id = {3}, .name = "b"});
    CHECK(list.finish() == R"([{"id":2,"name":"a \"pear\""},{"id":3,"name":"b"}])");
}

} // namespace atrium::host

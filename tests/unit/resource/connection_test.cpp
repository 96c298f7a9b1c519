#include "pear_market.hpp"

#include <support/catch.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <vector>

namespace atrium::resource {
namespace {

using boost::json::object;
using entity::list_query;
using entity::to_cursor;
using pears::pear;
using pears::pear_entity;
using pears::pears_graphql_fixture;

result<list_query> read(const object& arguments) {
    return read_page(pear_entity, {arguments, {}});
}

/// The errors of a page's arguments, as "name: detail" lines.
std::string errors_of(const object& arguments) {
    const auto query = read(arguments);
    REQUIRE_FALSE(query);
    CHECK(query.error().code == errc::invalid);
    CHECK(query.error().detail == "the arguments of the list are invalid");
    std::string lines;
    for (const auto& each : query.error().faults)
        lines += each.pointer + ": " + each.detail + "\n";
    return lines;
}

/// A page with rows that have these ids, in the order of reading. `has_more`: whether the list has more rows after the last
/// one.
entity::page<pear> page_with(std::initializer_list<std::int64_t> ids, bool has_more = false) {
    entity::page<pear> page{.has_more = has_more};
    for (const auto id : ids)
        page.rows.push_back({.id = {id}});
    return page;
}

/// The ids of a page, with "<" if there is a previous page and ">" if there is a next one: "<4 5>".
std::string summary_of(const connection<pear>& page) {
    std::string text;
    for (const auto& each : page.edges)
        text.append(text.empty() ? "" : " ").append(std::to_string(each.node.id.value));
    return (page.page.has_previous_page ? "<" : "") + text + (page.page.has_next_page ? ">" : "");
}
std::string summary_of(const list_query& query, entity::page<pear> page) {
    return summary_of(make_connection(pear_entity, query, std::move(page)));
}

/// A summary of a page in a response, in the same form but with names instead of ids.
std::string summary_of(const boost::json::value& page) {
    std::string text;
    for (const auto& each : page.at("edges").as_array())
        text.append(text.empty() ? "" : " ").append(each.at("node").at("name").as_string());
    const auto& info = page.at("pageInfo");
    return (info.at("hasPreviousPage").as_bool() ? "<" : "") + text + (info.at("hasNextPage").as_bool() ? ">" : "");
}

} // namespace

TEST_CASE("a page without arguments shows the first hundred rows") {
    for (const auto& nothing :
         {object{}, object{{"first", nullptr}, {"last", nullptr}, {"after", nullptr}, {"before", nullptr}}}) {
        const auto query = read(nothing).value();
        CHECK_FALSE(query.after);
        CHECK_FALSE(query.before);
        CHECK(query.limit == 100);
        CHECK_FALSE(query.is_from_end);
    }
}

TEST_CASE("a page lies between two cursors and can be read from either end") {
    const auto first = read({{"first", 7}, {"after", to_cursor(3)}, {"before", to_cursor(99)}}).value();
    CHECK(first.limit == 7);
    CHECK(first.after->id == 3);
    CHECK(first.before->id == 99);
    CHECK_FALSE(first.is_from_end);

    const auto last = read({{"last", 7}, {"before", to_cursor(99)}}).value();
    CHECK(last.limit == 7);
    CHECK_FALSE(last.after);
    CHECK(last.before->id == 99);
    CHECK(last.is_from_end);
}

TEST_CASE("a client can request 0 to 1000 rows for a page") {
    CHECK(read({{"first", 0}}).value().limit == 0);
    CHECK(read({{"last", 1000}}).value().limit == 1000);
    CHECK(errors_of({{"first", -1}}) == "first: must be 0 to 1000\n");
    CHECK(errors_of({{"last", 1001}}) == "last: must be 0 to 1000\n");
}

TEST_CASE("the arguments first and last of a page cannot be combined") {
    CHECK(errors_of({{"first", 1}, {"last", 1}}) == "last: must not come with first\n");
}

TEST_CASE("a string that is not a cursor is refused") {
    for (const auto* text : {"", "1", "none", "AQAAAAAAAAA", "AQAAAAAAAAAB="})
        CHECK(errors_of({{"after", text}}) == "after: must be a cursor of a list in this order\n");
}

TEST_CASE("a cursor of a list in another order is refused") {
    CHECK(errors_of({{"after", to_cursor(3)}, {"sort", "name"}}) == "after: must be a cursor of a list in this order\n");
}

TEST_CASE("every error of a page's arguments is reported with the argument's name") {
    CHECK(errors_of({{"first", -1}, {"last", 1001}, {"after", "x"}, {"before", "y"}}) ==
          "first: must be 0 to 1000\n"
          "last: must be 0 to 1000\n"
          "last: must not come with first\n"
          "after: must be a cursor of a list in this order\n"
          "before: must be a cursor of a list in this order\n");
}

TEST_CASE("a page that is read from the start shows whether there is a next page") {
    CHECK(summary_of({.limit = 2}, page_with({1, 2}, true)) == "1 2>");
    CHECK(summary_of({.limit = 2}, page_with({1, 2})) == "1 2");
    CHECK(summary_of({.limit = 0}, page_with({}, true)) == ">");
    CHECK(summary_of({.limit = 2}, page_with({})).empty());
}

TEST_CASE("rows that are read from the end are shown in the order of the list") {
    CHECK(summary_of({.limit = 2, .is_from_end = true}, page_with({9, 8}, true)) == "<8 9");
    CHECK(summary_of({.limit = 2, .is_from_end = true}, page_with({9, 8})) == "8 9");
}

TEST_CASE("a page after a cursor has a previous page, and a page that is read backwards from a cursor has a next page") {
    CHECK(summary_of({.after = entity::position{.id = 3}, .limit = 2}, page_with({4, 5})) == "<4 5");
    CHECK(summary_of({.before = entity::position{.id = 6}, .limit = 2, .is_from_end = true}, page_with({5, 4})) == "4 5>");
    CHECK(summary_of({.after = entity::position{.id = 3}, .before = entity::position{.id = 9}, .limit = 2},
                     page_with({4, 5}, true)) == "<4 5>");
}

TEST_CASE("a page has the cursors of its first and last row, unless it is empty") {
    const auto page = make_connection(pear_entity, {.limit = 3}, page_with({4, 5, 6}));
    REQUIRE(page.edges.size() == 3);
    CHECK(page.edges[1].cursor == to_cursor(5));
    CHECK(page.page.start_cursor == to_cursor(4));
    CHECK(page.page.end_cursor == to_cursor(6));

    const auto empty = make_connection(pear_entity, {.limit = 3}, page_with({}));
    CHECK_FALSE(empty.page.start_cursor);
    CHECK_FALSE(empty.page.end_cursor);
}

TEST_CASE("if reading stops before a page is full, the cursor at that end of the page is the position where it stopped") {
    auto partial_page = page_with({4, 5}, true);
    partial_page.end = entity::position{.id = 9};
    const auto first = make_connection(pear_entity, {.limit = 3}, partial_page);
    CHECK(first.page.has_next_page);
    CHECK(first.page.start_cursor == to_cursor(4));
    CHECK(first.page.end_cursor == to_cursor(9));

    partial_page = page_with({}, true);
    partial_page.end = entity::position{.id = 2};
    const auto last = make_connection(pear_entity, {.limit = 3, .is_from_end = true}, partial_page);
    CHECK(last.page.has_previous_page);
    CHECK(last.page.start_cursor == to_cursor(2));
    CHECK_FALSE(last.page.end_cursor);
}

TEST_CASE("a client that follows the cursors sees every row once, in either direction") {
    pears_graphql_fixture fixture;
    for (const auto* name : {"a", "b", "c", "d", "e"})
        fixture.add_pear(name);
    const std::string page =
        "{ edges { cursor node { name } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";
    const auto request_page = [&](const std::string& arguments, const boost::json::value& cursor) {
        auto pears =
            fixture.ask("query ($c: String) { pears(" + arguments + ") " + page, {{"c", cursor}}).at("data").at("pears");
        if (const auto& edges = pears.at("edges").as_array(); !edges.empty()) {
            CHECK(pears.at("pageInfo").at("startCursor") == edges.front().at("cursor"));
            CHECK(pears.at("pageInfo").at("endCursor") == edges.back().at("cursor"));
        }
        return pears;
    };
    const auto read_all_pages = [&](const std::string& arguments, std::string_view end) {
        std::vector<std::string> pages;
        boost::json::value cursor = nullptr;
        do {
            const auto found = request_page(arguments, cursor);
            pages.push_back(summary_of(found));
            cursor = found.at("pageInfo").at(end);
        } while (!cursor.is_null());
        return pages;
    };
    CHECK(read_all_pages("first: 2, after: $c", "endCursor") == std::vector<std::string>{"a b>", "<c d>", "<e", "<"});
    CHECK(read_all_pages("last: 2, before: $c", "startCursor") == std::vector<std::string>{"<d e", "<b c>", "a>", ">"});
}

TEST_CASE("invalid arguments of a page cause one error, which lists all of them") {
    pears_graphql_fixture fixture;
    const auto response = fixture.ask("{ pears(first: 1001, after: \"x\") { edges { cursor } } }");
    const auto& reported = response.at("errors").at(0);
    CHECK(reported.at("message") == "the arguments of the list are invalid");
    CHECK(reported.at("extensions").at("code") == "INVALID");
    CHECK(reported.at("extensions").at("errors").as_array().size() == 2);
}

} // namespace atrium::resource

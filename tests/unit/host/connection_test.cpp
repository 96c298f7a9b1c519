#include "pear_market.hpp"

#include <http/input.hpp>
#include <support/catch.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <limits>
#include <string>
#include <vector>

namespace atrium::host {
namespace {

using boost::json::object;
using pears::kept_pear;
using pears::market;

result<slice> read(const object& given) {
    return read_slice({given, {}});
}

/// The faults of a page's arguments, as "name: detail" lines.
std::string faults_of(const object& given) {
    const auto wanted = read(given);
    REQUIRE_FALSE(wanted);
    CHECK(wanted.error().code == errc::invalid);
    CHECK(wanted.error().detail == "the page cannot be understood");
    std::string lines;
    for (const auto& each : wanted.error().faults)
        lines += each.pointer + ": " + each.detail + "\n";
    return lines;
}

std::vector<kept_pear> rows(std::initializer_list<std::int64_t> ids) {
    std::vector<kept_pear> all;
    for (const auto id : ids)
        all.push_back({{id}, {}});
    return all;
}

/// "<2 3>": the ids of a page; '<' and '>' where there are more on that side.
std::string shown(const connection<kept_pear>& page) {
    std::string text;
    for (const auto& each : page.edges)
        text.append(text.empty() ? "" : " ").append(std::to_string(each.node.id.value));
    return (page.page.has_previous_page ? "<" : "") + text + (page.page.has_next_page ? ">" : "");
}

/// The same of a page in a response, by names.
std::string shown(const boost::json::value& page) {
    std::string text;
    for (const auto& each : page.at("edges").as_array())
        text.append(text.empty() ? "" : " ").append(each.at("node").at("name").as_string());
    const auto& info = page.at("pageInfo");
    return (info.at("hasPreviousPage").as_bool() ? "<" : "") + text + (info.at("hasNextPage").as_bool() ? ">" : "");
}

} // namespace

TEST_CASE("a page that nothing is said of is the first hundred") {
    for (const auto& nothing :
         {object{}, object{{"first", nullptr}, {"last", nullptr}, {"after", nullptr}, {"before", nullptr}}}) {
        const auto wanted = read(nothing).value();
        CHECK(wanted.after == 0);
        CHECK(wanted.before == std::numeric_limits<std::int64_t>::max());
        CHECK(wanted.limit == 100);
        CHECK_FALSE(wanted.from_end);
    }
}

TEST_CASE("a page lies between cursors, and is counted from either end") {
    const auto first = read({{"first", 7}, {"after", cursor_of(3)}, {"before", cursor_of(99)}}).value();
    CHECK(first.limit == 7);
    CHECK(first.after == 3);
    CHECK(first.before == 99);
    CHECK_FALSE(first.from_end);

    const auto last = read({{"last", 7}, {"before", cursor_of(99)}}).value();
    CHECK(last.limit == 7);
    CHECK(last.after == 0);
    CHECK(last.before == 99);
    CHECK(last.from_end);
}

TEST_CASE("a page is 0 to 1000 rows long") {
    CHECK(read({{"first", 0}}).value().limit == 0);
    CHECK(read({{"last", 1000}}).value().limit == 1000);
    CHECK(faults_of({{"first", -1}}) == "first: must be 0 to 1000\n");
    CHECK(faults_of({{"last", 1001}}) == "last: must be 0 to 1000\n");
}

TEST_CASE("a page is not counted from both ends") {
    CHECK(faults_of({{"first", 1}, {"last", 1}}) == "last: must not come with first\n");
}

TEST_CASE("a cursor is one that a page gave, and nothing else") {
    for (const auto* none : {"", "1", "none", "AQAAAAAAAAA", "AQAAAAAAAAAB="})
        CHECK(faults_of({{"after", none}}) == "after: must be a cursor of such a page\n");
}

TEST_CASE("every fault of a page's arguments is told by its name") {
    CHECK(faults_of({{"first", -1}, {"last", 1001}, {"after", "x"}, {"before", "y"}}) ==
          "first: must be 0 to 1000\n"
          "last: must be 0 to 1000\n"
          "last: must not come with first\n"
          "after: must be a cursor of such a page\n"
          "before: must be a cursor of such a page\n");
}

TEST_CASE("a cursor of GraphQL is one of REST") {
    CHECK(http::from_cursor(cursor_of(42)) == 42);
}

TEST_CASE("the row too many is not shown, but tells that there is more") {
    CHECK(shown(connect({.limit = 2}, rows({1, 2, 3}))) == "1 2>");
    CHECK(shown(connect({.limit = 2}, rows({1, 2}))) == "1 2");
    CHECK(shown(connect({.limit = 0}, rows({1}))) == ">");
    CHECK(shown(connect({.limit = 2}, rows({}))).empty());
}

TEST_CASE("rows that were read from the end are shown in the order of all") {
    CHECK(shown(connect({.limit = 2, .from_end = true}, rows({9, 8, 7}))) == "<8 9");
    CHECK(shown(connect({.limit = 2, .from_end = true}, rows({9, 8}))) == "8 9");
}

TEST_CASE("where a page has a cursor on its far side, there is something beyond that") {
    CHECK(shown(connect({.after = 3, .limit = 2}, rows({4, 5}))) == "<4 5");
    CHECK(shown(connect({.before = 6, .limit = 2, .from_end = true}, rows({5, 4}))) == "4 5>");
    CHECK(shown(connect({.after = 3, .before = 9, .limit = 2}, rows({4, 5, 6}))) == "<4 5>");
    CHECK(shown(connect({.after = 3, .before = 9, .limit = 2, .from_end = true}, rows({8, 7, 6}))) == "<7 8>");
}

TEST_CASE("a page has the cursors of its ends, unless it is empty") {
    const auto page = connect({.limit = 3}, rows({4, 5, 6}));
    REQUIRE(page.edges.size() == 3);
    CHECK(page.edges[1].cursor == cursor_of(5));
    CHECK(page.page.start_cursor == cursor_of(4));
    CHECK(page.page.end_cursor == cursor_of(6));

    const auto empty = connect({.limit = 3}, rows({}));
    CHECK_FALSE(empty.page.start_cursor);
    CHECK_FALSE(empty.page.end_cursor);
}

TEST_CASE("who follows the cursors sees every row once, in either direction") {
    market here;
    for (const auto* name : {"a", "b", "c", "d", "e"})
        here.plant(name);
    const std::string page =
        "{ edges { cursor node { name } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";
    const auto ask = [&](const std::string& arguments, const boost::json::value& cursor) {
        auto pears = here.ask("query ($c: String) { pears(" + arguments + ") " + page, {{"c", cursor}}).at("data").at("pears");
        if (const auto& edges = pears.at("edges").as_array(); !edges.empty()) {
            CHECK(pears.at("pageInfo").at("startCursor") == edges.front().at("cursor"));
            CHECK(pears.at("pageInfo").at("endCursor") == edges.back().at("cursor"));
        }
        return pears;
    };
    const auto walk = [&](const std::string& arguments, std::string_view end) {
        std::vector<std::string> pages;
        boost::json::value cursor = nullptr;
        do {
            const auto found = ask(arguments, cursor);
            pages.push_back(shown(found));
            cursor = found.at("pageInfo").at(end);
        } while (!cursor.is_null());
        return pages;
    };
    CHECK(walk("first: 2, after: $c", "endCursor") == std::vector<std::string>{"a b>", "<c d>", "<e", "<"});
    CHECK(walk("last: 2, before: $c", "startCursor") == std::vector<std::string>{"<d e", "<b c>", "a>", ">"});
}

TEST_CASE("a page that cannot be understood is an error of its field, with every fault") {
    market here;
    const auto answer = here.ask("{ pears(first: 1001, after: \"x\") { edges { cursor } } }");
    const auto& wrong = answer.at("errors").at(0);
    CHECK(wrong.at("message") == "the page cannot be understood");
    CHECK(wrong.at("extensions").at("code") == "INVALID");
    CHECK(wrong.at("extensions").at("errors").as_array().size() == 2);
}

} // namespace atrium::host

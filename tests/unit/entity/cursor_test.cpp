#include "book.hpp"

#include <base/text.hpp>
#include <support/catch.hpp>

namespace atrium::entity {
namespace {

list_query query_sorted_by(std::string_view field, bool is_descending = false) {
    return {.sort = ordering{book_entity.index_of(field), is_descending}};
}

} // namespace

TEST_CASE("a cursor of a list by id contains only the id") {
    const auto text = to_cursor(book_entity, {}, {.id = 1});
    CHECK(text == "AQAAAAAAAAAB");
    CHECK(from_cursor(book_entity, {}, text)->id == 1);
}

TEST_CASE("reading the cursor of an id returns this id") {
    for (const std::int64_t id : {std::int64_t{0}, std::int64_t{1}, std::int64_t{255}, std::int64_t{INT64_MAX}})
        CHECK(from_cursor(book_entity, {}, to_cursor(id))->id == id);
}

TEST_CASE("a string that is not a cursor is refused") {
    const auto good = to_cursor(7);
    for (const auto& bad :
         {std::string{}, std::string{"7"}, good + "A", good.substr(1), std::string{"++++++++++++"},
          to_base64url(std::string{"\x02\0\0\0\0\0\0\0\x07", 9}), // another version
          to_base64url(std::string{"\x01\xff\xff\xff\xff\xff\xff\xff\xff", 9}), to_base64url(std::string{"\x01\x07", 2})})
        CHECK_FALSE(from_cursor(book_entity, {}, bad));
}

TEST_CASE("a cursor of a sorted list contains the sort value and the id of a row") {
    const auto by_title = query_sorted_by("title");
    const auto found = from_cursor(book_entity, by_title, to_cursor(book_entity, by_title, {.id = 3, .value = "Emma"}));
    REQUIRE(found);
    CHECK(found->id == 3);
    CHECK(std::get<std::string>(found->value) == "Emma");
}

TEST_CASE("a cursor is refused by a list in another order") {
    const auto text = to_cursor(book_entity, query_sorted_by("pages"), {.id = 3, .value = std::int64_t{5}});
    CHECK(from_cursor(book_entity, query_sorted_by("pages"), text));
    CHECK_FALSE(from_cursor(book_entity, query_sorted_by("pages", true), text));
    CHECK_FALSE(from_cursor(book_entity, query_sorted_by("title"), text));
    CHECK_FALSE(from_cursor(book_entity, query_sorted_by("id", true), text));
    CHECK_FALSE(from_cursor(book_entity, {}, text));
    CHECK_FALSE(from_cursor(book_entity, {.search = "e"}, text));
}

TEST_CASE("a truncated cursor is refused") {
    const auto query = query_sorted_by("pages");
    const auto text = to_cursor(book_entity, query, {.id = 3, .value = std::int64_t{5}});
    for (std::size_t size = 0; size < text.size(); ++size)
        CHECK_FALSE(from_cursor(book_entity, query, text.substr(0, size)));
}

TEST_CASE("a cursor with text that is not UTF-8 is refused") {
    const auto query = query_sorted_by("title");
    CHECK_FALSE(from_cursor(book_entity, query, to_cursor(book_entity, query, {.id = 3, .value = "\xff"})));
}

} // namespace atrium::entity

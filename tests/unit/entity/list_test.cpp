#include "book.hpp"

#include <support/catch.hpp>

#include <algorithm>
#include <vector>

namespace atrium::entity {
namespace {

condition where(std::string_view field, list_value value) {
    return {book_entity.index_of(field), std::move(value)};
}

class list_fixture : public library_fixture {
public:
    std::vector<std::string> titles(const list_query& query) {
        std::vector<std::string> all;
        for (const auto& row : page_of(query).rows)
            all.push_back(row.title);
        return all;
    }

    page<book> page_of(const list_query& query) {
        return read([&](storage::snapshot& s) { return books.list(s, query, book_entity.all()); });
    }

    /// The titles of the whole list, read in pages of `size` by the cursors that clients get.
    std::vector<std::string> in_pages(list_query query, std::int64_t size) {
        std::vector<std::string> all;
        query.limit = size;
        for (;;) {
            const auto page = page_of(query);
            for (const auto& row : page.rows)
                all.push_back(row.title);
            if (!page.has_more)
                return all;
            auto& from = query.is_from_end ? query.before : query.after;
            from = from_cursor(book_entity, query,
                               to_cursor(book_entity, query, page.position_of(book_entity, query, page.rows.size() - 1)));
            REQUIRE(from);
        }
    }

    /// How SQLite reads each statement of a list.
    void add_some() {
        for (const auto* title : {"ada", "Adam", "b", "ad", "abc", "Ad", "zoo"})
            add(title, static_cast<std::int64_t>(std::string_view{title}.size()), std::string_view{title} == "b" ? 2 : 1);
    }
};

using titles = std::vector<std::string>;

} // namespace

TEST_CASE("a list is by ascending id unless it is sorted") {
    list_fixture f;
    f.add_some();
    CHECK(f.titles({}) == titles{"ada", "Adam", "b", "ad", "abc", "Ad", "zoo"});
    CHECK(f.titles({.sort = ordering{book_entity.index_of("id"), true}}) ==
          titles{"zoo", "Ad", "abc", "ad", "b", "Adam", "ada"});
}

TEST_CASE("a sorted list is by the value, then by the id, and backwards the reverse of it") {
    list_fixture f;
    f.add_some();
    const titles by_pages{"b", "ad", "Ad", "ada", "abc", "zoo", "Adam"};
    CHECK(f.titles({.sort = ordering{book_entity.index_of("pages")}}) == by_pages);
    CHECK(f.titles({.sort = ordering{book_entity.index_of("pages"), true}}) == titles{by_pages.rbegin(), by_pages.rend()});
}

TEST_CASE("a prefix ignores ASCII case, and its list is in the order of the matched values") {
    list_fixture f;
    f.add_some();
    CHECK(f.titles({.conditions = {where("title", "aD")}}) == titles{"ad", "Ad", "ada", "Adam"});
}

TEST_CASE("the empty prefix is no condition but an order") {
    list_fixture f;
    f.add_some();
    CHECK(f.titles({.conditions = {where("title", "")}}) == titles{"abc", "ad", "Ad", "ada", "Adam", "b", "zoo"});
}

TEST_CASE("a search shows rows that match by an earlier field first, each row once") {
    list_fixture f;
    f.add_some();
    f.write([](storage::transaction& t) { t.execute("UPDATE books_book SET note = 'Adding' WHERE title IN ('b', 'ada')"); });
    CHECK(f.titles({.search = "ad"}) == titles{"ad", "Ad", "ada", "Adam", "b"});
}

TEST_CASE("a search finds rows by a later field although an earlier one is null") {
    list_fixture f;
    f.add_some();
    f.write([](storage::transaction& t) { t.execute("UPDATE books_book SET note = 'Adding' WHERE title IN ('b', 'ada')"); });
    const auto by_note = describe<book>("Book", "", table{"books_book", "b"}, search{"search", {"note", "title"}},
                                        field{"id", &book::id, "b.id"}.as(role::identifier),
                                        field{"title", &book::title, "b.title"}, field{"note", &book::note, "b.note"});
    const repository<book> books{by_note};
    std::vector<std::string> found;
    for (const auto& row : f.read([&](storage::snapshot& s) { return books.list(s, {.search = "ad"}, by_note.all()); }).rows)
        found.push_back(row.title);
    CHECK(found == titles{"ada", "b", "ad", "Ad", "Adam"});
}

TEST_CASE("filters are answered together") {
    list_fixture f;
    f.add_some();
    CHECK(f.titles({.conditions = {where("title", "a"), where("pages", std::int64_t{3})}}) == titles{"abc", "ada"});
}

TEST_CASE("a filter of a joined table finds all rows of every match") {
    list_fixture f;
    f.add_some();
    f.add("third", 1, 3);
    CHECK(f.titles({.conditions = {where("author", "BOB")}}) == titles{"b"});
    CHECK(f.titles({.conditions = {where("author", "Ann")}}).size() == 7); // two authors bear this name
    CHECK(f.titles({.conditions = {where("author", "Zed")}}).empty());
}

TEST_CASE("a list of ids shows those that are there and pass the filters") {
    list_fixture f;
    f.add_some();
    CHECK(f.titles({.ids = {{1, 3, 99}}}) == titles{"ada", "b"});
    CHECK(f.titles({.conditions = {where("title", "a")}, .ids = {{1, 3, 99}}}) == titles{"ada"});
}

TEST_CASE("pages of every size show each row once and in order, from either end") {
    list_fixture f;
    f.add_some();
    f.write([](storage::transaction& t) { t.execute("UPDATE books_book SET note = 'add' WHERE id IN (3, 4, 5)"); });
    const std::vector<list_query> lists{
        {},
        {.sort = ordering{book_entity.index_of("id"), true}},
        {.sort = ordering{book_entity.index_of("title")}},
        {.sort = ordering{book_entity.index_of("pages"), true}},
        {.conditions = {where("title", "a")}},
        {.conditions = {where("author", "Ann")}},
        {.search = "ad"},
        {.ids = {{1, 2, 3, 5, 7}}},
    };
    for (auto query : lists) {
        const auto whole = f.titles(query);
        for (std::int64_t size = 1; size <= 8; ++size) {
            CHECK(f.in_pages(query, size) == whole);
            query.is_from_end = true;
            auto backwards = f.in_pages(query, size);
            std::ranges::reverse(backwards);
            CHECK(backwards == whole);
            query.is_from_end = false;
        }
    }
}

TEST_CASE("a JSON page ends with the place of its last row if there is a next page") {
    list_fixture f;
    f.add_some();
    const auto page = f.read([&](storage::snapshot& s) { return f.books.list_json(s, {.limit = 7}); });
    CHECK_FALSE(page.next);
    const auto shorter = f.read([&](storage::snapshot& s) { return f.books.list_json(s, {.limit = 6}); });
    REQUIRE(shorter.next);
    CHECK(shorter.next->id == 6);
}

} // namespace atrium::entity

#include "book.hpp"

#include <base/text.hpp>
#include <support/catch.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace atrium::entity {
namespace {

condition filter_by(std::string_view field, list_value value) {
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
    std::vector<std::string> read_in_pages(list_query query, std::int64_t size) {
        std::vector<std::string> all;
        query.limit = size;
        for (;;) {
            const auto page = page_of(query);
            for (const auto& row : page.rows)
                all.push_back(row.title);
            if (!page.has_more)
                return all;
            auto& bound = query.is_from_end ? query.before : query.after;
            const auto end = page.end ? *page.end : page.position_of(book_entity, query, page.rows.size() - 1);
            bound = from_cursor(book_entity, query, to_cursor(book_entity, query, end));
            REQUIRE(bound);
        }
    }

    /// Adds `list_query::max_skipped` + `surplus` books. Their titles and notes begin with "a0", and each has two pages.
    void add_many(int surplus = 0) {
        write([&](storage::transaction& t) {
            t.execute("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)"
                      " INSERT INTO books_book (author_id, title, note, pages, is_new, state, revision, created_at, updated_at)"
                      " SELECT 1, printf('a%05d', i), printf('a%05d', i), 2, 1, 1, 1, 0, 0 FROM n",
                      list_query::max_skipped + surplus);
        });
    }

    /// Adds seven books. The number of pages of each is the length of its title.
    void add_some() {
        for (const auto* title : {"ada", "Adam", "b", "ad", "abc", "Ad", "zoo"})
            add(title, static_cast<std::int64_t>(std::string_view{title}.size()), std::string_view{title} == "b" ? 2 : 1);
    }
};

using titles = std::vector<std::string>;

} // namespace

TEST_CASE("a list is ordered by ascending id unless it is sorted") {
    list_fixture f;
    f.add_some();
    CHECK(f.titles({}) == titles{"ada", "Adam", "b", "ad", "abc", "Ad", "zoo"});
    CHECK(f.titles({.sort = ordering{book_entity.index_of("id"), true}}) ==
          titles{"zoo", "Ad", "abc", "ad", "b", "Adam", "ada"});
}

TEST_CASE("a sorted list is ordered by the sort field and then by the id, and a descending list is the exact reverse") {
    list_fixture f;
    f.add_some();
    const titles by_pages{"b", "ad", "Ad", "ada", "abc", "zoo", "Adam"};
    CHECK(f.titles({.sort = ordering{book_entity.index_of("pages")}}) == by_pages);
    CHECK(f.titles({.sort = ordering{book_entity.index_of("pages"), true}}) == titles{by_pages.rbegin(), by_pages.rend()});
}

TEST_CASE("a prefix filter ignores ASCII case and orders the list by the matched values") {
    list_fixture f;
    f.add_some();
    CHECK(f.titles({.conditions = {filter_by("title", "aD")}}) == titles{"ad", "Ad", "ada", "Adam"});
}

TEST_CASE("a filter with an empty prefix matches all rows and still orders the list by its field") {
    list_fixture f;
    f.add_some();
    CHECK(f.titles({.conditions = {filter_by("title", "")}}) == titles{"abc", "ad", "Ad", "ada", "Adam", "b", "zoo"});
}

TEST_CASE("a search shows the rows that match by its first field before the other matching rows, and each row once") {
    list_fixture f;
    f.add_some();
    f.write([](storage::transaction& t) { t.execute("UPDATE books_book SET note = 'Adding' WHERE title IN ('b', 'ada')"); });
    CHECK(f.titles({.search = "ad"}) == titles{"ad", "Ad", "ada", "Adam", "b"});
}

TEST_CASE("a search finds rows by its second field even if its first field is null in them") {
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

TEST_CASE("a list shows the rows that match all of its filters") {
    list_fixture f;
    f.add_some();
    CHECK(f.titles({.conditions = {filter_by("title", "a"), filter_by("pages", std::int64_t{3})}}) == titles{"abc", "ada"});
}

TEST_CASE("a filter by a column of a joined table finds the rows that refer to any matching row of that table") {
    list_fixture f;
    f.add_some();
    f.add("third", 1, 3);
    CHECK(f.titles({.conditions = {filter_by("author", "BOB")}}) == titles{"b"});
    CHECK(f.titles({.conditions = {filter_by("author", "Ann")}}).size() == 7); // two authors have this name
    CHECK(f.titles({.conditions = {filter_by("author", "Zed")}}).empty());
}

TEST_CASE("a list that is limited to certain ids shows the rows that have one of these ids and match the filters") {
    list_fixture f;
    f.add_some();
    CHECK(f.titles({.ids = {{1, 3, 99}}}) == titles{"ada", "b"});
    CHECK(f.titles({.conditions = {filter_by("title", "a")}, .ids = {{1, 3, 99}}}) == titles{"ada"});
}

TEST_CASE("in pages of every size, a list shows each row once and in order, from either end") {
    list_fixture f;
    f.add_some();
    f.write([](storage::transaction& t) { t.execute("UPDATE books_book SET note = 'add' WHERE id IN (3, 4, 5)"); });
    const std::vector<list_query> lists{
        {},
        {.sort = ordering{book_entity.index_of("id"), true}},
        {.sort = ordering{book_entity.index_of("title")}},
        {.sort = ordering{book_entity.index_of("pages"), true}},
        {.conditions = {filter_by("title", "a")}},
        {.conditions = {filter_by("author", "Ann")}},
        {.search = "ad"},
        {.ids = {{1, 2, 3, 5, 7}}},
    };
    for (auto query : lists) {
        const auto whole = f.titles(query);
        for (std::int64_t size = 1; size <= 8; ++size) {
            CHECK(f.read_in_pages(query, size) == whole);
            query.is_from_end = true;
            auto backwards = f.read_in_pages(query, size);
            std::ranges::reverse(backwards);
            CHECK(backwards == whole);
            query.is_from_end = false;
        }
    }
}

TEST_CASE("a JSON page has the position of its last row if there is a next page") {
    list_fixture f;
    f.add_some();
    const auto page = f.read([&](storage::snapshot& s) { return f.books.list_json(s, {.limit = 7}); });
    CHECK_FALSE(page.next);
    const auto shorter = f.read([&](storage::snapshot& s) { return f.books.list_json(s, {.limit = 6}); });
    REQUIRE(shorter.next);
    CHECK(shorter.next->id == 6);
}

TEST_CASE("a page ends early after many rows that fail a condition, and the next page continues there") {
    list_fixture f;
    f.add("a", 3);
    f.add_many(10);
    f.add("azoo", 3);
    list_query query{.conditions = {filter_by("title", "a"), filter_by("pages", std::int64_t{3})}};
    const auto first = f.page_of(query);
    CHECK(first.rows.size() == 1);
    CHECK(first.has_more);
    REQUIRE(first.end);
    query.after = first.end;
    CHECK(f.titles(query) == titles{"azoo"});

    SECTION("from the other end") {
        query = {.conditions = query.conditions, .is_from_end = true};
        const auto last = f.page_of(query);
        REQUIRE(last.rows.size() == 1);
        CHECK(last.rows[0].title == "azoo");
        REQUIRE(last.end);
        query.before = last.end;
        CHECK(f.titles(query) == titles{"a"});
    }
    SECTION("in JSON") {
        const auto json = f.read([&](storage::snapshot& s) {
            return f.books.list_json(s, {.conditions = {filter_by("title", "a1"), filter_by("pages", std::int64_t{3})}});
        });
        CHECK(json.array == "[]");
        CHECK_FALSE(json.next); // not set, because no title begins with a1
        query.after = {};
        CHECK(f.read([&](storage::snapshot& s) { return f.books.list_json(s, query); }).next);
    }
}

TEST_CASE("the first page of a search is full even if the search by its second field skips many rows") {
    list_fixture f;
    f.add_many(-1); // each title and note begin with "a", so the search by note skips these books
    f.add("zoo");
    f.write([](storage::transaction& t) { t.execute("UPDATE books_book SET note = 'azoo' WHERE title = 'zoo'"); });
    const auto page = f.page_of({.search = "a", .limit = list_query::max_limit});
    CHECK(page.rows.size() == 1000);
    CHECK_FALSE(page.has_more);
}

TEST_CASE(
    "a search that is read page by page shows every row once, even if one page cannot skip all rows that were shown before") {
    list_fixture f;
    f.add_many(500);
    f.add("zoo");
    f.write([](storage::transaction& t) { t.execute("UPDATE books_book SET note = 'azoo' WHERE title = 'zoo'"); });
    const auto all = f.read_in_pages({.search = "a"}, 400);
    CHECK(all.size() == 1501);
    CHECK(all.back() == "zoo");
}

TEST_CASE("invisible rows are not in a list and count among the rows that a page skips") {
    list_fixture f;
    f.add("a", 3);
    f.add_many(10);
    f.add("azoo", 3, 2);
    f.write([](storage::transaction& t) { t.execute("UPDATE books_author SET revision = 0 WHERE id = 1"); });
    const auto page = f.page_of({});
    CHECK(page.rows.empty());
    REQUIRE(page.end);
    CHECK(f.titles({.after = page.end}) == titles{"azoo"});
    CHECK(f.titles({.conditions = {filter_by("author", "Bob")}}) == titles{"azoo"});
    CHECK(f.titles({.ids = {{1, 2, 1012}}}) == titles{"azoo"});
    CHECK_FALSE(f.read([&](storage::snapshot& s) { return f.books.find_by_id(s, 1).has_value(); }));
}

TEST_CASE("a list shows only its own rows even if its cursor is a position of another list") {
    list_fixture f;
    f.add_some();
    const auto titles_beyond = [&](std::string begin, std::string value, bool is_from_end) {
        list_query query{.conditions = {filter_by("title", std::move(begin))}, .is_from_end = is_from_end};
        (is_from_end ? query.before : query.after) = position{.id = 3, .value = std::move(value)};
        return f.titles(query);
    };
    CHECK(titles_beyond("ad", "a", false) == titles{"ad", "Ad", "ada", "Adam"});
    CHECK(titles_beyond("ad", "b", false).empty());
    CHECK(titles_beyond("ad", "a", true).empty());
    CHECK(titles_beyond("ad", "b", true) == titles{"Adam", "ada", "Ad", "ad"});
}

namespace {

/// Computes the expected list: filters and sorts all rows in memory.
class model {
public:
    explicit model(std::vector<book> rows) : rows_{std::move(rows)} {}

    std::vector<std::int64_t> ids(const list_query& query) const {
        std::vector<std::pair<position, std::int64_t>> found;
        for (const auto& row : rows_)
            if (const auto part = part_of(row, query); part && passes(row, query))
                found.push_back({position_of(book_entity, query, &row, *part), row.id.value});
        std::ranges::sort(found, [&](const auto& a, const auto& b) { return is_before(query, a.first, b.first); });
        std::erase_if(found, [&](const auto& each) {
            return (query.after && !is_before(query, *query.after, each.first)) ||
                   (query.before && !is_before(query, each.first, *query.before));
        });
        std::vector<std::int64_t> ids;
        for (const auto& each : found)
            ids.push_back(each.second);
        if (query.is_from_end)
            std::ranges::reverse(ids);
        ids.resize(std::min(ids.size(), static_cast<std::size_t>(query.limit)));
        return ids;
    }

    static bool is_before(const list_query& query, const position& a, const position& b) {
        if (a.part != b.part)
            return a.part < b.part;
        const auto& first = order_of_part(book_entity, query, a.part).is_descending ? b : a;
        const auto& second = order_of_part(book_entity, query, a.part).is_descending ? a : b;
        if (order_of_part(book_entity, query, a.part).field == book_entity.identifier_index())
            return first.id < second.id;
        return std::pair{folded(first.value), first.id} < std::pair{folded(second.value), second.id};
    }

private:
    static list_value folded(const list_value& value) {
        const auto* text = std::get_if<std::string>(&value);
        return text ? list_value{ascii_lower(*text)} : value;
    }
    static bool begins(const std::string& text, const std::string& begin) {
        return ascii_lower(text).starts_with(ascii_lower(begin));
    }
    static std::optional<std::size_t> part_of(const book& row, const list_query& query) {
        if (!query.search || begins(row.title, *query.search))
            return 0;
        return row.note && begins(*row.note, *query.search) ? std::optional<std::size_t>{1} : std::nullopt;
    }
    static bool passes(const book& row, const list_query& query) {
        return std::ranges::all_of(query.conditions, [&](const condition& each) {
            const auto& name = book_entity.fields()[each.field].name;
            if (name == "author")
                return ascii_iequals(row.author, std::get<std::string>(each.value));
            if (name == "title")
                return begins(row.title, std::get<std::string>(each.value));
            return row.pages == std::get<std::int64_t>(each.value);
        });
    }

    std::vector<book> rows_;
};

} // namespace

TEST_CASE("a list shows the rows that result from filtering and sorting all rows in memory") {
    list_fixture f;
    std::mt19937 random{12};
    const auto pick = [&](auto const& values) { return values[random() % values.size()]; };
    const std::vector<std::string> texts{"a", "A", "ab", "aB", "abc", "b", "Ba", "ba"};
    f.write([&](storage::transaction& t) {
        for (int i = 0; i < 60; ++i) {
            book b{.author_id = {1 + static_cast<std::int64_t>(random() % 3)},
                   .title = pick(texts),
                   .pages = 1 + static_cast<std::int64_t>(random() % 3)};
            if (random() % 3 != 0)
                b.note = pick(texts);
            f.books.insert(t, b);
        }
    });
    const model expected{f.page_of({}).rows};

    const std::vector<std::optional<condition>> authors{{}, filter_by("author", "ann"), filter_by("author", "Bob")};
    const std::vector<std::optional<condition>> prefixes{{}, filter_by("title", "A"), filter_by("title", "ab")};
    const std::vector<std::optional<condition>> lengths{{}, filter_by("pages", std::int64_t{2})};
    const std::vector<std::string_view> sorts{"", "id", "title", "pages"};
    int nonempty_count = 0; // lists that are not empty
    for (int i = 0; i < 4000; ++i) {
        list_query query{.limit = pick(std::vector<std::int64_t>{1, 3, 100}), .is_from_end = random() % 2 == 0};
        for (const auto& each : {pick(authors), pick(prefixes), pick(lengths)})
            if (each)
                query.conditions.push_back(*each);
        if (random() % 4 == 0)
            query.search = pick(std::vector<std::string>{"a", "b", "AB"});
        const bool has_own_order = query.search || order_of(book_entity, query).field != book_entity.identifier_index();
        if (const auto sort = pick(sorts); !sort.empty() && !has_own_order)
            query.sort = ordering{book_entity.index_of(sort), random() % 2 == 0};
        auto whole = query;
        whole.limit = 100;
        whole.is_from_end = false;
        const auto rows = f.page_of(whole);
        const auto random_position = [&]() -> std::optional<position> {
            if (rows.rows.empty() || random() % 2 == 0)
                return std::nullopt;
            return rows.position_of(book_entity, query, random() % rows.rows.size());
        };
        query.after = random_position();
        query.before = random_position();

        std::vector<std::int64_t> listed_ids;
        for (const auto& row : f.page_of(query).rows)
            listed_ids.push_back(row.id.value);
        if (query.after && query.before && !model::is_before(query, *query.after, *query.before)) {
            CHECK(listed_ids.empty());
            continue;
        }
        INFO("list " << i << " of conditions " << query.conditions.size() << ", search " << query.search.value_or("none"));
        REQUIRE(listed_ids == expected.ids(query));
        nonempty_count += listed_ids.empty() ? 0 : 1;
    }
    CHECK(nonempty_count > 1000);
}

TEST_CASE("list_each returns, for each parent, the same rows as a list that contains only the rows of that parent") {
    list_fixture f;
    std::mt19937 random{13};
    for (int i = 0; i < 40; ++i)
        f.add(std::string(1, static_cast<char>('a' + random() % 3)), 1 + static_cast<std::int64_t>(random() % 2),
              1 + static_cast<std::int64_t>(random() % 3));
    const std::array<author_id, 4> authors{author_id{3}, author_id{1}, author_id{7}, author_id{3}};
    const auto field = book_entity.index_of("author_id");
    for (const auto* sort : {"id", "title", "pages"})
        for (const bool is_descending : {false, true})
            for (const bool is_from_end : {false, true})
                for (const auto& conditions : std::vector<std::vector<condition>>{{}, {filter_by("pages", std::int64_t{2})}}) {
                    list_query query{.conditions = conditions,
                                     .sort = ordering{book_entity.index_of(sort), is_descending},
                                     .limit = 3,
                                     .is_from_end = is_from_end};
                    for (const bool is_later : {false, true}) {
                        if (is_later)
                            (is_from_end ? query.before : query.after) = position{
                                .id = 20, .value = std::string_view{sort} == "title" ? list_value{"b"} : std::int64_t{1}};
                        const auto pages = f.read([&](storage::snapshot& s) {
                            return f.books.list_each(s, field, std::span<const author_id>{authors}, query, book_entity.all());
                        });
                        REQUIRE(pages.size() == 4);
                        CHECK(pages[2].rows.empty());
                        for (std::size_t i = 0; i < pages.size(); ++i) {
                            std::vector<book> expected_rows;
                            auto all = query;
                            all.limit = 100;
                            for (auto& row : f.page_of(all).rows)
                                if (row.author_id == authors[i] && expected_rows.size() < 3)
                                    expected_rows.push_back(std::move(row));
                            CHECK(pages[i].rows == expected_rows);
                        }
                    }
                }
}

TEST_CASE("lists of several parents that are read together share one limit on the number of skipped rows") {
    list_fixture f;
    f.add_many(10);
    f.add("azoo", 3, 1);
    f.add("b", 3, 2);
    const std::array<author_id, 2> authors{author_id{1}, author_id{2}};
    list_query query{.conditions = {filter_by("title", "a"), filter_by("pages", std::int64_t{3})}};
    const auto field = book_entity.index_of("author_id");
    const auto read = [&] {
        return f.read([&](storage::snapshot& s) {
            return f.books.list_each(s, field, std::span<const author_id>{authors}, query, book_entity.all());
        });
    };
    auto pages = read();
    CHECK(pages[1].rows.empty());
    CHECK_FALSE(pages[1].has_more);
    for (int i = 0; pages[0].end && i < 10; ++i) {
        CHECK(pages[0].rows.empty());
        query.after = pages[0].end;
        pages = read();
    }
    REQUIRE(pages[0].rows.size() == 1);
    CHECK(pages[0].rows[0].title == "azoo");
}

} // namespace atrium::entity

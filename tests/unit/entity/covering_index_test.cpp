// Tests of lists whose table has covering indexes, that is, indexes with every column that is filtered or sorted.
#include "book.hpp"

#include <support/catch.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace atrium::entity {
namespace {

constexpr std::array migrations{books_migrations[0], storage::migration{2, "0002_covering_indexes", R"(
    DROP INDEX books_book_author_id_title; DROP INDEX books_book_author_id_pages;
    DROP INDEX books_book_author_id; DROP INDEX books_book_title; DROP INDEX books_book_pages;
    CREATE INDEX books_book_author_id ON books_book (author_id, id, pages, title);
    CREATE INDEX books_book_pages ON books_book (pages, id, author_id, title);
    CREATE INDEX books_book_title ON books_book (title, id, author_id, pages);
)"}};

const described<book> covered_book = [] {
    auto table = book_entity.table();
    table.indexes = {
        {"author_id", "id", "pages", "title"}, {"pages", "id", "author_id", "title"}, {"title", "id", "author_id", "pages"}};
    const auto fields = book_entity.fields();
    return described<book>{"Book", "", table, {fields.begin(), fields.end()}, book_entity.search()};
}();

condition filter_by(std::string_view field, list_value value) {
    return {covered_book.index_of(field), std::move(value)};
}

using numbers = std::vector<std::int64_t>;

numbers ids_of(const page<book>& page) {
    numbers ids;
    for (const auto& row : page.rows)
        ids.push_back(row.id.value);
    return ids;
}

/// The author 1 (Ann) has 1480 books, the author 3 (ann) has 20, and the test chooses how many the author 2 (Bob) has.
class covered_fixture : public library_fixture {
public:
    explicit covered_fixture(std::int64_t books_of_bob) : library_fixture{migrations} {
        add_books(1, 1480);
        add_books(3, 20);
        add_books(2, books_of_bob);
    }

    void add_books(std::int64_t author, std::int64_t count) {
        write([&](storage::transaction& t) {
            t.execute("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)"
                      " INSERT INTO books_book (author_id, title, pages, is_new, state, revision, created_at, updated_at)"
                      " SELECT ?1, printf(iif(i % 2, 'a%03d', 'A%03d'), i * 7 % 100), 1 + i % 3, 1, 1, 1, 0, 0 FROM n",
                      author, count);
        });
    }

    page<book> page_of(const list_query& query) {
        return read([&](storage::snapshot& s) { return covered_.list(s, query, covered_book.all()); });
    }

    /// The ids of the whole list, read page by page.
    numbers read_in_pages(list_query query) {
        numbers all;
        for (;;) {
            const auto page = page_of(query);
            std::ranges::copy(ids_of(page), std::back_inserter(all));
            if (!page.has_more)
                return all;
            move_to_next_page(query, page);
        }
    }

    static void move_to_next_page(list_query& query, const page<book>& page) {
        const auto end = page.end ? *page.end : page.position_of(covered_book, query, page.rows.size() - 1);
        (query.is_from_end ? query.before : query.after) =
            from_cursor(covered_book, query, to_cursor(covered_book, query, end));
    }

    /// The ids that a plain query in SQLite finds.
    numbers ids_where(const std::string& condition, std::string_view order, bool is_descending) {
        return read([&](storage::snapshot& s) {
            const std::string direction = is_descending ? " DESC" : "";
            numbers ids;
            for (auto row = s.query("SELECT id FROM books_book WHERE " + condition + " ORDER BY " + std::string{order} +
                                    direction + ", id" + direction);
                 row.next();)
                ids.push_back(row.integer(0));
            return ids;
        });
    }

    std::vector<page<book>> pages_of_authors(const list_query& query) {
        const std::array<author_id, 3> authors{author_id{1}, author_id{2}, author_id{3}};
        return read([&](storage::snapshot& s) {
            return covered_.list_each(s, covered_book.index_of("author_id"), std::span<const author_id>{authors}, query,
                                      covered_book.all());
        });
    }

private:
    const repository<book> covered_{covered_book};
};

struct filter {
    std::vector<condition> conditions;
    std::string sql;
};
const std::vector<filter> filters{
    {{filter_by("author", "Bob")}, "author_id = 2"},
    {{filter_by("author", "Ann")}, "author_id IN (1, 3)"},
    {{filter_by("pages", std::int64_t{2})}, "pages = 2"},
    {{filter_by("author", "Bob"), filter_by("pages", std::int64_t{2})}, "author_id = 2 AND pages = 2"},
    {{filter_by("author", "Ann"), filter_by("pages", std::int64_t{2})}, "author_id IN (1, 3) AND pages = 2"},
    {{filter_by("author", "Bob"), filter_by("pages", std::int64_t{9})}, "pages = 9"},
    {{filter_by("author", "Zed")}, "0"},
};

} // namespace

TEST_CASE("a list shows its rows in order from either end, for filters that match few or many rows") {
    for (const std::int64_t books_of_bob : {5, 1000, 1001}) {
        covered_fixture f{books_of_bob};
        for (const auto& [conditions, sql] : filters)
            for (const std::string_view sort : {"id", "title", "pages"})
                for (const bool is_descending : {false, true}) {
                    INFO(books_of_bob << " books, " << sql << " by " << sort << (is_descending ? ", descending" : ""));
                    list_query query{
                        .conditions = conditions, .sort = ordering{covered_book.index_of(sort), is_descending}, .limit = 170};
                    auto expected = f.ids_where(sql, sort, is_descending);
                    CHECK(f.read_in_pages(query) == expected);
                    query.is_from_end = true;
                    std::ranges::reverse(expected);
                    CHECK(f.read_in_pages(query) == expected);
                }
    }
}

TEST_CASE("a prefix filter orders a list by the values of its field, even with other filters that match few or many rows") {
    for (const std::int64_t books_of_bob : {1000, 1001}) {
        covered_fixture f{books_of_bob};
        for (auto [conditions, sql] : filters)
            for (const bool is_from_end : {false, true}) {
                INFO(books_of_bob << " books, " << sql << (is_from_end ? ", from the end" : ""));
                conditions.push_back(filter_by("title", "a0"));
                auto expected = f.ids_where("title LIKE 'a0%' AND " + sql, "title", is_from_end);
                CHECK(f.read_in_pages({.conditions = conditions, .limit = 90, .is_from_end = is_from_end}) == expected);
                conditions.pop_back();
            }
    }
}

TEST_CASE("a page of a sorted list ends early only if the filter of the list matches more than a thousand rows") {
    for (const auto* sort : {"title", "pages"}) {
        const list_query query{.conditions = {filter_by("author", "Bob")},
                               .sort = ordering{covered_book.index_of(sort)},
                               .limit = list_query::max_limit};
        covered_fixture f{1000};
        const auto whole = f.page_of(query);
        CHECK(whole.rows.size() == 1000);
        CHECK_FALSE(whole.has_more);
        f.add_books(2, 1);
        const auto part = f.page_of(query);
        CHECK(part.end);
        CHECK(part.rows.size() < 1000);
    }
}

TEST_CASE("a list continues at its cursor even if its filter matches more than a thousand rows for only one of two pages") {
    for (const bool is_from_end : {false, true})
        for (const auto* sort : {"title", "pages"}) {
            covered_fixture f{1000};
            list_query query{.conditions = {filter_by("author", "Bob")},
                             .sort = ordering{covered_book.index_of(sort)},
                             .limit = 100,
                             .is_from_end = is_from_end};
            const auto expected = f.ids_where("author_id = 2", sort, is_from_end);
            numbers listed_ids;
            for (bool has_more = true, is_many = false; has_more; is_many = !is_many) {
                const auto page = f.page_of(query);
                std::ranges::copy(ids_of(page), std::back_inserter(listed_ids));
                has_more = page.has_more;
                if (has_more)
                    f.move_to_next_page(query, page);
                f.write([&](storage::transaction& t) {
                    if (is_many)
                        t.execute("DELETE FROM books_book WHERE title = '~'");
                    else
                        t.execute("INSERT INTO books_book (author_id, title, pages, is_new, state, revision, created_at,"
                                  " updated_at) VALUES (2, '~', 4, 1, 1, 1, 0, 0)");
                });
            }
            std::erase_if(listed_ids, [&](std::int64_t id) { return std::ranges::find(expected, id) == expected.end(); });
            CHECK(listed_ids == expected);
        }
}

TEST_CASE("a list that is read from an index skips invisible rows, for filters that match few or many rows") {
    for (const std::int64_t books_of_bob : {20, 1001}) {
        covered_fixture f{books_of_bob};
        f.write([](storage::transaction& t) { t.execute("UPDATE books_author SET revision = 0 WHERE id = 1"); });
        for (const auto* sort : {"title", "pages"})
            for (const auto& [conditions, sql] : filters) {
                INFO(sql << " by " << sort);
                CHECK(f.read_in_pages({.conditions = conditions, .sort = ordering{covered_book.index_of(sort)}, .limit = 7}) ==
                      f.ids_where("author_id <> 1 AND " + sql, sort, false));
            }
    }
}

TEST_CASE("repeated calls of list_each return the whole list of each parent page by page, in every sort order") {
    covered_fixture f{300};
    for (const std::string_view sort : {"id", "title", "pages"})
        for (const bool is_from_end : {false, true})
            for (const bool is_filtered : {false, true})
                for (const std::int64_t author : {1, 2, 3}) {
                    list_query query{.sort = ordering{covered_book.index_of(sort)}, .limit = 50, .is_from_end = is_from_end};
                    if (is_filtered)
                        query.conditions = {filter_by("pages", std::int64_t{2})};
                    numbers listed_ids;
                    for (bool has_more = true; has_more;) {
                        const auto page = f.pages_of_authors(query)[static_cast<std::size_t>(author) - 1];
                        std::ranges::copy(ids_of(page), std::back_inserter(listed_ids));
                        has_more = page.has_more;
                        if (has_more)
                            f.move_to_next_page(query, page);
                    }
                    INFO("author " << author << " by " << sort << (is_from_end ? " from the end" : ""));
                    CHECK(listed_ids ==
                          f.ids_where("author_id = " + std::to_string(author) + (is_filtered ? " AND pages = 2" : ""), sort,
                                      is_from_end));
                }
}

} // namespace atrium::entity

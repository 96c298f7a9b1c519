#pragma once

#include <entity/repository.hpp>
#include <storage/migration.hpp>
#include <storage/sqlite/database.hpp>
#include <support/run.hpp>
#include <support/temporary_directory.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace atrium::entity {

enum class book_state { lent, shelved };

inline const enumeration& describe_enumeration(book_state) {
    static constexpr std::array<std::string_view, 2> words{"lent", "shelved"};
    static constexpr enumeration all{"BookState", "The state of a book.", words};
    return all;
}

using book_id = id<struct book_tag>;
using author_id = id<struct author_tag>;

struct book {
    book_id id = {};
    entity::author_id author_id = {};
    std::string author = {};
    std::string title = {};
    std::optional<std::string> note = {};
    std::int64_t pages = 1;
    bool is_new = true;
    book_state state = book_state::shelved;
    std::optional<timestamp> read_at = {};
    std::int64_t revision = 1;
    std::int64_t author_revision = 1;
    timestamp created_at = {};
    timestamp updated_at = {};

    bool operator==(const book&) const = default;
};

inline const auto book_entity = describe<book>(
    "Book", "A book of the library.",
    table{.name = "books_book",
          .alias = "b",
          .joins = " CROSS JOIN books_author AS a ON a.id = b.author_id",
          .visible = "a.revision > 0",
          .indexes = {{"author_id", "title"}, {"author_id", "pages"}}},
    search{"search", {"title", "note"}, "The beginning of the title or the note."},
    field{"id", &book::id, "b.id"}.as(role::identifier).in_events("book_id").sort(),
    field{"author_id", &book::author_id, "b.author_id"}.in_events().not_in_event("books.book_burnt"),
    field{"author", &book::author, "a.name"}.filter(equal, {"b.author_id", "SELECT id FROM books_author WHERE name = ?1"}),
    field{"title", &book::title, "b.title", "As on the cover."}
        .create(required, length(1, 20))
        .change(length(1, 20))
        .filter(prefix)
        .sort(),
    field{"note", &book::note, "b.note"}.create(length(0, 5)).change(length(0, 5)),
    field{"pages", &book::pages, "b.pages"}.create(between(1, 9999)).filter(equal).sort(),
    field{"is_new", &book::is_new, "b.is_new"}.create(), field{"state", &book::state, "b.state"}.change().filter(equal),
    field{"read_at", &book::read_at, "b.read_at"}.change(), field{"revision", &book::revision, "b.revision"}.as(role::revision),
    field{"author_revision", &book::author_revision, "a.revision"}.hidden().in_etag(),
    field{"created_at", &book::created_at, "b.created_at"}.as(role::created_at),
    field{"updated_at", &book::updated_at, "b.updated_at"}.as(role::updated_at));

inline constexpr std::array books_migrations{storage::migration{1, "0001_books", R"(
    CREATE TABLE books_author (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL COLLATE NOCASE, revision INTEGER NOT NULL DEFAULT 1) STRICT;
    CREATE INDEX books_author_name ON books_author (name);
    CREATE TABLE books_book (
        id INTEGER PRIMARY KEY AUTOINCREMENT, author_id INTEGER NOT NULL, title TEXT NOT NULL COLLATE NOCASE,
        note TEXT COLLATE NOCASE, pages INTEGER NOT NULL, is_new INTEGER NOT NULL, state INTEGER NOT NULL,
        read_at INTEGER, revision INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL) STRICT;
    CREATE INDEX books_book_author_id ON books_book (author_id);
    CREATE INDEX books_book_title ON books_book (title);
    CREATE INDEX books_book_note ON books_book (note);
    CREATE INDEX books_book_pages ON books_book (pages);
    CREATE INDEX books_book_author_id_title ON books_book (author_id, title);
    CREATE INDEX books_book_author_id_pages ON books_book (author_id, pages);
)"}};

/// A book with a value in every field.
inline const book full_book{.id = {7},
                            .author_id = {1},
                            .author = "Ann",
                            .title = "A \"B\"",
                            .note = "n",
                            .pages = 3,
                            .is_new = false,
                            .state = book_state::lent,
                            .read_at = timestamp{std::chrono::seconds{1}},
                            .revision = 2,
                            .author_revision = 9,
                            .created_at = timestamp{std::chrono::milliseconds{0}},
                            .updated_at = timestamp{std::chrono::milliseconds{1}}};

/// A library of books in a database of its own.
class library_fixture {
public:
    explicit library_fixture(std::span<const storage::migration> migrations = books_migrations)
        : schemas_{storage::schema{"books", migrations}} {
        database_.migrate();
        database_.start([] {});
        write([](storage::transaction& t) { // two authors have the same name, because the column ignores case
            t.execute("INSERT INTO books_author (id, name) VALUES (1, 'Ann'), (2, 'Bob'), (3, 'ann')");
        });
    }

    template <class F>
    void write(F function) {
        support::run(store_.write([&](storage::transaction& t) -> result<> {
            function(t);
            return {};
        })).value();
    }
    template <class F>
    auto read(F function) {
        using outcome = std::invoke_result_t<F&, storage::snapshot&>;
        return support::run(store_.read([&](storage::snapshot& s) -> result<outcome> { return function(s); })).value();
    }

    /// Inserts a book with this title, this number of pages and the author with this id.
    book add(std::string title, std::int64_t pages = 1, std::int64_t author = 1) {
        book b{.author_id = {author}, .title = std::move(title), .pages = pages};
        write([&](storage::transaction& t) { books.insert(t, b); });
        return b;
    }

    const repository<book> books{book_entity};

private:
    support::temporary_directory folder_;
    metrics::registry metrics_;
    const std::array<storage::schema, 1> schemas_;
    storage::sqlite::sqlite_database database_{{.path = folder_ / "books.db"}, schemas_, metrics_, logger{}};
    storage::store store_{database_, "books"};
};

} // namespace atrium::entity

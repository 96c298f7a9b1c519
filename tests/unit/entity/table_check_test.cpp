#include "book.hpp"

#include <entity/table_check.hpp>
#include <metrics/registry.hpp>
#include <support/catch.hpp>

#include <stdexcept>
#include <string>

namespace atrium::entity {
namespace {

using shelf_id = id<struct shelf_tag>;

struct shelf {
    shelf_id id = {};
    std::string name = {};
    std::int64_t width = 0;
    std::optional<std::string> note = {};
};

const auto id_field = field{"id", &shelf::id, "s.id"}.as(role::identifier).sort();

/// What a table with these columns does not fit in a description with these fields; empty if it fits.
template <class... Fields>
std::string mismatch(const std::string& columns, const Fields&... fields) {
    const support::temporary_directory folder;
    metrics::registry metrics;
    const auto sql =
        "CREATE TABLE shelves_shelf (" + columns + ") STRICT; CREATE INDEX shelves_shelf_name ON shelves_shelf (name);";
    const storage::migration first[] = {{1, "0001_shelves", sql}};
    const storage::schema schemas[] = {{"shelves", first}};
    storage::sqlite::sqlite_database database{{.path = folder / "shelves.db"}, schemas, metrics, {}};
    database.migrate();
    const auto description = describe<shelf>("Shelf", "", table{"shelves_shelf", "s"}, fields...);
    try {
        check_table(description, database.columns_of("shelves_shelf"));
    } catch (const std::logic_error& wrong) {
        return wrong.what();
    }
    return {};
}

} // namespace

TEST_CASE("a table that fits its description is accepted") {
    CHECK(mismatch("id INTEGER PRIMARY KEY, name TEXT NOT NULL, width INTEGER NOT NULL, note TEXT, colour TEXT", id_field,
                   field{"name", &shelf::name, "s.name"}.filter(prefix).sort(), field{"width", &shelf::width, "s.width"},
                   field{"note", &shelf::note, "s.note"}) == "");
}

TEST_CASE("a column that the table lacks stops the start") {
    CHECK(mismatch("id INTEGER PRIMARY KEY, name TEXT NOT NULL", id_field, field{"name", &shelf::name, "s.nam"}) ==
          "the description of Shelf, field \"name\": the table shelves_shelf has no column nam; add it by a migration, or "
          "correct "
          "its name");
}

TEST_CASE("a member whose type is not that of its column stops the start") {
    CHECK(mismatch("id INTEGER PRIMARY KEY, name INTEGER NOT NULL", id_field, field{"name", &shelf::name, "s.name"}) ==
          "the description of Shelf, field \"name\": the column name of shelves_shelf is INTEGER, but the member needs TEXT; "
          "change one of them");
}

TEST_CASE("a column that may be null needs an optional member") {
    CHECK(mismatch("id INTEGER PRIMARY KEY, name TEXT", id_field, field{"name", &shelf::name, "s.name"}) ==
          "the description of Shelf, field \"name\": the column name of shelves_shelf may be null, but the member is not "
          "std::optional; declare the column NOT NULL or the member std::optional");
}

TEST_CASE("a member that may be empty needs a column that may be null") {
    CHECK(mismatch("id INTEGER PRIMARY KEY, name TEXT NOT NULL, note TEXT NOT NULL DEFAULT ''", id_field,
                   field{"name", &shelf::name, "s.name"}, field{"note", &shelf::note, "s.note"}) ==
          "the description of Shelf, field \"note\": the column note of shelves_shelf may not be null, but the member is "
          "std::optional; declare the column without NOT NULL, or the member without std::optional");
}

TEST_CASE("an order without an index stops the start") {
    CHECK(
        mismatch("id INTEGER PRIMARY KEY, name TEXT NOT NULL, width INTEGER NOT NULL", id_field,
                 field{"name", &shelf::name, "s.name"}, field{"width", &shelf::width, "s.width"}.sort()) ==
        "the description of Shelf, field \"width\": the column width of shelves_shelf has no index, but lists are filtered or "
        "sorted by it; add the index by a migration");
}

TEST_CASE("a column that no insert would fill stops the start") {
    CHECK(mismatch("id INTEGER PRIMARY KEY, name TEXT NOT NULL, width INTEGER NOT NULL", id_field,
                   field{"name", &shelf::name, "s.name"}) ==
          "the description of Shelf has no field for the column width of shelves_shelf, which is NOT NULL without a default; "
          "describe it, or give it a default");
}

TEST_CASE("a table that does not exist stops the start") {
    CHECK_THROWS_WITH(check_table(book_entity, {}),
                      "the description of Book: there is no table books_book; add it by a migration");
}

} // namespace atrium::entity

#include "book.hpp"

#include <entity/table_check.hpp>
#include <metrics/registry.hpp>
#include <support/catch.hpp>

#include <string>
#include <string_view>
#include <utility>

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

constexpr std::string_view name_index = "CREATE INDEX shelves_shelf_name ON shelves_shelf (name);";

/// A database whose tables are created by these statements.
class shelves_fixture {
public:
    explicit shelves_fixture(std::string sql) : sql_{std::move(sql)} { database_.migrate(); }

    /// The misfits of this description, one on each line.
    [[nodiscard]] std::string misfits(const description& d) const {
        std::string lines;
        for (const auto& misfit : find_table_misfits(d, database_))
            lines.append(lines.empty() ? "" : "\n").append(misfit);
        return lines;
    }

private:
    const std::string sql_;
    const storage::migration migrations_[1] = {{1, "0001_shelves", sql_}};
    const storage::schema schemas_[1] = {{"shelves", migrations_}};
    const support::temporary_directory folder_;
    metrics::registry metrics_;
    storage::sqlite::sqlite_database database_{{.path = folder_ / "shelves.db"}, schemas_, metrics_, {}};
};

/// The misfits between a description with these fields and a table with these columns and indexes.
template <class... Fields>
std::string misfits_with(std::string_view indexes, const std::string& columns, const Fields&... fields) {
    const shelves_fixture f{"CREATE TABLE shelves_shelf (" + columns + ") STRICT; " + std::string{indexes}};
    return f.misfits(describe<shelf>("Shelf", "", table{"shelves_shelf", "s"}, fields...));
}
/// The misfits between a description with these fields and a table that has these columns, and an index on `name`.
template <class... Fields>
std::string misfits_with_name_index(const std::string& columns, const Fields&... fields) {
    return misfits_with(name_index, columns, fields...);
}

/// The misfits between a description with the field `name_field` and a table with these indexes. `declaration` follows "name
/// TEXT NOT NULL" in the SQL of the table.
template <class Field>
std::string misfit_of_name(std::string_view indexes, const std::string& declaration, const Field& name_field) {
    return misfits_with(indexes, "id INTEGER PRIMARY KEY, width INTEGER NOT NULL DEFAULT 1, name TEXT NOT NULL" + declaration,
                        id_field, name_field);
}

const auto sorted_name = field{"name", &shelf::name, "s.name"}.sort();
const auto filtered_name = field{"name", &shelf::name, "s.name"}.filter(equal);

/// The expected sentence about the column `name`.
std::string about_name(const std::string& rest) {
    return "the description of Shelf, field \"name\": the column name of shelves_shelf " + rest;
}
std::string about_index_of_name(const std::string& reason) {
    return about_name("has no index that lists can be filtered or sorted by: shelves_shelf_name " + reason +
                      "; add one by a migration");
}

} // namespace

TEST_CASE("a table that fits its description is accepted") {
    CHECK(misfits_with_name_index(
              "id INTEGER PRIMARY KEY, name TEXT NOT NULL COLLATE NOCASE, width INTEGER NOT NULL, note TEXT, color TEXT",
              id_field, field{"name", &shelf::name, "s.name"}.filter(prefix).sort(), field{"width", &shelf::width, "s.width"},
              field{"note", &shelf::note, "s.note"}) == "");
}

TEST_CASE("a field whose column the table lacks is a misfit") {
    CHECK(
        misfits_with_name_index("id INTEGER PRIMARY KEY, name TEXT NOT NULL", id_field, field{"name", &shelf::name, "s.nam"}) ==
        "the description of Shelf, field \"name\": the table shelves_shelf has no column nam; add it by a migration, or "
        "correct its name");
}

TEST_CASE("a member whose type does not fit its column is a misfit") {
    CHECK(misfits_with_name_index("id INTEGER PRIMARY KEY, name INTEGER NOT NULL", id_field,
                                  field{"name", &shelf::name, "s.name"}) ==
          "the description of Shelf, field \"name\": the column name of shelves_shelf is INTEGER, but the member needs TEXT; "
          "change one of them");
}

TEST_CASE("a column that may be null needs an optional member") {
    CHECK(misfits_with_name_index("id INTEGER PRIMARY KEY, name TEXT", id_field, field{"name", &shelf::name, "s.name"}) ==
          "the description of Shelf, field \"name\": the column name of shelves_shelf may be null, but the member is not "
          "std::optional; declare the column NOT NULL or the member std::optional");
}

TEST_CASE("an optional member needs a column that may be null") {
    CHECK(misfits_with_name_index("id INTEGER PRIMARY KEY, name TEXT NOT NULL, note TEXT NOT NULL DEFAULT ''", id_field,
                                  field{"name", &shelf::name, "s.name"}, field{"note", &shelf::note, "s.note"}) ==
          "the description of Shelf, field \"note\": the column note of shelves_shelf may not be null, but the member is "
          "std::optional; declare the column without NOT NULL, or the member without std::optional");
}

TEST_CASE("a sort order without an index is a misfit") {
    CHECK(
        misfits_with_name_index("id INTEGER PRIMARY KEY, name TEXT NOT NULL, width INTEGER NOT NULL", id_field,
                                field{"name", &shelf::name, "s.name"}, field{"width", &shelf::width, "s.width"}.sort()) ==
        "the description of Shelf, field \"width\": the column width of shelves_shelf has no index, but lists are filtered or "
        "sorted by it; add the index by a migration");
}

TEST_CASE("a column that is NOT NULL, has no default and belongs to no field is a misfit") {
    CHECK(misfits_with_name_index("id INTEGER PRIMARY KEY, name TEXT NOT NULL, width INTEGER NOT NULL", id_field,
                                  field{"name", &shelf::name, "s.name"}) ==
          "the description of Shelf has no field for the column width of shelves_shelf, which is NOT NULL without a default; "
          "describe it, or give it a default");
}

TEST_CASE("a table that does not exist is a misfit") {
    const shelves_fixture f{"CREATE TABLE shelves_other (id INTEGER PRIMARY KEY) STRICT"};
    CHECK(f.misfits(book_entity) == "the description of Book: there is no table books_book; add it by a migration");
}

TEST_CASE("every misfit of a table is returned, at most one for each column") {
    CHECK(misfits_with_name_index("id INTEGER PRIMARY KEY, name INTEGER, width TEXT NOT NULL, color TEXT NOT NULL", id_field,
                                  sorted_name, field{"width", &shelf::width, "s.width"}) ==
          about_name("is INTEGER, but the member needs TEXT; change one of them") +
              "\nthe description of Shelf, field \"width\": the column width of shelves_shelf is TEXT, but the member needs "
              "INTEGER; change one of them"
              "\nthe description of Shelf has no field for the column color of shelves_shelf, which is NOT NULL without a "
              "default; describe it, or give it a default");
}

TEST_CASE("the column of the identifier must be the row id of the table") {
    CHECK(
        misfits_with_name_index("id INTEGER NOT NULL UNIQUE, name TEXT NOT NULL", id_field,
                                field{"name", &shelf::name, "s.name"}) ==
        "the description of Shelf, field \"id\": the column id of shelves_shelf is not the id of the rows; declare it INTEGER "
        "PRIMARY KEY");
    CHECK(
        misfits_with_name_index("id INTEGER, name TEXT NOT NULL, PRIMARY KEY (name, id)", id_field,
                                field{"name", &shelf::name, "s.name"}) ==
        "the description of Shelf, field \"id\": the column id of shelves_shelf is not the id of the rows; declare it INTEGER "
        "PRIMARY KEY");
}

TEST_CASE("the second column of a primary key is a misfit if no field fills it") {
    CHECK(misfits_with_name_index("id INTEGER, name TEXT NOT NULL, color TEXT NOT NULL, PRIMARY KEY (id, color)", id_field,
                                  field{"name", &shelf::name, "s.name"})
              .find("has no field for the column color") != std::string::npos);
}

TEST_CASE("texts that are compared without regard to case need a column with the collation NOCASE") {
    const auto expected =
        about_name("is compared without regard to case, but has the collation BINARY; declare it COLLATE NOCASE");
    const auto by_prefix = field{"name", &shelf::name, "s.name"}.filter(prefix);
    CHECK(misfit_of_name(name_index, "", by_prefix) == expected);
    CHECK(misfit_of_name(name_index, " COLLATE NOCASE", by_prefix) == "");
    const auto without_case = field{"name", &shelf::name, "s.name"}.ignore_case();
    CHECK(misfit_of_name(name_index, "", without_case) == expected);
    CHECK(misfit_of_name(name_index, " COLLATE NOCASE", without_case) == "");

    const shelves_fixture f{"CREATE TABLE shelves_shelf (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT; " +
                            std::string{name_index}};
    CHECK(f.misfits(describe<shelf>("Shelf", "", table{"shelves_shelf", "s"}, search{"search", {"name"}}, id_field,
                                    field{"name", &shelf::name, "s.name"})) == expected);
}

TEST_CASE("a search needs an index for each of its fields") {
    const shelves_fixture f{"CREATE TABLE shelves_shelf (id INTEGER PRIMARY KEY, name TEXT NOT NULL COLLATE NOCASE) STRICT"};
    CHECK(f.misfits(describe<shelf>("Shelf", "", table{"shelves_shelf", "s"}, search{"search", {"name"}}, id_field,
                                    field{"name", &shelf::name, "s.name"})) ==
          about_name("has no index, but lists are filtered or sorted by it; add the index by a migration"));
}

TEST_CASE("lists cannot use a partial index") {
    constexpr auto partial = "CREATE INDEX shelves_shelf_name ON shelves_shelf (name) WHERE name <> '';";
    CHECK(misfit_of_name(partial, "", sorted_name) == about_index_of_name("has a WHERE"));
    CHECK(misfit_of_name(partial, "", filtered_name) == about_index_of_name("has a WHERE"));
}

TEST_CASE("lists cannot use an index whose collation differs from that of its column") {
    constexpr auto other = "CREATE INDEX shelves_shelf_name ON shelves_shelf (name COLLATE BINARY);";
    CHECK(misfit_of_name(other, " COLLATE NOCASE", filtered_name) ==
          about_index_of_name("has the collation BINARY instead of NOCASE"));
    CHECK(misfit_of_name(other, "", filtered_name) == "");
}

TEST_CASE("a sorted list needs an index of the column that continues with the id") {
    constexpr auto descending = "CREATE INDEX shelves_shelf_name ON shelves_shelf (name DESC);";
    constexpr auto longer = "CREATE INDEX shelves_shelf_name ON shelves_shelf (name, width);";
    constexpr auto with_id = "CREATE INDEX shelves_shelf_name ON shelves_shelf (name, id);";
    constexpr auto covering = "CREATE INDEX shelves_shelf_name ON shelves_shelf (name, id, width);";
    CHECK(misfit_of_name(descending, "", sorted_name) == about_index_of_name("is descending"));
    CHECK(misfit_of_name(longer, "", sorted_name) == about_index_of_name("does not continue with the id"));
    CHECK(misfit_of_name(with_id, "", sorted_name) == "");
    CHECK(misfit_of_name(covering, "", sorted_name) == "");
    CHECK(misfit_of_name("", " UNIQUE", sorted_name) == "");
    CHECK(misfit_of_name(longer, "", filtered_name) == "");
    CHECK(misfit_of_name(std::string{longer} + "CREATE INDEX shelves_second ON shelves_shelf (name);", "", sorted_name) == "");
}

TEST_CASE("lists cannot use an index that begins with another column or an expression") {
    const auto no_index = about_name("has no index, but lists are filtered or sorted by it; add the index by a migration");
    CHECK(misfit_of_name("CREATE INDEX shelves_shelf_width ON shelves_shelf (width, name);", "", filtered_name) == no_index);
    CHECK(misfit_of_name("CREATE INDEX shelves_shelf_name ON shelves_shelf (lower(name));", "", filtered_name) == no_index);
}

namespace {

/// The misfits between a table with these indexes and a description that lists an index on name, id and width.
std::string misfits_of_named_index(std::string_view indexes) {
    const shelves_fixture f{"CREATE TABLE shelves_shelf (id INTEGER PRIMARY KEY, width INTEGER NOT NULL,"
                            " name TEXT NOT NULL COLLATE NOCASE) STRICT; " +
                            std::string{indexes}};
    return f.misfits(describe<shelf>(
        "Shelf", "", table{.name = "shelves_shelf", .alias = "s", .indexes = {{"name", "id", "width"}}}, id_field,
        field{"name", &shelf::name, "s.name"}.filter(prefix).sort(), field{"width", &shelf::width, "s.width"}));
}

} // namespace

TEST_CASE("for each index in a description, the table needs an index that begins with the same columns in the same order") {
    const std::string misfit =
        "the description of Shelf names an index that shelves_shelf does not have; add an index on (name, "
        "id, width) by a migration, or correct the indexes of the description";
    CHECK(misfits_of_named_index("CREATE INDEX shelves_all ON shelves_shelf (name, id, width)") == "");
    CHECK(misfits_of_named_index("CREATE INDEX shelves_all ON shelves_shelf (name, id, width, width + 1)") == "");
    const std::string plain = "CREATE INDEX shelves_name ON shelves_shelf (name);";
    for (const auto* other : {"", "CREATE INDEX shelves_all ON shelves_shelf (name, id)",
                              "CREATE INDEX shelves_all ON shelves_shelf (name, width, id)",
                              "CREATE INDEX shelves_all ON shelves_shelf (name COLLATE BINARY, id, width)",
                              "CREATE INDEX shelves_all ON shelves_shelf (name, id DESC, width)",
                              "CREATE INDEX shelves_all ON shelves_shelf (name, id, width) WHERE width > 0"}) {
        INFO(other);
        CHECK(misfits_of_named_index(plain + other) == misfit);
    }
}

TEST_CASE("if an index in a description lacks the id, the table needs an index with the same columns, then the id or nothing") {
    const auto misfits = [](std::string_view columns) {
        const shelves_fixture f{"CREATE TABLE shelves_shelf (id INTEGER PRIMARY KEY, width INTEGER NOT NULL,"
                                " name TEXT NOT NULL) STRICT; CREATE INDEX shelves_all ON shelves_shelf " +
                                std::string{columns}};
        return f.misfits(describe<shelf>("Shelf", "",
                                         table{.name = "shelves_shelf", .alias = "s", .indexes = {{"width", "name"}}}, id_field,
                                         field{"name", &shelf::name, "s.name"}, field{"width", &shelf::width, "s.width"}));
    };
    CHECK(misfits("(width, name)") == "");
    CHECK(misfits("(width, name, id)") == "");
    CHECK(misfits("(width, name, width + 1)").find("add an index on (width, name) by a migration") != std::string::npos);
}

TEST_CASE("a unique field needs a unique index of only its column") {
    const auto unique_name = field{"name", &shelf::name, "s.name"}.filter(equal).unique();
    const auto expected =
        about_name("has no unique index, but the field is unique; declare the column UNIQUE by a migration, or "
                   "leave out .unique()");
    CHECK(misfit_of_name("", " UNIQUE", unique_name) == "");
    CHECK(misfit_of_name("CREATE UNIQUE INDEX shelves_name ON shelves_shelf (name)", "", unique_name) == "");
    CHECK(misfit_of_name("CREATE INDEX shelves_name ON shelves_shelf (name)", "", unique_name) == expected);
    const std::string plain = "CREATE INDEX shelves_name ON shelves_shelf (name);";
    for (const auto* other : {"(name, width)", "(name COLLATE NOCASE)", "(name) WHERE name <> ''"}) {
        INFO(other);
        CHECK(misfit_of_name(plain + "CREATE UNIQUE INDEX shelves_unique ON shelves_shelf " + other, "", unique_name) ==
              expected);
    }
}

namespace {

/// The misfits of books whose authors are found by this index, these joins and this lookup.
std::string misfits_of_books(std::string_view index, std::string_view joins, lookup lookup) {
    const shelves_fixture f{"CREATE TABLE shelves_author (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;"
                            "CREATE TABLE shelves_book (id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL) STRICT;" +
                            std::string{index}};
    return f.misfits(describe<book>(
        "Book", "", table{"shelves_book", "b", joins}, field{"id", &book::id, "b.id"}.as(role::identifier),
        field{"author_id", &book::author_id, "b.author_id"}, field{"author", &book::author, "a.name"}.filter(equal, lookup)));
}

constexpr std::string_view both_indexes = "CREATE INDEX shelves_book_author_id ON shelves_book (author_id);"
                                          "CREATE INDEX shelves_author_name ON shelves_author (name);";
constexpr std::string_view author_join = " CROSS JOIN shelves_author AS a ON a.id = b.author_id";
constexpr lookup by_author{"b.author_id", "SELECT id FROM shelves_author WHERE name = ?1"};

} // namespace

TEST_CASE("a lookup must name an existing column that has an index, and its query needs an index as well") {
    CHECK(misfits_of_books(both_indexes, author_join, by_author) == "");
    CHECK(
        misfits_of_books("CREATE INDEX shelves_author_name ON shelves_author (name);", author_join, by_author) ==
        "the description of Book, field \"author\": the column author_id of shelves_book has no index, but lists are filtered "
        "or sorted by it; add the index by a migration");
    CHECK(misfits_of_books("CREATE INDEX shelves_book_author_id ON shelves_book (author_id);", author_join, by_author) ==
          "the description of Book, field \"author\": its lookup \"SELECT id FROM shelves_author WHERE name = ?1\" reads every "
          "row of shelves_author; add an index by a migration");
    CHECK(misfits_of_books(both_indexes, author_join, {"b.writer_id", by_author.query}) ==
          "the description of Book, field \"author\": the table shelves_book has no column writer_id, which its lookup names; "
          "correct the name");
}

TEST_CASE("a join that cannot be run, or that reads a whole table, is a misfit") {
    CHECK(misfits_of_books(both_indexes, " CROSS JOIN shelves_author AS a ON a.key = b.author_id", by_author)
              .find("the description of Book: the join of shelves_book cannot be run (") == 0);
    CHECK(misfits_of_books(both_indexes, " CROSS JOIN shelves_author AS a ON a.id + 0 = b.author_id", by_author) ==
          "the description of Book: the join of shelves_book reads every row of a; add an index by a migration");
}

} // namespace atrium::entity

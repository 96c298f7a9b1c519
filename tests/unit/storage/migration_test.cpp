#include "fixture.hpp"

#include <support/catch.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace atrium::storage {
namespace {

using sqlite::open_error;
using sqlite::sqlite_database;

/// A database file that is opened by several versions of the program in turn.
struct versions {
    /// Opens the database with these migrations of `users` and applies them.
    void apply(std::vector<migration> list) {
        const std::vector<schema> schemas{{"users", list}};
        open(schemas)->migrate();
    }

    [[nodiscard]] std::unique_ptr<sqlite_database> open(const std::vector<schema>& schemas) {
        return std::make_unique<sqlite_database>(sqlite::settings{.path = path}, schemas, metrics, logger{});
    }

    support::temporary_directory folder;
    std::filesystem::path path = folder / "test.db";
    metrics::registry metrics;
};

constexpr migration first{1, "0001_first", "CREATE TABLE users_a (id INTEGER PRIMARY KEY); INSERT INTO users_a VALUES (7);\n"};
constexpr migration second{2, "0002_second",
                           "-- more\nALTER TABLE users_a ADD COLUMN name TEXT;\nCREATE INDEX users_a_name ON users_a (name);"};

TEST_CASE("pending migrations are listed, applied in order, and then no longer pending") {
    versions v;
    const std::vector<migration> list{first, second};
    auto db = v.open({{"users", list}});
    const auto pending = db->pending();
    REQUIRE(pending.size() == 2);
    CHECK(pending[0].owner == "users");
    CHECK(pending[0].version == 1);
    CHECK(pending[1].name == "0002_second");

    CHECK(db->migrate().size() == 2);
    CHECK(db->pending().empty());
    CHECK(db->migrate().empty());
    const auto applied = db->applied();
    REQUIRE(applied.size() == 2);
    CHECK(applied[0].owner == "users");
    CHECK(applied[0].applied <= applied[1].applied);
    CHECK(applied[0].applied > system_clock{}.now() - std::chrono::minutes{1});
    db.reset();
    CHECK(v.open({{"users", list}})->pending().empty());
}

TEST_CASE("opening a database does not migrate it, and a database with pending migrations does not start") {
    versions v;
    const std::vector<migration> list{first};
    auto db = v.open({{"users", list}});
    CHECK_THROWS_WITH(db->start({}), Catch::Matchers::ContainsSubstring("atrium migrate"));
    db.reset();
    CHECK(v.open({{"users", list}})->pending().size() == 1);
}

TEST_CASE("only the missing migrations are applied to an older database") {
    versions v;
    v.apply({first});
    const std::vector<migration> list{first, second};
    auto db = v.open({{"users", list}});
    CHECK(db->migrate().size() == 1);
    db->start({});
    CHECK(run_here(store{*db, "users"}.read([](snapshot& s) -> result<std::int64_t> {
              return s.query_integer("SELECT id FROM users_a WHERE name IS NULL").value_or(-1);
          })).value() == 7);
}

TEST_CASE("a migration that fails is rolled back and named in the error, and the migrations before it are kept") {
    versions v;
    const migration faulty{2, "0002_faulty", "CREATE TABLE users_b (id INTEGER); INSERT INTO users_c VALUES (1);"};
    const std::vector<migration> list{first, faulty};
    auto db = v.open({{"users", list}});
    CHECK_THROWS_WITH(db->migrate(),
                      Catch::Matchers::ContainsSubstring("users/0002_faulty") && Catch::Matchers::ContainsSubstring("users_c"));
    CHECK(db->pending().size() == 1);
    db.reset();

    const std::vector<migration> corrected{first, {2, "0002_corrected", "CREATE TABLE users_b (id INTEGER);"}};
    CHECK(v.open({{"users", corrected}})->migrate().size() == 1);
}

TEST_CASE("a database is refused if an applied migration was edited, and the error names the migration") {
    versions v;
    v.apply({first});
    const std::vector<migration> edited{{1, "0001_first", "CREATE TABLE users_a (id INTEGER);"}};
    CHECK_THROWS_AS(v.open({{"users", edited}}), open_error);
    CHECK_THROWS_WITH(v.open({{"users", edited}}), Catch::Matchers::ContainsSubstring("users/0001_first") &&
                                                       Catch::Matchers::ContainsSubstring("new migration"));
}

TEST_CASE("a database that a newer version of the program has migrated is refused") {
    versions v;
    v.apply({first, second});
    const std::vector<migration> list{first};
    CHECK_THROWS_WITH(v.open({{"users", list}}),
                      Catch::Matchers::ContainsSubstring("newer") && Catch::Matchers::ContainsSubstring("users/0002_second"));
}

TEST_CASE("a database whose record of applied migrations lacks a version is refused") {
    versions v;
    v.apply({first, second});
    run_outside(v.path, "DELETE FROM storage_migration WHERE version = 1");
    const std::vector<migration> list{first, second};
    CHECK_THROWS_WITH(v.open({{"users", list}}), Catch::Matchers::ContainsSubstring("without version 1"));
}

TEST_CASE("tables of a module that this program does not have are ignored") {
    versions v;
    v.apply({first});
    CHECK(v.open({})->pending().empty());
}

TEST_CASE("embedded migrations with a gap, a duplicate or an invalid owner are a programming error") {
    versions v;
    const std::vector<migration> gap{second};
    const std::vector<migration> twice{first, first};
    const std::vector<migration> good{first};
    CHECK_THROWS_AS(v.open({{"users", gap}}), std::logic_error);
    CHECK_THROWS_AS(v.open({{"users", twice}}), std::logic_error);
    CHECK_THROWS_AS(v.open({{"users", good}, {"users", good}}), std::logic_error);
    for (const auto* owner : {"", "my_users", "Users", "sqlite", "storage", "7users"}) {
        INFO(owner);
        CHECK_THROWS_AS(v.open({{owner, good}}), std::logic_error);
    }
}

TEST_CASE("a migration can create, alter, rebuild and drop objects whose names begin with its owner's name") {
    versions v;
    v.apply({{1, "0001_all", R"(
        CREATE TABLE users_a (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE);
        CREATE TABLE users_child (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL REFERENCES users_a ON DELETE CASCADE) STRICT;
        CREATE VIEW users_names AS SELECT name FROM users_a;
        CREATE TRIGGER users_lower AFTER INSERT ON users_a BEGIN UPDATE users_a SET name = lower(name) WHERE id = new.id; END;
        INSERT INTO users_a (name) VALUES ('ANN');
        INSERT INTO users_child VALUES (1, 1);
        ALTER TABLE users_child ADD COLUMN age INTEGER NOT NULL DEFAULT 0 CHECK (age >= 0);
        DROP VIEW users_names;
        DROP TRIGGER users_lower;
        CREATE TABLE users_new (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL) STRICT;
        INSERT INTO users_new SELECT id, name FROM users_a;
        DROP TABLE users_a;
        ALTER TABLE users_new RENAME TO users_a;
        ALTER TABLE users_a RENAME COLUMN name TO title;
        UPDATE sqlite_sequence SET seq = 100 WHERE name = 'users_a';
        CREATE UNIQUE INDEX users_a_title ON users_a (title);
        DROP INDEX users_a_title;
    )"}});
    run_outside(v.path, "CREATE TABLE check_it AS SELECT 1; DROP TABLE check_it");
}

TEST_CASE("a migration cannot use objects whose names do not begin with its owner's name") {
    constexpr migration orders{1, "0001_orders", "CREATE TABLE orders_order (id INTEGER PRIMARY KEY, product TEXT);"};
    for (const auto* sql :
         {"CREATE TABLE orders_more (id INTEGER)", "CREATE TABLE account (id INTEGER)", "DROP TABLE orders_order",
          "ALTER TABLE orders_order ADD COLUMN x", "INSERT INTO orders_order VALUES (1, 'x')", "SELECT * FROM orders_order",
          "CREATE INDEX users_i ON orders_order (product)", "CREATE INDEX orders_i ON users_a (id)",
          "CREATE TRIGGER users_t AFTER INSERT ON orders_order BEGIN SELECT 1; END", "ALTER TABLE users_a RENAME TO orders_a",
          "ALTER TABLE users_a RENAME TO a", "DROP TABLE storage_migration", "CREATE TEMP TABLE users_t (id INTEGER)", "COMMIT",
          "BEGIN", "PRAGMA foreign_keys = OFF", "ATTACH ':memory:' AS x",
          "CREATE VIEW users_v AS SELECT product FROM orders_order; SELECT * FROM users_v"}) {
        versions v;
        const std::vector<migration> users_list{first, {2, "0002_bad", sql}};
        const std::vector<migration> orders_list{orders};
        auto db = v.open({{"orders", orders_list}, {"users", users_list}});
        INFO(sql);
        CHECK_THROWS_WITH(db->migrate(), Catch::Matchers::ContainsSubstring("users/0002_bad"));
        CHECK(db->pending().size() == 1);
    }
}

TEST_CASE("a migration that leaves a row without its parent is refused") {
    versions v;
    const std::vector<migration> list{{1, "0001_orphan", R"(
        CREATE TABLE users_a (id INTEGER PRIMARY KEY);
        CREATE TABLE users_child (parent INTEGER REFERENCES users_a);
        INSERT INTO users_child VALUES (5);
    )"}};
    CHECK_THROWS_WITH(v.open({{"users", list}})->migrate(), Catch::Matchers::ContainsSubstring("users_child"));
}

TEST_CASE("foreign keys are enforced again after the migrations") {
    versions v;
    const std::vector<migration> list{{1, "0001_keys", R"(
        CREATE TABLE users_a (id INTEGER PRIMARY KEY);
        CREATE TABLE users_child (parent INTEGER NOT NULL REFERENCES users_a);
    )"}};
    auto db = v.open({{"users", list}});
    db->migrate();
    db->start({});
    const auto orphan = [](transaction& t) -> result<int> {
        t.execute("INSERT INTO users_child VALUES (5)");
        return 0;
    };
    CHECK_THROWS_WITH(run_here(store{*db, "users"}.write(orphan)), Catch::Matchers::ContainsSubstring("FOREIGN KEY"));
}

} // namespace
} // namespace atrium::storage

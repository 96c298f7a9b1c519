#include <storage/sqlite/database.hpp>
#include <storage/sqlite/visitor.hpp>
#include <support/broken_database.hpp>
#include <support/catch.hpp>
#include <support/run.hpp>
#include <support/temporary_directory.hpp>

#include <array>
#include <filesystem>
#include <stdexcept>
#include <string>

using namespace atrium;
using namespace atrium::storage;
using sqlite::visitor;
using support::run;

namespace {

constexpr std::array migrations{migration{1, "0001_things", "CREATE TABLE probe_thing (name TEXT NOT NULL UNIQUE) STRICT;"}};
const std::array schemas{schema{"probe", migrations}};

/// An up-to-date database in a file, which a server may use.
struct visited_fixture {
    visited_fixture() {
        open();
        close();
    }
    ~visited_fixture() { close(); }

    void open() {
        database.emplace(sqlite::settings{.path = file}, schemas, metrics, logger{});
        database->migrate();
        database->start(support::abort_for_broken_database);
    }
    void close() {
        if (database)
            database->close();
        database.reset();
    }
    [[nodiscard]] std::int64_t count_in_server() {
        return run(storage::store{*database, "probe"}.read([](snapshot& s) -> result<std::int64_t> {
                   return *s.query_integer("SELECT count(*) FROM probe_thing");
               }))
            .value();
    }
    static result<> insert(visitor& v, std::string_view name, bool is_kept = true) {
        return v.write([&](transaction& t) -> result<> {
            t.execute("INSERT INTO probe_thing (name) VALUES (?1)", name);
            return is_kept ? result<>{} : error{.code = errc::conflict};
        });
    }
    static std::int64_t count(visitor& v) {
        return v.read([](snapshot& s) { return *s.query_integer("SELECT count(*) FROM probe_thing"); });
    }

    support::temporary_directory folder;
    std::filesystem::path file = folder / "visited.db";
    metrics::registry metrics;
    std::optional<sqlite::sqlite_database> database;
};

} // namespace

TEST_CASE("a visitor changes a database that no server uses, and leaves no write-ahead log behind") {
    visited_fixture fixture;
    {
        visitor guest{fixture.file, schemas, "probe"};
        CHECK(fixture.insert(guest, "a"));
        CHECK(fixture.count(guest) == 1);
    }
    CHECK_FALSE(std::filesystem::exists(fixture.file.string() + "-wal"));
    fixture.open();
    CHECK(fixture.count_in_server() == 1);
}

TEST_CASE("a visitor changes a database while a server uses it") {
    visited_fixture fixture;
    fixture.open();
    {
        visitor guest{fixture.file, schemas, "probe"};
        CHECK(fixture.insert(guest, "a"));
        CHECK(fixture.count_in_server() == 1);
        CHECK(run(storage::store{*fixture.database, "probe"}.write([](transaction& t) -> result<> {
            t.execute("INSERT INTO probe_thing (name) VALUES ('b')");
            return {};
        })));
        CHECK(fixture.count(guest) == 2);
        CHECK(fixture.insert(guest, "c"));
    }
    CHECK(fixture.count_in_server() == 3);
    fixture.close();
    fixture.open();
    CHECK(fixture.count_in_server() == 3);
}

TEST_CASE("a visitor undoes a change that fails") {
    visited_fixture fixture;
    visitor guest{fixture.file, schemas, "probe"};
    CHECK_FALSE(fixture.insert(guest, "a", false));
    CHECK(fixture.insert(guest, "b"));
    CHECK_THROWS_AS(fixture.insert(guest, "b"), failure);
    CHECK_THROWS_AS(guest.write([](transaction& t) -> result<> {
        t.execute("INSERT INTO probe_thing (name) VALUES ('c')");
        throw std::runtime_error{"no"};
    }),
                    std::runtime_error);
    CHECK(fixture.count(guest) == 1);
}

TEST_CASE("a visitor uses only the tables of its owner") {
    visited_fixture fixture;
    visitor guest{fixture.file, schemas, "other"};
    CHECK_THROWS_AS(fixture.count(guest), failure);
    CHECK_THROWS_AS(fixture.insert(guest, "a"), failure);
}

TEST_CASE("a visitor needs an existing database that is up to date") {
    visited_fixture fixture;
    CHECK_THROWS_AS((visitor{fixture.folder / "none.db", schemas, "probe"}), sqlite::open_error);
    CHECK_FALSE(std::filesystem::exists(fixture.folder / "none.db"));
    const std::array newer{migrations[0], migration{2, "0002_more", "CREATE TABLE probe_more (name TEXT) STRICT;"}};
    const std::array newer_schemas{schema{"probe", newer}};
    CHECK_THROWS_AS((visitor{fixture.file, newer_schemas, "probe"}), sqlite::open_error);
}

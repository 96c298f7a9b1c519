#include "background.hpp"
#include "fixture.hpp"

#include <storage/unknown_commit.hpp>
#include <support/catch.hpp>
#include <support/eventually.hpp>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace atrium::storage {
namespace {

using outcome = result<std::int64_t>;
using support::eventually;

/// A running database with one account, in a folder that can be renamed.
struct watched_database {
    watched_database() { REQUIRE(add("ann").has_value()); }

    outcome add(const std::string& name) {
        return run_here(store{*opened, "users"}.write([&](transaction& t) -> outcome { return add_account(t, name); }));
    }
    outcome count() {
        return run_here(store{*opened, "users"}.read(
            [](snapshot& s) -> outcome { return s.query_integer("SELECT count(*) FROM users_account").value(); }));
    }
    std::unique_ptr<sqlite::sqlite_database> open() {
        auto created = std::make_unique<sqlite::sqlite_database>(sqlite::settings{.path = path}, schemas, metrics, logger{});
        created->migrate();
        created->start([this] { ++stop_reports; });
        return created;
    }
    void open_again() {
        opened.reset();
        opened = open();
    }
    /// The path of the database file with this ending: "-wal", or "" for the database file itself.
    [[nodiscard]] std::filesystem::path sibling(const char* ending) const { return path.string() + ending; }

    support::temporary_directory parent;
    std::filesystem::path folder = parent / "data";
    std::filesystem::path path = folder / "test.db";
    std::array<schema, 2> schemas = test_schemas();
    metrics::registry metrics;
    std::atomic<int> stop_reports = 0; ///< how often the database has reported that the process must stop
    std::unique_ptr<sqlite::sqlite_database> opened = open();
};

/// A way to move files of a running database away, and back.
struct disturbance {
    const char* name;
    std::function<void(const watched_database&)> begin;
    std::function<void(const watched_database&)> end;
};

std::vector<disturbance> disturbances() {
    using std::filesystem::rename;
    const auto file_away = [](const char* ending) {
        return disturbance{ending, [ending](const auto& db) { rename(db.sibling(ending), db.parent / "away"); },
                           [ending](const auto& db) { rename(db.parent / "away", db.sibling(ending)); }};
    };
    return {file_away(""),
            file_away("-wal"),
            file_away("-shm"),
            {"folder", [](const auto& db) { rename(db.folder, db.parent / "renamed"); },
             [](const auto& db) { rename(db.parent / "renamed", db.folder); }},
            {"replaced",
             [](const auto& db) {
                 std::filesystem::copy_file(db.path, db.parent / "copy");
                 rename(db.path, db.parent / "away");
                 rename(db.parent / "copy", db.path);
             },
             [](const auto& db) { rename(db.parent / "away", db.path); }}};
}

TEST_CASE("while a file of the database is missing, requests are refused, and all data is there when the file is back") {
    const bool is_noticed_by_commit = GENERATE(true, false);
    for (const auto& each : disturbances()) {
        INFO("away: " << each.name);
        watched_database db;
        each.begin(db);
        if (!is_noticed_by_commit)
            eventually([&] { return db.opened->healthy().has_error(); }, std::chrono::seconds{5});
        const auto refused = db.add("ben");
        REQUIRE(refused.has_error());
        CHECK(refused.error().code == errc::unavailable);
        CHECK(db.count().has_error());
        REQUIRE(db.opened->healthy().has_error());
        CHECK_THAT(db.opened->healthy().error().detail, Catch::Matchers::ContainsSubstring("the "));
        CHECK(db.opened->has_lost_file());

        each.end(db);
        eventually([&] { return db.opened->healthy().has_value(); });
        CHECK(db.add("cleo").has_value());
        CHECK(db.count().value() == 2);
        db.open_again();
        CHECK(db.count().value() == 2);
        CHECK(db.stop_reports == 0);
        CHECK(is_intact(db.path));
    }
}

TEST_CASE("if a file stays missing, the database reports that the process must stop, and acknowledged changes are kept") {
    const auto all = disturbances();
    // All databases are tested at the same time, because each one takes several seconds.
    std::vector<std::unique_ptr<watched_database>> databases;
    for (const auto& each : all)
        each.begin(*databases.emplace_back(std::make_unique<watched_database>()));
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < all.size(); ++i) {
        INFO("away: " << all[i].name);
        auto& db = *databases[i];
        eventually([&] { return db.stop_reports == 1; });
        // A file may be missing for five seconds. The check allows less, because `start` is later than the move.
        CHECK(std::chrono::steady_clock::now() - start >= std::chrono::seconds{4});
        db.opened.reset();
        all[i].end(db);
        db.open_again();
        CHECK(db.count().value() == 1);
        CHECK(db.stop_reports == 1);
        CHECK(is_intact(db.path));
    }
}

TEST_CASE("a database that was closed while its file was missing is not created again") {
    watched_database db;
    db.open_again(); // empties the write-ahead log
    std::filesystem::rename(db.path, db.parent / "away");
    eventually([&] { return db.opened->healthy().has_error(); });
    db.opened.reset();
    CHECK_THROWS_WITH(db.open(), Catch::Matchers::ContainsSubstring("put the file back"));
    CHECK_FALSE(std::filesystem::exists(db.path));
    std::filesystem::rename(db.parent / "away", db.path);
    db.open_again();
    CHECK(db.count().value() == 1);
}

TEST_CASE("if the database file disappears during a commit, a change has an unknown outcome, and a write without changes is "
          "refused") {
    watched_database db;
    const store accounts{*db.opened, "users"};
    const auto move_away = [&] { std::filesystem::rename(db.path, db.parent / "away"); };
    const auto move_back = [&] {
        std::filesystem::rename(db.parent / "away", db.path);
        eventually([&] { return db.opened->healthy().has_value(); });
    };
    try {
        (void)run_here(accounts.write([&](transaction& t) -> outcome {
            move_away();
            return add_account(t, "ben");
        }));
        FAIL("the change returned as if its outcome were known");
    } catch (const unknown_commit&) {
        CHECK_FALSE(is_temporary(std::current_exception())); // a temporary failure would be tried again
    }
    move_back();
    CHECK(db.count().value() == 2); // in this case the change was stored

    const auto refused = run_here(accounts.write([&](transaction&) -> outcome {
        move_away();
        return error{.code = errc::conflict, .detail = "taken"};
    }));
    CHECK(refused.error().code == errc::unavailable);
    move_back();
}

TEST_CASE("the write-ahead log of a moved database file is not applied to another file that is put in its place later") {
    watched_database db;
    watched_database backup;
    REQUIRE(backup.add("zoe").has_value());
    backup.opened->close();
    std::filesystem::rename(db.path, db.parent / "bad.db");
    eventually([&] { return db.opened->healthy().has_error(); });
    db.opened.reset();
    std::filesystem::copy_file(backup.path, db.path);
    db.open_again();
    CHECK(db.count().value() == 2);
    CHECK(is_intact(db.path));
}

TEST_CASE("changes that were made to a moved database file at another path are kept when it is moved back") {
    watched_database db;
    const auto home = db.path;
    const auto elsewhere = db.parent / "elsewhere.db";
    std::filesystem::rename(home, elsewhere);
    eventually([&] { return db.opened->healthy().has_error(); });
    db.opened.reset();
    db.path = elsewhere;
    db.open_again();
    REQUIRE(db.add("zoe").has_value());
    db.opened.reset();
    std::filesystem::rename(elsewhere, home);
    db.path = home;
    db.open_again();
    CHECK(db.count().value() == 2);
    CHECK(is_intact(db.path));
}

TEST_CASE("a write-ahead log that is moved back after the database was used without it has no effect") {
    watched_database db;
    std::filesystem::rename(db.sibling("-wal"), db.parent / "log");
    eventually([&] { return db.opened->healthy().has_error(); });
    db.open_again();
    REQUIRE(db.add("zoe").has_value());
    db.opened.reset();
    std::filesystem::rename(db.parent / "log", db.sibling("-wal"));
    db.open_again();
    CHECK(db.count().value() == 2);
    CHECK(is_intact(db.path));
}

TEST_CASE("the write-ahead log of a removed or replaced database file is not applied to the next file") {
    watched_database db;
    watched_database other;
    REQUIRE(other.add("zoe").has_value());
    other.opened->close();
    const bool is_replaced = GENERATE(false, true);
    if (is_replaced)
        std::filesystem::rename(other.path, db.path);
    else
        std::filesystem::remove(db.path);
    eventually([&] { return db.opened->healthy().has_error(); });
    db.open_again();
    CHECK(db.count().value() == (is_replaced ? 2 : 0));
    CHECK(is_intact(db.path));
}

} // namespace
} // namespace atrium::storage

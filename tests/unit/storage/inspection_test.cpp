#include "fixture.hpp"

#include <storage/sqlite/inspection.hpp>
#include <support/catch.hpp>

#include <fstream>
#include <map>
#include <sstream>
#include <string>

namespace atrium::storage {
namespace {

using sqlite::inspection;
using sqlite::open_error;

/// The names of all files of a folder, with their bytes.
using contents = std::map<std::string, std::string>;

contents contents_of(const std::filesystem::path& folder) {
    contents all;
    for (const auto& each : std::filesystem::directory_iterator{folder}) {
        std::ifstream in{each.path(), std::ios::binary};
        std::ostringstream bytes;
        bytes << in.rdbuf();
        all.emplace(each.path().filename().string(), bytes.str());
    }
    return all;
}

struct finding {
    std::size_t pending;
    bool intact;
};

/// Looks at "test.db" in the folder, in which nothing may have changed afterwards.
finding look(const support::temporary_directory& folder) {
    const auto before = contents_of(folder.path());
    finding found{};
    {
        const auto schemas = test_schemas();
        inspection database{folder / "test.db", schemas, logger{}};
        found = {database.pending().size(), database.check_integrity().empty()};
    }
    CHECK(contents_of(folder.path()) == before);
    return found;
}

/// Copies what an open database has on disk, as a crash would leave it.
void copy_as_crashed(const running_database& from, const support::temporary_directory& to) {
    for (const auto* ending : {"", "-wal", "-shm", ".lock"})
        std::filesystem::copy_file(from.path().string() + ending, to / ("test.db" + std::string{ending}));
}

TEST_CASE("looking at a database that was closed in order changes nothing") {
    running_database db;
    db.opened->close();
    const auto found = look(db.folder);
    CHECK(found.pending == 0);
    CHECK(found.intact);

    std::filesystem::remove(db.path().string() + ".lock"); // a copy that no server has had yet
    CHECK(look(db.folder).intact);
}

TEST_CASE("looking at an empty file leaves it empty") {
    const support::temporary_directory folder;
    std::ofstream{folder / "test.db"}.flush();
    const auto found = look(folder);
    CHECK(found.pending == test_schemas().size());
    CHECK(found.intact);
}

TEST_CASE("what a crash left in the write-ahead log is seen, and stays there") {
    const running_database db; // whose migrations are in that log alone
    const support::temporary_directory crashed;
    copy_as_crashed(db, crashed);
    CHECK(look(crashed).pending == 0);

    std::filesystem::remove(crashed / "test.db-shm"); // a copy of what cannot be made again
    const auto found = look(crashed);
    CHECK(found.pending == 0);
    CHECK(found.intact);
}

TEST_CASE("a name with characters of its own in a URI is a name like any other") {
    const support::temporary_directory folder;
    const auto path = folder / "50% off?#1.db";
    run_outside(path, "CREATE TABLE their_table (id INTEGER)");
    const auto schemas = test_schemas();
    CHECK_THROWS_WITH((inspection{path, schemas, logger{}}), Catch::Contains("another program"));
}

TEST_CASE("a database in use is looked at as it is, and goes on") {
    running_database db;
    const auto add = [](transaction& t) -> result<std::int64_t> { return add_account(t, "ann"); };
    {
        inspection look{db.path(), db.schemas, logger{}};
        CHECK(look.pending().empty());
        CHECK(look.check_integrity().empty());
        CHECK(run_here(db.users.write(add)).has_value());
        CHECK(look.check_integrity().empty());
    }
    CHECK(db.count("SELECT count(*) FROM users_account") == 1);
    CHECK(db.opened->healthy().has_value());
}

TEST_CASE("a server starts on a database that is looked at, and the look is right all the same") {
    const bool leaves_log = GENERATE(false, true);
    running_database db;
    support::temporary_directory crashed;
    copy_as_crashed(db, crashed);
    db.opened->close();
    const auto path = leaves_log ? crashed / "test.db" : db.path();

    inspection look{path, db.schemas, logger{}};
    metrics::registry metrics;
    sqlite::sqlite_database server{{.path = path}, db.schemas, metrics, logger{}};
    server.start({});
    const auto added = run_here(store{server, "users"}.write([](transaction& t) -> result<int> {
        for (int i = 0; i < 20'000; ++i) // more than a checkpoint waits for
            add_account(t, std::to_string(i) + std::string(1000, 'x'));
        return 0;
    }));
    REQUIRE(added.has_value());
    CHECK(look.check_integrity().empty());
    CHECK(server.healthy().has_value());
}

TEST_CASE("a file with several hard links is refused by a look as by a server") {
    running_database db;
    db.opened->close();
    std::filesystem::create_hard_link(db.path(), db.folder / "other.db");
    CHECK_THROWS_WITH((inspection{db.path(), db.schemas, logger{}}), Catch::Contains("hard links"));
}

TEST_CASE("what is no database, or none of this program, is refused as by a server") {
    const support::temporary_directory folder;
    const auto schemas = test_schemas();
    std::ofstream{folder / "notes.txt"} << std::string(5000, 'x');
    CHECK_THROWS_WITH((inspection{folder / "notes.txt", schemas, logger{}}), Catch::Contains("not a database"));
    CHECK_THROWS_WITH((inspection{folder / "nothing.db", schemas, logger{}}), Catch::Contains("nothing.db"));
    CHECK_THROWS_WITH((inspection{folder.path(), schemas, logger{}}), Catch::Contains("is a folder"));
    CHECK(contents_of(folder.path()).size() == 1);
}

TEST_CASE("an intact database has no findings, a damaged one has some") {
    running_database db;
    REQUIRE(run_here(db.users.write([](transaction& t) -> result<int> {
                for (int i = 0; i < 2000; ++i)
                    add_account(t, "user" + std::to_string(i));
                return 0;
            })).has_value());
    db.opened->close();
    CHECK(look(db.folder).intact);
    {
        std::fstream file{db.path(), std::ios::in | std::ios::out | std::ios::binary};
        file.seekp(-20'000, std::ios::end);
        file << std::string(8000, 'x');
    }
    CHECK_FALSE(look(db.folder).intact);
}

} // namespace
} // namespace atrium::storage

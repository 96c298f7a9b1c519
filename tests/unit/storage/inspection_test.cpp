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

std::string content_of_log(const running_database& db) {
    std::ifstream in{db.path().string() + "-wal", std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

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

TEST_CASE("a write-ahead log without a whole frame does not keep a database from being looked at") {
    const auto log = content_of_log(running_database{});
    constexpr std::size_t header = 32;
    constexpr std::size_t frame = 24 + 4096;
    REQUIRE(log.size() > header + frame);
    const auto& [name, content] = GENERATE_COPY(table<std::string, std::string>({
        {"a header", log.substr(0, header)},
        {"half a header", log.substr(0, header / 2)},
        {"a header that is no header", std::string(header, 'x')},
        {"a header and a part of a frame", log.substr(0, header + frame / 2)},
        {"a header and the start of a frame", log.substr(0, header + 1)},
        {"a header and a frame of another log", log.substr(0, header) + std::string(frame, 'x')},
    }));
    CAPTURE(name);
    running_database db;
    db.opened->close();
    std::ofstream{db.path().string() + "-wal", std::ios::binary} << content;
    auto found = look(db.folder);
    CHECK(found.pending == 0);
    CHECK(found.intact);

    std::ofstream{db.path().string() + "-shm", std::ios::binary} << std::string(32'768, '\0'); // as a crash leaves it
    found = look(db.folder);
    CHECK(found.pending == 0);
    CHECK(found.intact);
}

TEST_CASE("a log beside an empty file is left alone by a look, which refuses the file as a server does") {
    const auto log = content_of_log(running_database{});
    const support::temporary_directory folder;
    const auto size = GENERATE_COPY(std::size_t{32}, log.size());
    std::ofstream{folder / "test.db"}.flush();
    std::ofstream{folder / "test.db-wal", std::ios::binary} << log.substr(0, size);
    const auto before = contents_of(folder.path());
    const auto schemas = test_schemas();
    CHECK_THROWS_WITH((inspection{folder / "test.db", schemas, logger{}}), Catch::Contains("is missing or empty"));
    CHECK(contents_of(folder.path()) == before);

    std::filesystem::remove(folder / "test.db");
    CHECK_THROWS_WITH(sqlite::check_absent(folder / "test.db"), Catch::Contains("is missing or empty"));
    CHECK_NOTHROW(sqlite::check_absent(folder / "other.db"));
}

TEST_CASE("a database that was just made, with a header alone in its log, is looked at and left as it is") {
    const support::temporary_directory folder;
    std::string log;
    {
        sqlite3* connection = nullptr;
        REQUIRE(sqlite3_open((folder / "test.db").c_str(), &connection) == SQLITE_OK);
        REQUIRE(sqlite3_exec(connection, "PRAGMA journal_mode = WAL; PRAGMA user_version = 1", nullptr, nullptr, nullptr) ==
                SQLITE_OK);
        std::ifstream in{folder / "test.db-wal", std::ios::binary};
        log.assign(std::istreambuf_iterator<char>{in}, {});
        sqlite3_close(connection);
    }
    REQUIRE(log.size() > 32);
    std::ofstream{folder / "test.db-wal", std::ios::binary} << log.substr(0, 32);
    const auto found = look(folder);
    CHECK(found.pending == test_schemas().size());
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
    add_accounts(db);
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

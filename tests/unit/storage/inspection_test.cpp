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

/// The names and contents of all files of a folder.
using contents = std::map<std::string, std::string>;

contents contents_of(const std::filesystem::path& folder) {
    contents all;
    for (const auto& each : std::filesystem::directory_iterator{folder}) {
        std::ifstream file{each.path(), std::ios::binary};
        std::ostringstream bytes;
        bytes << file.rdbuf();
        all.emplace(each.path().filename().string(), bytes.str());
    }
    return all;
}

struct finding {
    std::size_t pending; ///< the number of pending migrations
    bool is_intact;
};

std::string content_of_log(const running_database& db) {
    std::ifstream file{db.path().string() + "-wal", std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// Inspects "test.db" in the folder, and checks that nothing in the folder has changed.
finding inspect(const support::temporary_directory& folder) {
    const auto contents_before = contents_of(folder.path());
    finding found{};
    {
        const auto schemas = test_schemas();
        inspection database{folder / "test.db", schemas, logger{}};
        found = {database.pending().size(), database.check_integrity().empty()};
    }
    CHECK(contents_of(folder.path()) == contents_before);
    return found;
}

/// Copies the files of an open database, in the state in which a crash would leave them.
void copy_as_crashed(const running_database& source, const support::temporary_directory& target) {
    for (const auto* ending : {"", "-wal", "-shm", ".lock"})
        std::filesystem::copy_file(source.path().string() + ending, target / ("test.db" + std::string{ending}));
}

TEST_CASE("an inspection of a database that was closed cleanly changes nothing") {
    running_database db;
    db.opened->close();
    const auto found = inspect(db.folder);
    CHECK(found.pending == 0);
    CHECK(found.is_intact);

    std::filesystem::remove(db.path().string() + ".lock"); // a copy that no server has used yet has no such file
    CHECK(inspect(db.folder).is_intact);
}

TEST_CASE("an inspection of an empty file leaves it empty") {
    const support::temporary_directory folder;
    std::ofstream{folder / "test.db"}.flush();
    const auto found = inspect(folder);
    CHECK(found.pending == test_schemas().size());
    CHECK(found.is_intact);
}

TEST_CASE("an inspection sees changes that a crash left in the write-ahead log, and leaves them there") {
    const running_database db; // the changes of its migrations are only in the write-ahead log
    const support::temporary_directory crashed;
    copy_as_crashed(db, crashed);
    CHECK(inspect(crashed).pending == 0);

    std::filesystem::remove(crashed / "test.db-shm"); // a copy may lack this file, and the inspection cannot create it
    const auto found = inspect(crashed);
    CHECK(found.pending == 0);
    CHECK(found.is_intact);
}

TEST_CASE("a database whose write-ahead log has no valid frame can be inspected") {
    const auto log = content_of_log(running_database{});
    constexpr std::size_t header_size = 32;
    constexpr std::size_t frame_size = 24 + 4096;
    REQUIRE(log.size() > header_size + frame_size);
    const auto& [name, content] = GENERATE_COPY(table<std::string, std::string>({
        {"a header", log.substr(0, header_size)},
        {"half a header", log.substr(0, header_size / 2)},
        {"an invalid header", std::string(header_size, 'x')},
        {"a header and a part of a frame", log.substr(0, header_size + frame_size / 2)},
        {"a header and the start of a frame", log.substr(0, header_size + 1)},
        {"a header and a frame of another log", log.substr(0, header_size) + std::string(frame_size, 'x')},
    }));
    CAPTURE(name);
    running_database db;
    db.opened->close();
    std::ofstream{db.path().string() + "-wal", std::ios::binary} << content;
    auto found = inspect(db.folder);
    CHECK(found.pending == 0);
    CHECK(found.is_intact);

    std::ofstream{db.path().string() + "-shm", std::ios::binary} << std::string(32'768, '\0'); // as a crash leaves this file
    found = inspect(db.folder);
    CHECK(found.pending == 0);
    CHECK(found.is_intact);
}

TEST_CASE("an inspection refuses an empty file with a write-ahead log, as a server does, and keeps the log") {
    const auto log = content_of_log(running_database{});
    const support::temporary_directory folder;
    const auto size = GENERATE_COPY(std::size_t{32}, log.size());
    std::ofstream{folder / "test.db"}.flush();
    std::ofstream{folder / "test.db-wal", std::ios::binary} << log.substr(0, size);
    const auto contents_before = contents_of(folder.path());
    const auto schemas = test_schemas();
    CHECK_THROWS_WITH((inspection{folder / "test.db", schemas, logger{}}),
                      Catch::Matchers::ContainsSubstring("is missing or empty"));
    CHECK(contents_of(folder.path()) == contents_before);

    std::filesystem::remove(folder / "test.db");
    CHECK_THROWS_WITH(sqlite::check_absent(folder / "test.db"), Catch::Matchers::ContainsSubstring("is missing or empty"));
    CHECK_NOTHROW(sqlite::check_absent(folder / "other.db"));
}

TEST_CASE("an inspection does not change a new database whose write-ahead log has only a header") {
    const support::temporary_directory folder;
    std::string log;
    {
        sqlite3* connection = nullptr;
        REQUIRE(sqlite3_open((folder / "test.db").c_str(), &connection) == SQLITE_OK);
        REQUIRE(sqlite3_exec(connection, "PRAGMA journal_mode = WAL; PRAGMA user_version = 1", nullptr, nullptr, nullptr) ==
                SQLITE_OK);
        std::ifstream file{folder / "test.db-wal", std::ios::binary};
        log.assign(std::istreambuf_iterator<char>{file}, {});
        sqlite3_close(connection);
    }
    REQUIRE(log.size() > 32);
    std::ofstream{folder / "test.db-wal", std::ios::binary} << log.substr(0, 32);
    const auto found = inspect(folder);
    CHECK(found.pending == test_schemas().size());
    CHECK(found.is_intact);
}

TEST_CASE("the name of an inspected file may contain characters that are special in a URI") {
    const support::temporary_directory folder;
    const auto path = folder / "50% off?#1.db";
    run_outside(path, "CREATE TABLE their_table (id INTEGER)");
    const auto schemas = test_schemas();
    CHECK_THROWS_WITH((inspection{path, schemas, logger{}}), Catch::Matchers::ContainsSubstring("another program"));
}

TEST_CASE("a database can be inspected while a server uses it") {
    running_database db;
    const auto add = [](transaction& t) -> result<std::int64_t> { return add_account(t, "ann"); };
    {
        inspection inspector{db.path(), db.schemas, logger{}};
        CHECK(inspector.pending().empty());
        CHECK(inspector.check_integrity().empty());
        CHECK(run_here(db.users.write(add)).has_value());
        CHECK(inspector.check_integrity().empty());
    }
    CHECK(db.count("SELECT count(*) FROM users_account") == 1);
    CHECK(db.opened->healthy().has_value());
}

TEST_CASE("a server can start on a database that is being inspected, and the integrity check is still correct") {
    const bool leaves_log = GENERATE(false, true);
    running_database db;
    support::temporary_directory crashed;
    copy_as_crashed(db, crashed);
    db.opened->close();
    const auto path = leaves_log ? crashed / "test.db" : db.path();

    inspection inspector{path, db.schemas, logger{}};
    metrics::registry metrics;
    sqlite::sqlite_database server{{.path = path}, db.schemas, metrics, logger{}};
    server.start({});
    const auto added = run_here(store{server, "users"}.write([](transaction& t) -> result<int> {
        for (int i = 0; i < 20'000; ++i) // enough for a checkpoint
            add_account(t, std::to_string(i) + std::string(1000, 'x'));
        return 0;
    }));
    REQUIRE(added.has_value());
    CHECK(inspector.check_integrity().empty());
    CHECK(server.healthy().has_value());
}

TEST_CASE("an inspection refuses a file with several hard links, as a server does") {
    running_database db;
    db.opened->close();
    std::filesystem::create_hard_link(db.path(), db.folder / "other.db");
    CHECK_THROWS_WITH((inspection{db.path(), db.schemas, logger{}}), Catch::Matchers::ContainsSubstring("hard links"));
}

TEST_CASE("an inspection refuses missing files, folders and files that are not databases, as a server does") {
    const support::temporary_directory folder;
    const auto schemas = test_schemas();
    std::ofstream{folder / "notes.txt"} << std::string(5000, 'x');
    CHECK_THROWS_WITH((inspection{folder / "notes.txt", schemas, logger{}}),
                      Catch::Matchers::ContainsSubstring("not a database"));
    CHECK_THROWS_WITH((inspection{folder / "nothing.db", schemas, logger{}}), Catch::Matchers::ContainsSubstring("nothing.db"));
    CHECK_THROWS_WITH((inspection{folder.path(), schemas, logger{}}), Catch::Matchers::ContainsSubstring("is a folder"));
    CHECK(contents_of(folder.path()).size() == 1);
}

TEST_CASE("the integrity check has findings for a damaged database, and none for an intact one") {
    running_database db;
    add_accounts(db);
    db.opened->close();
    CHECK(inspect(db.folder).is_intact);
    {
        std::fstream file{db.path(), std::ios::in | std::ios::out | std::ios::binary};
        file.seekp(-20'000, std::ios::end);
        file << std::string(8000, 'x');
    }
    CHECK_FALSE(inspect(db.folder).is_intact);
}

} // namespace
} // namespace atrium::storage

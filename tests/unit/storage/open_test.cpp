#include "fixture.hpp"
#include "sqlite/connection.hpp"

#include <support/catch.hpp>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>

namespace atrium::storage {
namespace {

using sqlite::open_error;
using sqlite::sqlite_database;

std::unique_ptr<sqlite_database> open(const std::filesystem::path& path) {
    static metrics::registry metrics;
    return std::make_unique<sqlite_database>(sqlite::settings{.path = path}, test_schemas(), metrics, logger{});
}

TEST_CASE("what is written is on the disk when it is committed, and readers cannot write") {
    const support::temporary_directory folder;
    const auto pragma = [](sqlite::connection& on, const char* name) {
        auto rows = on.query(name);
        REQUIRE(rows.next());
        return std::string{rows.text(0)};
    };
    sqlite::connection writer{folder / "test.db", sqlite::connection::access::read_write};
    CHECK(pragma(writer, "PRAGMA journal_mode") == "wal");
    CHECK(pragma(writer, "PRAGMA synchronous") == "2"); // FULL
    CHECK(pragma(writer, "PRAGMA query_only") == "0");
    sqlite::connection reader{folder / "test.db", sqlite::connection::access::read_only};
    CHECK(pragma(reader, "PRAGMA query_only") == "1");
}

TEST_CASE("the folder of a new database is made, with those above it") {
    const support::temporary_directory folder;
    const auto path = folder / "a/b/c.db";
    open(path).reset();
    CHECK(std::filesystem::is_regular_file(path));
}

TEST_CASE("a folder that cannot be made is said in plain words") {
    const support::temporary_directory folder;
    std::ofstream{folder / "file"} << "x";
    CHECK_THROWS_AS(open(folder / "file/a.db"), open_error);
    CHECK_THROWS_WITH(open(folder / "file/a.db"), Catch::Contains("storage.path"));
}

TEST_CASE("a folder in the place of the file is said in plain words") {
    const support::temporary_directory folder;
    CHECK_THROWS_WITH(open(folder.path()), Catch::Contains("is a folder"));
}

TEST_CASE("a file that is no database is refused and left as it is") {
    const support::temporary_directory folder;
    const auto path = folder / "notes.txt";
    const std::string text = std::string(5000, 'x');
    std::ofstream{path} << text;
    CHECK_THROWS_AS(open(path), open_error);
    CHECK_THROWS_WITH(open(path), Catch::Contains("notes.txt") && Catch::Contains("not a database"));
    CHECK(std::filesystem::file_size(path) == text.size());
}

TEST_CASE("a database of another program is refused") {
    const support::temporary_directory folder;
    const auto path = folder / "other.db";
    run_outside(path, "CREATE TABLE their_table (id INTEGER)");
    CHECK_THROWS_WITH(open(path), Catch::Contains("another program"));
}

/// What opening the file says to a user who is not root: root may write anywhere.
std::string refusal_without_rights(const std::filesystem::path& path) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const auto child = ::fork();
    if (child == 0) {
        std::string said = "nothing";
        try {
            if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0))
                ::_exit(1);
            open(path);
        } catch (const std::exception& e) {
            said = e.what();
        }
        ::_exit(::write(ends[1], said.data(), said.size()) > 0 ? 0 : 1);
    }
    ::close(ends[1]);
    std::string said(4096, ' ');
    said.resize(static_cast<std::size_t>(std::max<ssize_t>(::read(ends[0], said.data(), said.size()), 0)));
    ::close(ends[0]);
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    return said;
}

TEST_CASE("a folder without the right to write is said in plain words") {
    const support::temporary_directory folder;
    ::chmod(folder.path().c_str(), 0555);
    CHECK_THAT(refusal_without_rights(folder / "a.db"), Catch::Contains("cannot be written"));
    CHECK_THAT(refusal_without_rights(folder / "b/a.db"), Catch::Contains("cannot be made"));
    ::chmod(folder.path().c_str(), 0700);
}

TEST_CASE("a file without the right to write is said in plain words") {
    const support::temporary_directory folder;
    const auto path = folder / "a.db";
    open(path)->migrate();
    ::chmod(folder.path().c_str(), 0777);
    ::chmod(path.c_str(), 0444);
    ::chmod((path.string() + ".lock").c_str(), 0666);
    CHECK_THAT(refusal_without_rights(path), Catch::Contains("no right to write"));
}

TEST_CASE("a database that is open is refused a second time, also by another name") {
    const support::temporary_directory folder;
    const auto path = folder / "a.db";
    std::filesystem::create_symlink(path, folder / "link.db");
    auto first = open(path);
    for (const auto* name : {"a.db", "link.db"})
        CHECK_THROWS_WITH(open(folder / name), Catch::Contains("a.db is in use by another atrium") &&
                                                   Catch::Contains("(process " + std::to_string(::getpid()) + ")"));
    first->close();
    CHECK_NOTHROW(open(path));
}

TEST_CASE("a second process is refused while the first lives") {
    const support::temporary_directory folder;
    const auto path = folder / "a.db";
    const auto try_to_open = [&] {
        const auto child = ::fork();
        if (child == 0) {
            try {
                open(path);
                ::_exit(0);
            } catch (const open_error&) {
                ::_exit(1);
            } catch (...) {
                ::_exit(2);
            }
        }
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        return WEXITSTATUS(status);
    };
    auto first = open(path);
    CHECK(try_to_open() == 1);
    first.reset();
    CHECK(try_to_open() == 0);
}

TEST_CASE("start, stop and start again in one process works") {
    const support::temporary_directory folder;
    for (int i = 0; i < 3; ++i) {
        auto db = open(folder / "a.db");
        db->migrate();
        db->start({});
        CHECK(db->healthy().has_value());
        const auto id = run_here(store{*db, "users"}.write(
            [&](transaction& t) -> result<std::int64_t> { return add_account(t, "user" + std::to_string(i)); }));
        CHECK(id.value() == i + 1);
        db->close();
        db->close();
        CHECK(db->healthy().has_error());
        CHECK_FALSE(std::filesystem::exists(folder / "a.db-wal")); // checkpointed, and nothing left
    }
}

TEST_CASE("a database is migrated before it starts, and started once") {
    const support::temporary_directory folder;
    auto db = open(folder / "a.db");
    CHECK(db->healthy().has_error());
    db->migrate();
    db->start({});
    CHECK_THROWS_AS(db->start({}), std::logic_error);
    CHECK_THROWS_AS(db->migrate(), std::logic_error);
}

TEST_CASE("a database that was closed neither migrates nor starts") {
    const support::temporary_directory folder;
    auto db = open(folder / "a.db");
    db->migrate();
    db->close();
    CHECK_THROWS_AS(db->migrate(), std::logic_error);
    CHECK_THROWS_AS(db->start({}), std::logic_error);
}

} // namespace
} // namespace atrium::storage

#include "fixture.hpp"
#include "sqlite/connection.hpp"

#include <support/catch.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <ios>
#include <sstream>
#include <string>

namespace atrium::storage {
namespace {

using sqlite::open_error;
using sqlite::sqlite_database;

std::unique_ptr<sqlite_database> open(const std::filesystem::path& path) {
    static metrics::registry metrics;
    return std::make_unique<sqlite_database>(sqlite::settings{.path = path}, test_schemas(), metrics, logger{});
}

TEST_CASE("connections sync each commit to disk, and readers cannot write") {
    const support::temporary_directory folder;
    const auto pragma = [](sqlite::connection& connection, const char* name) {
        auto rows = connection.query(name);
        REQUIRE(rows.next());
        return std::string{rows.text(0)};
    };
    sqlite::connection writer{folder / "test.db", sqlite::connection::access::read_write};
    CHECK(pragma(writer, "PRAGMA journal_mode") == "wal");
    CHECK(pragma(writer, "PRAGMA synchronous") == "2"); // 2 means FULL
    CHECK(pragma(writer, "PRAGMA query_only") == "0");
    sqlite::connection reader{folder / "test.db", sqlite::connection::access::read_only};
    CHECK(pragma(reader, "PRAGMA query_only") == "1");
}

TEST_CASE("the folder of a new database is created, with its parents") {
    const support::temporary_directory folder;
    const auto path = folder / "a/b/c.db";
    open(path).reset();
    CHECK(std::filesystem::is_regular_file(path));
}

TEST_CASE("the error for a folder that cannot be created names the config key storage.path") {
    const support::temporary_directory folder;
    std::ofstream{folder / "file"} << "x";
    CHECK_THROWS_AS(open(folder / "file/a.db"), open_error);
    CHECK_THROWS_WITH(open(folder / "file/a.db"), Catch::Matchers::ContainsSubstring("storage.path"));
}

TEST_CASE("a folder instead of a file is refused with that reason") {
    const support::temporary_directory folder;
    CHECK_THROWS_WITH(open(folder.path()), Catch::Matchers::ContainsSubstring("is a folder"));
}

TEST_CASE("a file that is not a database is refused and not changed") {
    const support::temporary_directory folder;
    const auto path = folder / "notes.txt";
    const std::string text = std::string(5000, 'x');
    std::ofstream{path} << text;
    CHECK_THROWS_AS(open(path), open_error);
    CHECK_THROWS_WITH(open(path),
                      Catch::Matchers::ContainsSubstring("notes.txt") && Catch::Matchers::ContainsSubstring("not a database"));
    CHECK(std::filesystem::file_size(path) == text.size());
}

TEST_CASE("a database of another program is refused") {
    const support::temporary_directory folder;
    const auto path = folder / "other.db";
    run_outside(path, "CREATE TABLE their_table (id INTEGER)");
    CHECK_THROWS_WITH(open(path), Catch::Matchers::ContainsSubstring("another program"));
}

/// Opens the file as a user other than root, because root may write anywhere. Returns the text of the error, or "nothing"
/// if there was none.
std::string refusal_without_rights(const std::filesystem::path& path) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const auto child = ::fork();
    if (child == 0) {
        std::string message = "nothing";
        try {
            if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0))
                ::_exit(1);
            open(path);
        } catch (const std::exception& e) {
            message = e.what();
        }
        ::_exit(::write(ends[1], message.data(), message.size()) > 0 ? 0 : 1);
    }
    ::close(ends[1]);
    std::string message(4096, ' ');
    message.resize(static_cast<std::size_t>(std::max<ssize_t>(::read(ends[0], message.data(), message.size()), 0)));
    ::close(ends[0]);
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    return message;
}

TEST_CASE("a folder without write permission is refused with that reason") {
    const support::temporary_directory folder;
    ::chmod(folder.path().c_str(), 0555);
    CHECK_THAT(refusal_without_rights(folder / "a.db"), Catch::Matchers::ContainsSubstring("cannot be written"));
    CHECK_THAT(refusal_without_rights(folder / "b/a.db"), Catch::Matchers::ContainsSubstring("cannot be created"));
    ::chmod(folder.path().c_str(), 0700);
}

TEST_CASE("a file without write permission is refused with that reason") {
    const support::temporary_directory folder;
    const auto path = folder / "a.db";
    open(path)->migrate();
    ::chmod(folder.path().c_str(), 0777);
    ::chmod(path.c_str(), 0444);
    ::chmod((path.string() + ".lock").c_str(), 0666);
    CHECK_THAT(refusal_without_rights(path), Catch::Matchers::ContainsSubstring("no permission to write"));
}

TEST_CASE("a database that is open cannot be opened a second time, even under another name") {
    const support::temporary_directory folder;
    const auto path = folder / "a.db";
    std::filesystem::create_symlink(path, folder / "link.db");
    auto first = open(path);
    for (const auto* name : {"a.db", "link.db"})
        CHECK_THROWS_WITH(open(folder / name),
                          Catch::Matchers::ContainsSubstring("a.db is in use by another atrium") &&
                              Catch::Matchers::ContainsSubstring("(process " + std::to_string(::getpid()) + ")") &&
                              Catch::Matchers::ContainsSubstring("--set storage.path=FILE"));
    first->close();
    CHECK_NOTHROW(open(path));
}

TEST_CASE("symlinks that exist before their database file all lead to one and the same database") {
    const support::temporary_directory folder;
    std::filesystem::create_directory(folder / "data");
    std::filesystem::create_directory_symlink("data", folder / "alias");
    std::filesystem::create_symlink("alias/a.db", folder / "link.db");
    std::filesystem::create_symlink(folder / "link.db", folder / "data/link_to_link.db");
    const auto* const first_name = GENERATE("link.db", "data/link_to_link.db", "alias/a.db");
    const auto first = open(folder / first_name);
    CHECK(std::filesystem::is_regular_file(folder / "data/a.db"));
    CHECK(std::filesystem::exists(folder / "data/a.db-wal"));
    for (const auto* name : {"link.db", "data/link_to_link.db", "alias/a.db", "data/a.db"})
        CHECK_THROWS_WITH(open(folder / name), Catch::Matchers::ContainsSubstring("data/a.db is in use by another atrium"));
}

TEST_CASE("symlinks that point to each other are refused with a reason") {
    const support::temporary_directory folder;
    std::filesystem::create_symlink("b.db", folder / "a.db");
    std::filesystem::create_symlink("a.db", folder / "b.db");
    CHECK_THROWS_WITH(open(folder / "a.db"), Catch::Matchers::ContainsSubstring("a.db cannot be reached"));
}

TEST_CASE("a file with several hard links is refused, even while a server uses it under another name") {
    const support::temporary_directory folder;
    const bool is_running = GENERATE(false, true);
    auto first = open(folder / "a.db");
    if (!is_running)
        first.reset();
    std::filesystem::create_hard_link(folder / "a.db", folder / "b.db");
    const auto reason = is_running ? "in use by another atrium" : "has 2 names (hard links)";
    CHECK_THROWS_WITH(open(folder / "b.db"), Catch::Matchers::ContainsSubstring(reason));
    first.reset();
    std::filesystem::remove(folder / "a.db");
    CHECK_NOTHROW(open(folder / "b.db"));
}

TEST_CASE("a server does not open a file that an earlier version has locked") {
    const support::temporary_directory folder;
    open(folder / "a.db").reset();
    const int lock = ::open((folder / "a.db.lock").c_str(), O_RDWR | O_CLOEXEC);
    REQUIRE(::flock(lock, LOCK_EX | LOCK_NB) == 0);
    REQUIRE(::write(lock, "4711\n", 5) == 5);
    CHECK_THROWS_WITH(open(folder / "a.db"), Catch::Matchers::ContainsSubstring("in use by another atrium (process 4711)"));
    ::close(lock);
    CHECK_NOTHROW(open(folder / "a.db"));
}

TEST_CASE("a missing database file is not created if its write-ahead log exists, and no data is lost when the file is back") {
    const bool leaves_empty_file = GENERATE(false, true);
    running_database source;
    REQUIRE(
        run_here(source.users.write([](transaction& t) -> result<std::int64_t> { return add_account(t, "ann"); })).has_value());
    const support::temporary_directory folder; // the folder for the files of a crashed server
    for (const auto* ending : {"", "-wal"})
        std::filesystem::copy_file(source.path().string() + ending, folder / ("a.db" + std::string{ending}));

    std::filesystem::rename(folder / "a.db", folder / "away.db");
    if (leaves_empty_file)
        std::ofstream{folder / "a.db"}.flush();
    CHECK_THROWS_WITH(open(folder / "a.db"), Catch::Matchers::ContainsSubstring("is missing or empty") &&
                                                 Catch::Matchers::ContainsSubstring("put the file back"));
    CHECK(std::filesystem::exists(folder / "a.db") == leaves_empty_file);
    std::filesystem::rename(folder / "away.db", folder / "a.db");

    auto reopened = open(folder / "a.db");
    reopened->migrate();
    const auto count = run_here(store{*reopened, "users"}.read(
        [](snapshot& s) -> result<std::int64_t> { return s.query_integer("SELECT count(*) FROM users_account").value(); }));
    CHECK(count.value() == 1);
}

/// Sets the umask, and restores the previous one at the end.
class umask_scope {
public:
    explicit umask_scope(mode_t mask) : before_{::umask(mask)} {}
    ~umask_scope() { ::umask(before_); }
    umask_scope(const umask_scope&) = delete;
    umask_scope& operator=(const umask_scope&) = delete;

private:
    mode_t before_;
};

/// The access rights of a file in octal notation, such as "600".
std::string mode_of(const std::filesystem::path& file) {
    struct stat status{};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    std::ostringstream digits;
    digits << std::oct << (status.st_mode & 07777U);
    return digits.str();
}

TEST_CASE("the files and folders that a database creates are accessible only to their owner, whatever the umask") {
    const support::temporary_directory folder;
    const umask_scope mask{GENERATE(mode_t{0}, mode_t{022}, mode_t{0277})};
    const auto db = open(folder / "data/more/a.db");
    db->migrate();
    CHECK(mode_of(folder / "data") == "700");
    CHECK(mode_of(folder / "data/more") == "700");
    for (const auto* name : {"a.db", "a.db-wal", "a.db-shm", "a.db.lock"})
        CHECK(mode_of(folder / "data/more" / name) == "600");
}

TEST_CASE("files that an earlier version left accessible to other users become private at the next start") {
    const support::temporary_directory folder;
    const std::filesystem::path path = folder / "a.db";
    {
        running_database source;
        for (const auto* ending : {"", "-wal", "-shm", ".lock"}) {
            std::filesystem::copy_file(source.path().string() + ending, path.string() + ending);
            REQUIRE(::chmod((path.string() + ending).c_str(), 0666) == 0);
        }
    }
    const auto db = open(path);
    for (const auto* ending : {"", "-wal", "-shm", ".lock"})
        CHECK(mode_of(path.string() + ending) == "600");
}

TEST_CASE("a file that is not a database keeps its access rights") {
    const support::temporary_directory folder;
    std::ofstream{folder / "notes.txt"} << std::string(5000, 'x');
    REQUIRE(::chmod((folder / "notes.txt").c_str(), 0644) == 0);
    CHECK_THROWS_AS(open(folder / "notes.txt"), open_error);
    CHECK(mode_of(folder / "notes.txt") == "644");
}

/// Opens a database in another process and closes it. Returns 0 on success, 1 if opening is refused, and 2 after any other
/// failure.
int open_elsewhere(const std::filesystem::path& path) {
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
}

TEST_CASE("a second process is refused as long as the first one has the database open") {
    const support::temporary_directory folder;
    const auto path = folder / "a.db";
    auto first = open(path);
    CHECK(open_elsewhere(path) == 1);
    first.reset();
    CHECK(open_elsewhere(path) == 0);
}

TEST_CASE("a second process is refused even if the lock file of the database was removed or replaced") {
    const support::temporary_directory folder;
    const auto path = folder / "a.db";
    const auto lock = folder / "a.db.lock";
    auto first = open(path);
    const bool is_replaced = GENERATE(false, true);
    std::filesystem::remove(lock);
    if (is_replaced)
        std::ofstream{lock} << "1\n";
    std::filesystem::create_symlink(path, folder / "other.db");
    CHECK(open_elsewhere(path) == 1);
    CHECK(open_elsewhere(folder / "other.db") == 1);
    CHECK_THROWS_WITH(open(path), Catch::Matchers::ContainsSubstring("in use by another atrium"));
    first.reset();
    CHECK(open_elsewhere(path) == 0);
}

TEST_CASE("a database can be started and closed several times in one process") {
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
        CHECK_FALSE(std::filesystem::exists(folder / "a.db-wal")); // emptied by a checkpoint and removed
    }
}

TEST_CASE("a database cannot be migrated or started after it has started") {
    const support::temporary_directory folder;
    auto db = open(folder / "a.db");
    CHECK(db->healthy().has_error());
    db->migrate();
    db->start({});
    CHECK_THROWS_AS(db->start({}), std::logic_error);
    CHECK_THROWS_AS(db->migrate(), std::logic_error);
}

TEST_CASE("a database that was closed cannot be migrated or started") {
    const support::temporary_directory folder;
    auto db = open(folder / "a.db");
    db->migrate();
    db->close();
    CHECK_THROWS_AS(db->migrate(), std::logic_error);
    CHECK_THROWS_AS(db->start({}), std::logic_error);
}

} // namespace
} // namespace atrium::storage

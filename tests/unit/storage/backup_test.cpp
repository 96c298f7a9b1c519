#include "background.hpp"
#include "fixture.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/page_copy.hpp"

#include <storage/sqlite/backup.hpp>
#include <storage/sqlite/inspection.hpp>
#include <support/catch.hpp>
#include <support/eventually.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <set>
#include <stop_token>
#include <string>
#include <thread>

namespace atrium::storage {
namespace {

using sqlite::back_up;
using sqlite::backup_error;
using sqlite::open_error;
using support::eventually;

/// A database in use, which has 2,000 accounts, and a folder for backups.
struct backup_fixture {
    backup_fixture() { add_accounts(db); }

    sqlite::backup_summary back_up_to(const std::filesystem::path& target, bool replaces_target = false) const {
        return back_up({.source = db.path(), .target = target, .replaces_target = replaces_target}, db.schemas);
    }

    /// The names of the files in the folder of `copy`, including `copy` if it exists.
    [[nodiscard]] std::set<std::string> files() const {
        std::set<std::string> names;
        for (const auto& each : std::filesystem::directory_iterator{folder.path()})
            names.insert(each.path().filename().string());
        return names;
    }

    [[nodiscard]] std::int64_t count_in(const std::filesystem::path& file, std::string_view sql) const {
        metrics::registry metrics;
        sqlite::sqlite_database opened{{.path = file}, db.schemas, metrics, logger{}};
        opened.start({});
        return run_here(store{opened, "users"}.read(
                            [&](snapshot& s) -> result<std::int64_t> { return s.query_integer(sql).value_or(-1); }))
            .value();
    }

    void add_account(std::string_view name) {
        REQUIRE(
            run_here(db.users.write([&](transaction& t) -> result<std::int64_t> { return storage::add_account(t, name); })));
    }

    running_database db;
    support::temporary_directory folder;
    const std::filesystem::path copy = folder / "copy.db";
};

std::string content_of(const std::filesystem::path& file) {
    std::ifstream bytes{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{bytes}, {}};
}

void write_file(const std::filesystem::path& file, std::string_view text) {
    std::ofstream{file, std::ios::binary} << text;
}

TEST_CASE("a backup of a database in use is one file that a server can open, with all changes so far") {
    backup_fixture f;
    const auto summary = f.back_up_to(f.copy);
    CHECK(f.files() == std::set<std::string>{"copy.db"});
    CHECK(std::filesystem::file_size(f.copy) == summary.bytes);
    struct stat status{};
    REQUIRE(::stat(f.copy.c_str(), &status) == 0);
    CHECK((status.st_mode & 07777U) == 0600);
    CHECK(is_intact(f.copy));

    f.add_account("later");
    CHECK(f.db.count("SELECT count(*) FROM users_account") == 2001);
    CHECK(f.count_in(f.copy, "SELECT count(*) FROM users_account") == 2000);
}

TEST_CASE("a copy ends although a change is committed after each of its steps, and it contains none of these changes") {
    backup_fixture f;
    f.add_account(std::string(40'000'000, 'x')); // makes the file so large that a copy takes several steps
    int steps = 0;
    write_file(f.copy, "");
    {
        sqlite::connection pages{f.db.path(), sqlite::connection::access::read_only};
        const sqlite::reading_snapshot state{pages};
        sqlite::copy_pages(pages, f.copy, [&] {
            REQUIRE(++steps < 100); // without a snapshot, the copy would start again each time
            f.add_account("after step " + std::to_string(steps));
        });
    }
    CHECK(steps > 3);
    CHECK(f.count_in(f.copy, "SELECT count(*) FROM users_account") == 2001);
    CHECK(f.db.count("SELECT count(*) FROM users_account") == 2001 + steps);
}

TEST_CASE("a backup ends although changes are committed all the time, and contains each change completely or not at all") {
    backup_fixture f;
    f.add_account(std::string(40'000'000, 'x')); // makes the file so large that a copy takes several steps
    background worker;
    std::atomic<bool> may_continue = true;
    std::atomic<int> rounds = 0;
    // Each change adds an entry at both ends of the index of names, and also changes the first pages of the file.
    const auto change = [&]() -> awaitable<int> {
        while (may_continue) {
            const auto number = std::to_string(++rounds);
            (void)co_await f.db.users.write([&](transaction& t) -> result<std::int64_t> {
                storage::add_account(t, "a" + number);
                t.execute("UPDATE users_account SET score = ?1 WHERE id = 1", rounds.load());
                return storage::add_account(t, "z" + number);
            });
        }
        co_return 0;
    };
    auto changing = worker.start(change());
    eventually([&] { return rounds > 1; });
    int changes_during_backups = 0;
    for (int i = 0; i < 5; ++i) {
        const int before = rounds;
        const auto copy = f.folder / (std::to_string(i) + ".db");
        f.back_up_to(copy);
        changes_during_backups += rounds - before;
        CHECK(f.count_in(copy, "SELECT (SELECT count(*) FROM users_account WHERE name GLOB 'a*') ="
                               " (SELECT count(*) FROM users_account WHERE name GLOB 'z*')") == 1);
        CHECK(f.count_in(copy, "SELECT count(*) > 2001 FROM users_account") == 1);
    }
    CHECK(changes_during_backups > 0);
    may_continue = false;
    changing.get();
}

TEST_CASE("a backup of a database that no server uses contains the changes that a crash left in the write-ahead log") {
    backup_fixture f;
    support::temporary_directory crashed;
    for (const auto* ending : {"", "-wal", "-shm", ".lock"})
        std::filesystem::copy_file(f.db.path().string() + ending, crashed / ("test.db" + std::string{ending}));
    const auto log = content_of(crashed / "test.db-wal");
    REQUIRE(log.size() > 4096);
    back_up({.source = crashed / "test.db", .target = f.copy}, f.db.schemas);
    CHECK((content_of(crashed / "test.db-wal") == log));
    CHECK(f.count_in(f.copy, "SELECT count(*) FROM users_account") == 2000);
}

TEST_CASE("a backup replaces an existing file only if that is requested") {
    backup_fixture f;
    write_file(f.copy, "mine");
    CHECK_THROWS_WITH(f.back_up_to(f.copy), Catch::Matchers::ContainsSubstring("--force"));
    CHECK(content_of(f.copy) == "mine");
    f.back_up_to(f.copy, true);
    CHECK(f.files() == std::set<std::string>{"copy.db"});
    CHECK(f.count_in(f.copy, "SELECT count(*) FROM users_account") == 2000);
}

TEST_CASE("a backup never replaces the database, the files beside it or another database in use, by whatever name") {
    backup_fixture f;
    running_database other;
    std::filesystem::create_symlink(f.db.folder.path(), f.folder / "link");
    for (const auto& target : {f.db.path(), std::filesystem::path{f.db.path().string() + "-wal"},
                               std::filesystem::path{f.db.path().string() + "-shm"}, f.folder / "link/test.db",
                               f.db.folder / "./test.db.lock", other.path()}) {
        INFO(target);
        CHECK_THROWS_AS(f.back_up_to(target, true), backup_error);
    }
    f.add_account("later");
    CHECK(f.db.opened->healthy().has_value());
    CHECK(other.count("SELECT count(*) FROM users_account") == 0);
}

TEST_CASE("a cancelled backup leaves no file") {
    backup_fixture f;
    std::stop_source cancellation;
    cancellation.request_stop();
    CHECK_THROWS_AS(back_up({.source = f.db.path(), .target = f.copy, .cancellation = cancellation.get_token()}, f.db.schemas),
                    backup_error);
    CHECK(f.files().empty());
    f.back_up_to(f.copy);
    CHECK(f.files() == std::set<std::string>{"copy.db"});
}

TEST_CASE("a backup is refused if its target is a folder or a symlink, is in a missing folder, or has another database's log "
          "beside it") {
    backup_fixture f;
    std::filesystem::create_directory(f.folder / "folder");
    std::filesystem::create_symlink("elsewhere", f.folder / "link.db");
    write_file(f.folder / "stale.db-wal", "the log of another database");
    for (const auto* name : {"folder", "link.db", "stale.db", "missing/copy.db"}) {
        INFO(name);
        CHECK_THROWS_AS(f.back_up_to(f.folder / name, true), backup_error);
    }
    CHECK(f.files() == std::set<std::string>{"folder", "link.db", "stale.db-wal"});
    CHECK(content_of(f.folder / "stale.db-wal") == "the log of another database");
}

TEST_CASE("the partial file that a killed backup has left is overwritten, but not that of a running backup") {
    backup_fixture f;
    const auto partial = f.folder / "copy.db.partial";
    write_file(partial, std::string(10'000'000, 'x'));
    const int other = ::open(partial.c_str(), O_RDWR | O_CLOEXEC);
    REQUIRE(::flock(other, LOCK_EX) == 0);
    CHECK_THROWS_WITH(f.back_up_to(f.copy), Catch::Matchers::ContainsSubstring("another backup is writing"));
    CHECK(f.files() == std::set<std::string>{"copy.db.partial"});
    ::close(other);

    const auto summary = f.back_up_to(f.copy);
    CHECK(f.files() == std::set<std::string>{"copy.db"});
    CHECK(std::filesystem::file_size(f.copy) == summary.bytes);
}

TEST_CASE("if the copy cannot be completed, it is removed, and an older backup is kept") {
    backup_fixture f;
    write_file(f.copy, "older");
    rlimit limit{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &limit) == 0);
    const auto action = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit low{.rlim_cur = 20'000, .rlim_max = limit.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &low) == 0);
    std::string reason;
    try {
        f.back_up_to(f.copy, true);
    } catch (const backup_error& e) {
        reason = e.what();
    }
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
    std::signal(SIGXFSZ, action);
    CHECK(reason.find("cannot be written") != std::string::npos);
    CHECK(f.files() == std::set<std::string>{"copy.db"});
    CHECK(content_of(f.copy) == "older");
    f.back_up_to(f.copy, true);
    CHECK(is_intact(f.copy));
}

TEST_CASE("a copy of a damaged database is not kept, and the error reports the damage") {
    backup_fixture f;
    f.db.opened->close();
    {
        std::fstream file{f.db.path(), std::ios::in | std::ios::out | std::ios::binary};
        file.seekp(-20'000, std::ios::end);
        file << std::string(8000, 'x');
    }
    CHECK_THROWS_WITH(f.back_up_to(f.copy),
                      Catch::Matchers::ContainsSubstring("damaged") && Catch::Matchers::ContainsSubstring("atrium check"));
    CHECK(f.files().empty());
}

TEST_CASE("a database whose latest changes are in a write-ahead log at another path is not copied") {
    backup_fixture f;
    f.db.opened->close();
    const std::string owner = "/elsewhere/test.db"; // where a server used this file, through a bind mount, before it crashed
    if (::setxattr(f.db.path().c_str(), "user.atrium.log_of", owner.data(), owner.size(), 0) != 0) {
        WARN("this file system has no extended attributes; the test is skipped");
        return;
    }
    CHECK_THROWS_WITH(f.back_up_to(f.copy), Catch::Matchers::ContainsSubstring("/elsewhere/test.db-wal"));
    CHECK(f.files().empty());
}

TEST_CASE("a write-ahead log that was left beside a restored backup is reported and not applied to it") {
    backup_fixture f;
    f.back_up_to(f.copy);
    f.add_account("later");
    const support::temporary_directory restored; // as if the backup had replaced a database whose server was killed
    std::filesystem::copy_file(f.copy, restored / "test.db");
    std::filesystem::copy_file(f.db.path().string() + "-wal", restored / "test.db-wal");
    const auto log = content_of(restored / "test.db-wal");
    REQUIRE(log.size() > 4096);
    const auto open = [&] { (void)f.count_in(restored / "test.db", "SELECT count(*) FROM users_account"); };
    CHECK_THROWS_WITH(open(),
                      Catch::Matchers::ContainsSubstring("test.db-wal") && Catch::Matchers::ContainsSubstring("remove"));
    CHECK_THROWS_AS((sqlite::inspection{restored / "test.db", f.db.schemas, logger{}}), open_error);
    CHECK((content_of(restored / "test.db-wal") == log)); // in parentheses, so that a failure does not print megabytes
    CHECK((content_of(restored / "test.db") == content_of(f.copy)));

    std::filesystem::remove(restored / "test.db-wal");
    CHECK(f.count_in(restored / "test.db", "SELECT count(*) FROM users_account") == 2000);
}

TEST_CASE("after a crash, a database restored from a backup has the changes that are in its own write-ahead log") {
    backup_fixture f;
    f.back_up_to(f.copy);
    const support::temporary_directory crashed;
    {
        metrics::registry metrics;
        sqlite::sqlite_database restored{{.path = f.copy}, f.db.schemas, metrics, logger{}};
        restored.start({});
        REQUIRE(run_here(store{restored, "users"}.write(
            [](transaction& t) -> result<std::int64_t> { return storage::add_account(t, "after"); })));
        for (const auto* ending : {"", "-wal", "-shm", ".lock"})
            std::filesystem::copy_file(f.copy.string() + ending, crashed / ("test.db" + std::string{ending}));
    }
    CHECK(f.count_in(crashed / "test.db", "SELECT count(*) FROM users_account") == 2001);
}

TEST_CASE("a backup changes its copy as requested, and not the original") {
    backup_fixture f;
    back_up({.source = f.db.path(), .target = f.copy, .changes = {"DELETE FROM users_account WHERE id > 10"}}, f.db.schemas);
    CHECK(f.files() == std::set<std::string>{"copy.db"});
    CHECK(f.count_in(f.copy, "SELECT count(*) FROM users_account") == 10);
    CHECK(f.db.count("SELECT count(*) FROM users_account") == 2000);

    sqlite::backup_request invalid{.source = f.db.path(), .target = f.folder / "other.db", .changes = {"DELETE FROM missing"}};
    CHECK_THROWS_AS(back_up(invalid, f.db.schemas), backup_error);
    CHECK_FALSE(std::filesystem::exists(f.folder / "other.db"));
}

TEST_CASE("a source that is not a database of this program is refused, and nothing is written") {
    backup_fixture f;
    write_file(f.folder / "notes.txt", std::string(5000, 'x'));
    CHECK_THROWS_AS(back_up({.source = f.folder / "notes.txt", .target = f.copy}, f.db.schemas), open_error);
    CHECK(f.files() == std::set<std::string>{"notes.txt"});
}

} // namespace
} // namespace atrium::storage

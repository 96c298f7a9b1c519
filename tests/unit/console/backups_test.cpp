#include "backups.hpp"

#include <events/durable_bus.hpp>
#include <storage/sqlite/database.hpp>
#include <support/catch.hpp>
#include <support/run.hpp>
#include <support/temporary_directory.hpp>

#include <boost/json.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace atrium::console {
namespace {

using namespace std::chrono_literals;

/// A clock that shows the same time until a test changes it.
struct settable_clock final : clock {
    timestamp time{971'186'136'000ms};
    [[nodiscard]] timestamp now() const override { return time; }
};

/// An open database with a journal, and the backups that the console makes of it.
struct backups_fixture {
    support::temporary_directory folder;
    metrics::registry metrics;
    std::array<storage::schema, 1> schemas{events::journal_schema()};
    storage::sqlite::sqlite_database database{{.path = folder / "test.db"}, schemas, metrics, {}};
    settable_clock time;
    std::filesystem::path target = folder / "backups";
    console::backups backups;

    explicit backups_fixture(std::size_t max_count = 0)
        : backups{folder / "test.db", target, max_count, {schemas.begin(), schemas.end()}, time, logger{}} {
        database.migrate();
        database.start({});
    }

    std::vector<std::string> names() {
        std::vector<std::string> all;
        for (const auto& each : list())
            all.emplace_back(each.at("name").as_string());
        std::ranges::sort(all);
        return all;
    }

    auto make() { return support::run(backups.make()); }

    boost::json::array list() {
        std::string text;
        json_writer json{text};
        backups.list(json);
        return boost::json::parse(text).as_array();
    }
};

} // namespace

TEST_CASE("a backup is a database in a folder that only its owner can read") {
    backups_fixture f;
    const auto backup = f.make();
    REQUIRE(backup);
    CHECK(backup->name == "atrium-20001010-135536.db");
    CHECK(backup->bytes == std::filesystem::file_size(f.target / backup->name));
    CHECK(std::filesystem::status(f.target).permissions() == std::filesystem::perms::owner_all);
    metrics::registry other_metrics;
    const storage::sqlite::sqlite_database copy{{.path = f.target / backup->name}, f.schemas, other_metrics, {}};
    CHECK(copy.pending().empty());
}

TEST_CASE("backups are listed, the newest first, but folders and files without the extension .db are not") {
    backups_fixture f;
    CHECK(f.list().empty());
    REQUIRE(f.make());
    f.time.time += 2s;
    REQUIRE(f.make());
    std::ofstream{f.target / "notes.txt"} << "mine";
    std::filesystem::create_directory(f.target / "folder.db");
    const auto found = f.list();
    REQUIRE(found.size() == 2);
    CHECK(found[0].at("name") == "atrium-20001010-135538.db");
    CHECK(found[1].at("name") == "atrium-20001010-135536.db");
    CHECK(found[1].at("bytes").to_number<std::uint64_t>() ==
          std::filesystem::file_size(f.target / "atrium-20001010-135536.db"));
}

TEST_CASE("if the name of a backup file is not UTF-8, it is listed with U+FFFD in place of the invalid bytes") {
    backups_fixture f;
    std::filesystem::create_directories(f.target);
    std::ofstream{f.target / "from-\xff.db"} << "mine";
    CHECK(f.names() == std::vector<std::string>{"from-\xef\xbf\xbd.db"});
}

TEST_CASE("after a backup, the oldest backups beyond the maximum number are removed, but never the new one, even if its time "
          "is older") {
    backups_fixture f{2};
    for (int i = 0; i < 4; ++i) {
        REQUIRE(f.make());
        f.time.time += 1s;
    }
    CHECK(f.names() == std::vector<std::string>{"atrium-20001010-135538.db", "atrium-20001010-135539.db"});
    f.time.time -= 1h; // the clock was set back
    REQUIRE(f.make());
    CHECK(f.names() == std::vector<std::string>{"atrium-20001010-125540.db", "atrium-20001010-135539.db"});
}

TEST_CASE("only regular files that are named like a backup of the console are removed") {
    backups_fixture f{1};
    std::filesystem::create_directory(f.target);
    const std::vector<std::string> others{
        "atrium-19990101-000000.db.partial", "atrium-2000-01-01.db", "atrium-19990101-00000.db",
        "atrium-19990101-0000000.db",        "before-upgrade.db",    "old-atrium-19990101-000000.db"};
    for (const auto& each : others)
        std::ofstream{f.target / each} << "mine";
    std::filesystem::create_directory(f.target / "atrium-19990101-000001.db");
    std::filesystem::create_symlink(f.target / "before-upgrade.db", f.target / "atrium-19990101-000002.db");
    std::ofstream{f.target / "atrium-19990101-000003.db"} << "an old backup";
    REQUIRE(f.make());
    for (const auto& each : others)
        CHECK(std::filesystem::exists(f.target / each));
    CHECK(std::filesystem::exists(f.target / "atrium-19990101-000001.db"));
    CHECK(std::filesystem::exists(f.target / "atrium-19990101-000002.db"));
    CHECK_FALSE(std::filesystem::exists(f.target / "atrium-19990101-000003.db"));
    CHECK(std::filesystem::exists(f.target / "atrium-20001010-135536.db"));
}

TEST_CASE("a backup that fails removes no other backup") {
    backups_fixture f{1};
    REQUIRE(f.make());
    f.time.time += 1s;
    std::filesystem::create_directories(f.target / "atrium-20001010-135537.db.partial" / "in the way");
    REQUIRE_FALSE(f.make());
    CHECK(std::filesystem::exists(f.target / "atrium-20001010-135536.db"));
}

TEST_CASE("a second backup in the same second is refused") {
    backups_fixture f;
    REQUIRE(f.make());
    const auto again = f.make();
    REQUIRE_FALSE(again);
    CHECK(again.error().code == errc::conflict);
    CHECK(f.list().size() == 1);
}

TEST_CASE("a backup that cannot be written fails, but does not prevent the next one") {
    backups_fixture f;
    std::ofstream{f.target} << "a file in the place of the folder";
    const auto backup = f.make();
    REQUIRE_FALSE(backup);
    CHECK(backup.error().code == errc::unavailable);
    std::filesystem::remove(f.target);
    CHECK(f.make());
}

TEST_CASE("no backup begins after the backups were stopped") {
    backups_fixture f;
    f.backups.stop();
    const auto backup = f.make();
    REQUIRE_FALSE(backup);
    CHECK(backup.error().code == errc::unavailable);
    f.backups.stop();
}

} // namespace atrium::console

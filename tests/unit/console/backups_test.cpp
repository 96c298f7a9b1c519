#include "backups.hpp"

#include <events/durable_bus.hpp>
#include <storage/sqlite/database.hpp>
#include <support/catch.hpp>
#include <support/run.hpp>
#include <support/temporary_directory.hpp>

#include <boost/json.hpp>

#include <sys/stat.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>

namespace atrium::console {
namespace {

using namespace std::chrono_literals;

/// The time of day stands still unless a test changes it.
struct settable_clock final : clock {
    timestamp time{971'186'136'000ms};
    [[nodiscard]] timestamp now() const override { return time; }
};

/// A database with a journal, which is in use, and its backups.
struct backups_fixture {
    support::temporary_directory folder;
    metrics::registry metrics;
    std::array<storage::schema, 1> schemas{events::journal_schema()};
    storage::sqlite::sqlite_database database{{.path = folder / "test.db"}, schemas, metrics, {}};
    settable_clock time;
    std::filesystem::path target = folder / "backups";
    console::backups backups{folder / "test.db", target, {schemas.begin(), schemas.end()}, time, logger{}};

    backups_fixture() {
        database.migrate();
        database.start({});
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
    const auto made = f.make();
    REQUIRE(made);
    CHECK(made->name == "atrium-20001010-135536.db");
    CHECK(made->bytes == std::filesystem::file_size(f.target / made->name));
    CHECK(std::filesystem::status(f.target).permissions() == std::filesystem::perms::owner_all);
    metrics::registry other_metrics;
    const storage::sqlite::sqlite_database copy{{.path = f.target / made->name}, f.schemas, other_metrics, {}};
    CHECK(copy.pending().empty());
}

TEST_CASE("backups are listed, the newest first, and other files are not") {
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

TEST_CASE("a second backup in the same second is refused") {
    backups_fixture f;
    REQUIRE(f.make());
    const auto again = f.make();
    REQUIRE_FALSE(again);
    CHECK(again.error().code == errc::conflict);
    CHECK(f.list().size() == 1);
}

TEST_CASE("a backup that cannot be written fails, and the next one may succeed") {
    backups_fixture f;
    std::ofstream{f.target} << "a file in the place of the folder";
    const auto made = f.make();
    REQUIRE_FALSE(made);
    CHECK(made.error().code == errc::unavailable);
    std::filesystem::remove(f.target);
    CHECK(f.make());
}

TEST_CASE("no backup begins after the end") {
    backups_fixture f;
    f.backups.stop();
    const auto made = f.make();
    REQUIRE_FALSE(made);
    CHECK(made.error().code == errc::unavailable);
    f.backups.stop();
}

} // namespace atrium::console

#include "background.hpp"
#include "fixture.hpp"

#include <support/captured_stderr.hpp>
#include <support/catch.hpp>
#include <support/eventually.hpp>

#include <fstream>
#include <future>
#include <string>
#include <vector>

// Tests of databases with damaged pages.

namespace atrium::storage {
namespace {

using support::eventually;

constexpr std::streamoff page = 4096;

/// A database with two thousand accounts, whose file a test can damage. Its log lines go to standard error, which `log`
/// captures.
struct damaged_database {
    damaged_database() {
        running_database db;
        add_accounts(db);
        db.opened->close();
        std::filesystem::copy_file(db.path(), path());
    }

    [[nodiscard]] std::filesystem::path path() const { return folder / "test.db"; }

    void damage(std::streamoff offset, std::streamoff size) const {
        std::fstream file{path(), std::ios::in | std::ios::out | std::ios::binary};
        file.seekp(offset);
        file << std::string(static_cast<std::size_t>(size), 'x');
        REQUIRE(file.good());
    }
    void damage_accounts() const {
        const auto size = static_cast<std::streamoff>(std::filesystem::file_size(path()));
        damage(8 * page, size - 8 * page);
    }

    void open() {
        opened = std::make_unique<sqlite::sqlite_database>(sqlite::settings{.path = path()}, schemas, metrics,
                                                           logger{{}, "storage"});
        opened->start([this] { ++stop_reports; });
        users.emplace(*opened, "users");
    }

    void update_accounts() const {
        (void)run_here(users->write([](transaction& t) -> result<int> {
            t.execute("UPDATE users_account SET score = 1");
            return 0;
        }));
    }
    void read_accounts() const {
        (void)run_here(users->read([](snapshot& s) -> result<std::int64_t> {
            return s.query_integer("SELECT sum(length(name)) FROM users_account").value_or(0);
        }));
    }

    support::captured_stderr log;
    support::temporary_directory folder;
    std::array<schema, 2> schemas = test_schemas();
    metrics::registry metrics;
    std::atomic<int> stop_reports = 0; ///< how often the database has reported that the process must stop
    std::unique_ptr<sqlite::sqlite_database> opened;
    std::optional<store> users;
};

constexpr std::string_view report = "error storage: the database file is damaged; ";

TEST_CASE("a damaged page that a write finds is reported once, with advice, and makes the database unhealthy") {
    damaged_database db;
    db.damage_accounts();
    db.open();
    REQUIRE(db.opened->healthy().has_value());
    for (int i = 0; i < 20; ++i)
        CHECK_THROWS_AS(db.update_accounts(), outage);

    REQUIRE(db.opened->healthy().has_error());
    CHECK_THAT(db.opened->healthy().error().detail,
               Catch::Matchers::ContainsSubstring("damaged") && !Catch::Matchers::ContainsSubstring("users_account"));
    INFO(db.log.text());
    CHECK(db.stop_reports == 0);
    const store orders{*db.opened, "orders"};
    const auto added = run_here(orders.write([](transaction& t) -> result<int> { // does not read a damaged page
        t.execute("INSERT INTO orders_order (product) VALUES ('tea')");
        return 0;
    }));
    CHECK(added.has_value());
    CHECK(db.opened->healthy().has_error()); // a successful write does not make the database healthy again
    eventually([&] { return occurrences(db.log.text(), report) == 1; });
    CHECK_THAT(db.log.text(),
               Catch::Matchers::ContainsSubstring("atrium check") && Catch::Matchers::ContainsSubstring("restore a backup"));
    db.opened->close();
    CHECK(occurrences(db.log.text(), report) == 1);
}

TEST_CASE("of the functions in a batch of writes, only the one that finds a damaged page fails") {
    damaged_database db;
    db.damage_accounts();
    db.open();
    background worker;
    const store orders{*db.opened, "orders"};
    const auto add_order = [](transaction& t) -> result<int> {
        t.execute("INSERT INTO orders_order (product) VALUES ('tea')");
        return 0;
    };
    std::vector<std::future<result<int>>> new_orders;
    std::future<result<int>> update;
    {
        held_writer held{worker, orders};
        new_orders.push_back(worker.start(orders.write(add_order)));
        update = worker.start(db.users->write([](transaction& t) -> result<int> {
            t.execute("UPDATE users_account SET score = 1");
            return 0;
        }));
        new_orders.push_back(worker.start(orders.write(add_order)));
        std::promise<void> queued; // set on the worker after the three writes have been started
        asio::post(worker.context(), [&] { queued.set_value(); });
        queued.get_future().wait();
    }
    CHECK_THROWS_AS(update.get(), outage);
    for (auto& each : new_orders)
        CHECK(each.get().has_value());
    CHECK(db.stop_reports == 0);
    const auto count = run_here(orders.read(
        [](snapshot& s) -> result<std::int64_t> { return s.query_integer("SELECT count(*) FROM orders_order").value_or(-1); }));
    CHECK(count.value() == 2);
}

TEST_CASE("a damaged page that a read finds is reported once and makes the database unhealthy") {
    damaged_database db;
    db.damage_accounts();
    db.open();
    for (int i = 0; i < 20; ++i)
        CHECK_THROWS_AS(db.read_accounts(), outage);
    CHECK(db.opened->healthy().has_error());
    eventually([&] { return occurrences(db.log.text(), report) == 1; });
}

TEST_CASE("a file whose header is overwritten while it is open is reported as damaged") {
    damaged_database db;
    db.open();
    db.damage(0, 100);
    CHECK_THROWS_AS(db.read_accounts(), outage); // the first read opens a new connection, which reads the header
    CHECK(db.opened->healthy().has_error());
    eventually([&] { return occurrences(db.log.text(), report) == 1; });
}

TEST_CASE("a violated constraint or a mistake in SQL does not make the database unhealthy, and is not logged") {
    damaged_database db; // not damaged in this test
    db.open();
    const auto add_twice = [](transaction& t) -> result<int> {
        add_account(t, "secret");
        add_account(t, "secret");
        return 0;
    };
    CHECK_THROWS_AS(run_here(db.users->write(add_twice)), failure);
    CHECK_THROWS_AS(run_here(db.users->read([](snapshot& s) -> result<std::int64_t> {
                        return s.query_integer("SELECT 1 FROM users_no_table").value_or(0);
                    })),
                    failure);
    CHECK(db.opened->healthy().has_value());
    db.opened->close();
    db.opened.reset();
    CHECK(db.log.text().empty());
}

TEST_CASE("SQLite's own reports are logged") {
    damaged_database db;
    { // leaves a write-ahead log, as a crash does
        running_database crashing;
        for (const auto* ending : {"", "-wal"})
            std::filesystem::copy_file(crashing.path().string() + ending, db.path().string() + ending,
                                       std::filesystem::copy_options::overwrite_existing);
    }
    db.open();
    eventually([&] { return db.log.text().find("frames from WAL file") != std::string::npos; });
    CHECK_THAT(db.log.text(),
               Catch::Matchers::ContainsSubstring("info storage: report from SQLite code=283 text=\"recovered "));
}

TEST_CASE("SQLite's own reports are logged only up to a limit, and the log contains the number of reports that were left out") {
    damaged_database db;
    db.damage_accounts();
    db.open();
    for (int i = 0; i < 200; ++i)
        CHECK_THROWS_AS(db.read_accounts(), outage);
    db.opened->close();
    db.opened.reset();
    const auto text = db.log.text();
    const auto lines = occurrences(text, "storage: report from SQLite code=11");
    CHECK(lines >= 1);
    CHECK(lines <= 10);
    CHECK_THAT(text, Catch::Matchers::ContainsSubstring("storage: reports from SQLite were left out reports="));
}

TEST_CASE("SQLite's own reports are written to the logs of all open databases, and not to those of closed ones") {
    damaged_database db;
    db.damage_accounts();
    db.open();
    const support::temporary_directory folder;
    {
        const sqlite::sqlite_database other{{.path = folder / "other.db"}, db.schemas, db.metrics, logger{{}, "other"}};
        CHECK_THROWS_AS(db.read_accounts(), outage);
        eventually([&] { return db.log.text().find("warning other: report from SQLite code=11 ") != std::string::npos; });
    }
    const auto lines = occurrences(db.log.text(), "other: ");
    CHECK_THROWS_AS(db.read_accounts(), outage);
    db.opened->close();
    db.opened.reset();
    CHECK_THAT(db.log.text(), Catch::Matchers::ContainsSubstring("warning storage: report from SQLite code=11 "));
    CHECK(occurrences(db.log.text(), "other: ") == lines);
}

} // namespace
} // namespace atrium::storage

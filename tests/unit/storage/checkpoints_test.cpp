#include "background.hpp"
#include "fixture.hpp"

#include <support/captured_stderr.hpp>
#include <support/catch.hpp>
#include <support/eventually.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>

// Tests of the size of the write-ahead log while reads prevent this log from restarting.

namespace atrium::storage {
namespace {

using namespace std::chrono_literals;
using outcome = result<std::int64_t>;
using support::eventually;

constexpr std::uint64_t limit = 1024 * 1024;
constexpr auto held_reads = "atrium_storage_held_reads_total";
constexpr auto too_large = "warning storage: the write-ahead log is larger than storage.wal_limit";
constexpr auto small_again = "info storage: the write-ahead log is within storage.wal_limit again";

/// A running database whose write-ahead log should not exceed 1 MiB.
struct limited_database : running_database {
    explicit limited_database(std::chrono::milliseconds read_limit = 1h, logger output = {})
        : running_database{{.read_limit = read_limit, .wal_limit = limit}, std::move(output)} {
        REQUIRE(run_here(users.write([](transaction& t) -> outcome { return add_account(t, ""); })).has_value());
    }

    /// Writes about 70 KB into the write-ahead log.
    void write() const {
        const auto rewrite = [](transaction& t) -> outcome {
            return t.execute("UPDATE users_account SET name = ?1 WHERE id = 1", std::string(65'536, 'x'));
        };
        REQUIRE(run_here(users.write(rewrite)).has_value());
    }
    void write_until_larger_than(std::uint64_t bytes) const {
        while (size_of_log() <= bytes)
            write();
    }

    [[nodiscard]] std::uintmax_t size_of_log() const { return std::filesystem::file_size(path().string() + "-wal"); }
};

/// A read that holds its snapshot until `release`.
class lasting_read {
public:
    lasting_read(background& worker, const store& store)
        : outcome_{worker.start(store.read([this](snapshot& s) -> outcome {
              const auto seen = s.query_integer("SELECT count(*) FROM users_account");
              has_begun_ = true;
              released_.get_future().wait();
              return seen.value();
          }))} {}
    ~lasting_read() { release(); }
    lasting_read(const lasting_read&) = delete;
    lasting_read& operator=(const lasting_read&) = delete;

    [[nodiscard]] bool has_begun() const { return has_begun_; }
    void release() {
        if (!outcome_.valid())
            return;
        released_.set_value();
        CHECK(outcome_.get().value() == 1);
    }

private:
    std::atomic<bool> has_begun_ = false;
    std::promise<void> released_;
    std::future<outcome> outcome_;
};

TEST_CASE("the write-ahead log stays within its limit even if a read is running or held back at all times") {
    limited_database db;
    background one, two;
    auto running = std::make_unique<lasting_read>(one, db.users);
    eventually([&] { return running->has_begun(); });
    std::uintmax_t largest = 0;
    for (int i = 0; i < 200; ++i) { // writes 13 MiB
        db.write();
        const auto held_before = metric(db, held_reads);
        auto next = std::make_unique<lasting_read>(i % 2 == 0 ? two : one, db.users);
        eventually([&] { return next->has_begun() || metric(db, held_reads) > held_before; });
        running = std::move(next); // this ends the previous read
        eventually([&] { return running->has_begun(); });
        largest = std::max(largest, db.size_of_log());
    }
    CHECK(largest <= limit);
    CHECK(metric(db, held_reads) > 0);
}

TEST_CASE("a read that is held back runs once the earlier reads have ended, and writes continue in the meantime") {
    limited_database db;
    background one, two;
    lasting_read first{one, db.users};
    eventually([&] { return first.has_begun(); });
    db.write_until_larger_than(limit * 6 / 10);
    lasting_read second{two, db.users};
    eventually([&] { return metric(db, held_reads) == 1; });
    CHECK(db.users.holds_reads_back());
    db.write();
    CHECK_FALSE(second.has_begun());
    first.release();
    eventually([&] { return second.has_begun(); });
    CHECK_FALSE(db.users.holds_reads_back());
}

TEST_CASE("a read that does not end delays other reads for a limited time, and the growing write-ahead log is reported once") {
    support::captured_stderr log;
    limited_database db{10ms, logger{{}, "storage"}};
    background one;
    lasting_read endless{one, db.users};
    eventually([&] { return endless.has_begun(); });
    db.write_until_larger_than(limit * 6 / 10);
    CHECK(db.count("SELECT count(*) FROM users_account") == 1);
    db.write_until_larger_than(2 * limit);
    eventually([&] { return occurrences(log.text(), too_large) == 1; });
    CHECK(occurrences(log.text(), "waits_for=\"reads that are running\"") == 1);

    endless.release();
    eventually([&] { return occurrences(log.text(), small_again) == 1; });
    CHECK(db.size_of_log() <= limit);
}

TEST_CASE(
    "a warning reports that the write-ahead log waits for a read of another process, and the log shrinks after that read") {
    support::captured_stderr log;
    limited_database db{2s, logger{{}, "storage"}};
    sqlite3* other = nullptr;
    REQUIRE(sqlite3_open(db.path().c_str(), &other) == SQLITE_OK);
    REQUIRE(sqlite3_exec(other, "BEGIN; SELECT count(*) FROM users_account", nullptr, nullptr, nullptr) == SQLITE_OK);
    db.write_until_larger_than(2 * limit);
    CHECK(metric(db, "atrium_storage_wal_bytes") == static_cast<double>(db.size_of_log()));
    CHECK(db.count("SELECT count(*) FROM users_account") == 1);
    eventually([&] { return occurrences(log.text(), too_large) == 1; });
    CHECK(occurrences(log.text(), "waits_for=\"another process that reads the file\"") == 1);

    sqlite3_close(other);
    eventually([&] { return db.size_of_log() == 0; });
    CHECK(metric(db, "atrium_storage_wal_bytes") == 0);
    eventually([&] { return occurrences(log.text(), small_again) == 1; });
}

TEST_CASE("a read that is held back is refused when the database is closed and destroyed") {
    limited_database db;
    background one;
    lasting_read running{one, db.users};
    eventually([&] { return running.has_begun(); });
    db.write_until_larger_than(limit * 6 / 10);

    const auto context = support::context_pool::instance().take();
    const auto count = [](snapshot& s) -> outcome { return s.query_integer("SELECT count(*) FROM users_account").value(); };
    auto held = asio::co_spawn(*context, db.users.read(count), asio::use_future);
    context->poll();
    REQUIRE(metric(db, held_reads) == 1);
    running.release();
    db.opened->close();
    db.opened.reset();
    context->run();
    CHECK(held.get().error().detail == "the server is shutting down");
}

TEST_CASE("a read that is held back is destroyed with its io_context") {
    limited_database db;
    background one;
    auto alive = std::make_shared<int>(0);
    const std::weak_ptr<int> watch = alive;
    lasting_read running{one, db.users};
    eventually([&] { return running.has_begun(); });
    db.write_until_larger_than(limit * 6 / 10);
    {
        asio::io_context context{1};
        auto waits = [](store store, std::shared_ptr<int>) -> awaitable<> {
            (void)co_await store.read([](snapshot&) -> outcome { return 0; });
        };
        asio::co_spawn(context, waits(db.users, std::move(alive)), [](std::exception_ptr) {});
        context.poll();
        REQUIRE(metric(db, held_reads) == 1);
        running.release();
        db.opened->close(); // posts the held read to `context`, which runs nothing any more
        CHECK_FALSE(watch.expired());
    }
    CHECK(watch.expired());
}

/// Empties the write-ahead log. Returns false if a snapshot of any connection or a running checkpoint prevents this.
bool empty_log(const std::filesystem::path& file) {
    sqlite3* connection = nullptr;
    REQUIRE(sqlite3_open(file.c_str(), &connection) == SQLITE_OK);
    REQUIRE(sqlite3_exec(connection, "SELECT count(*) FROM users_account", nullptr, nullptr, nullptr) == SQLITE_OK);
    const int code = sqlite3_wal_checkpoint_v2(connection, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_close(connection);
    return code == SQLITE_OK;
}

TEST_CASE("a connection has no snapshot after a read, however the read ended") {
    limited_database db{20ms};
    background worker;
    const auto read = [&](auto function) { return worker.start(db.users.read(function)); };
    const auto unfinished = [](snapshot& s) {
        auto rows = s.query("SELECT id FROM users_account");
        REQUIRE(rows.next());
        return rows;
    };
    db.write();
    SECTION("with a value") {
        (void)read([](snapshot& s) -> outcome { return s.query_integer("SELECT id FROM users_account").value(); }).get();
    }
    SECTION("with an error while its rows are being read") {
        const auto read_result = read([&](snapshot& s) -> outcome {
                                     const auto rows = unfinished(s);
                                     return error{.code = errc::conflict};
                                 }).get();
        CHECK(read_result.has_error());
    }
    SECTION("with an exception while its rows are being read") {
        auto read_result = read([&](snapshot& s) -> outcome {
            const auto rows = unfinished(s);
            throw std::out_of_range{"thrown by the function"};
        });
        CHECK_THROWS_AS(read_result.get(), std::out_of_range);
    }
    SECTION("because of its time limit") {
        const auto read_result = read([](snapshot& s) -> outcome {
                                     return s
                                         .query_integer("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                                                        "SELECT count(*) FROM n")
                                         .value();
                                 }).get();
        CHECK(read_result.has_error());
    }
    eventually([&] { return empty_log(db.path()); });
}

} // namespace
} // namespace atrium::storage

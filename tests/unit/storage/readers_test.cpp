#include "background.hpp"
#include "fixture.hpp"

#include <base/computation.hpp>
#include <support/catch.hpp>
#include <support/eventually.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <string>
#include <thread>
#include <vector>

namespace atrium::storage {
namespace {

using outcome = result<std::int64_t>;
constexpr auto endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

TEST_CASE("a read that computes for too long is ended with an error, and the next read runs") {
    const running_database db{{.read_limit = std::chrono::milliseconds{20}}};
    const auto slow = [](snapshot& s) -> outcome { return s.query_integer(endless).value(); };
    for (int i = 0; i < 3; ++i) {
        const auto read_result = run_here(db.users.read(slow));
        REQUIRE(read_result.has_error());
        CHECK(read_result.error().code == errc::unavailable);
        CHECK(read_result.error().detail == "the query took longer than allowed; narrow it");
        CHECK(db.count("SELECT count(*) FROM users_account") == 0);
    }
}

TEST_CASE("closing the database interrupts a running read, even if its time limit is long") {
    const running_database db{{.read_limit = std::chrono::hours{1}}};
    background worker;
    std::atomic<bool> is_reading = false;
    auto read_result = worker.start(db.users.read([&](snapshot& s) -> outcome {
        is_reading = true;
        return s.query_integer(endless).value();
    }));
    support::eventually([&] { return is_reading.load(); });
    db.opened->close();
    CHECK(read_result.get().error().detail == "the server is shutting down");
}

TEST_CASE("a read ends when the computation that it belongs to has reached its limit") {
    const running_database db{{.read_limit = std::chrono::hours{1}}};
    computation work;
    work.set_limit(std::chrono::milliseconds{20});
    const auto slow = [&](snapshot& s) -> outcome {
        work.begin_slice();
        return s.query_integer(endless).value();
    };
    for (int i = 0; i < 2; ++i) {
        const auto read_result = run_here(db.users.read(slow));
        REQUIRE(read_result.has_error());
        CHECK(read_result.error().code == errc::unavailable);
        CHECK(read_result.error().detail == "the request exceeded its computation time; ask for less");
    }
    work.end_slice();
    CHECK(db.count("SELECT count(*) FROM users_account") == 0);
}

TEST_CASE("the time in which a write waits for the disk does not count as computation") {
    asio::io_context context{1}; // outlives the database, whose writer resumes a coroutine here
    const running_database db;
    computation work;
    computation* current_while_waiting = &work;
    const auto change = [&]() -> awaitable<> {
        work.begin_slice();
        auto added = db.users.write([](transaction& t) -> outcome { return add_account(t, "ann"); });
        const auto write_result = co_await std::move(added);
        CHECK(write_result.has_value());
        CHECK(computation::current() == &work);
    };
    asio::co_spawn(context, change(), asio::detached);
    asio::post(context, [&] { current_while_waiting = computation::current(); });
    context.run();
    CHECK(current_while_waiting == nullptr);
}

/// While this object exists, the process cannot open further files.
class no_descriptors {
public:
    no_descriptors() {
        const int lowest_free = ::dup(STDERR_FILENO);
        REQUIRE(lowest_free >= 0);
        ::close(lowest_free);
        REQUIRE(::getrlimit(RLIMIT_NOFILE, &before_) == 0);
        const rlimit reduced{static_cast<rlim_t>(lowest_free), before_.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_NOFILE, &reduced) == 0);
    }
    ~no_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    no_descriptors(const no_descriptors&) = delete;
    no_descriptors& operator=(const no_descriptors&) = delete;

private:
    rlimit before_{};
};

TEST_CASE("without a free file descriptor, a read fails, and the database can be closed or read again later") {
    running_database db;
    const auto count = [](snapshot& s) -> outcome { return s.query_integer("SELECT count(*) FROM users_account").value(); };
    REQUIRE(run_here(db.users.write([](transaction& t) -> outcome { return add_account(t, "ann"); })).has_value());
    {
        const no_descriptors none;
        for (int attempt = 0; attempt < 2; ++attempt)
            CHECK_THROWS_AS(run_here(db.users.read(count)), outage);
    }
    SECTION("the database closes although this thread has no connection") {
        db.opened->close();
    }
    SECTION("the next read of the same thread opens the connection") {
        CHECK(run_here(db.users.read(count)).value() == 1);
    }
}

TEST_CASE("a read whose function catches the exception at the time limit still returns an error") {
    const running_database db{{.read_limit = std::chrono::milliseconds{20}}};
    const auto read_result = run_here(db.users.read([](snapshot& s) -> outcome {
        CHECK_THROWS_AS(s.query_integer(endless), failure);
        return 1;
    }));
    CHECK(read_result.has_error());
}

TEST_CASE("the time limit of a read applies to all of its queries together") {
    const running_database db{{.read_limit = std::chrono::milliseconds{20}}};
    const auto read_result = run_here(db.users.read([](snapshot& s) -> outcome {
        for (;;)
            (void)s.query_integer("SELECT count(*) FROM json_each('[1,2,3,4,5,6,7,8,9]')");
    }));
    CHECK(read_result.has_error());
}

TEST_CASE("the statements of one read see the same state of the database") {
    running_database db;
    background worker;
    const auto added = run_here(db.users.read([&](snapshot& s) -> outcome {
        const auto count_before = s.query_integer("SELECT count(*) FROM users_account");
        auto write = worker.start(db.users.write([](transaction& t) -> outcome { return add_account(t, "ann"); }));
        REQUIRE(write.get().has_value());
        CHECK(s.query_integer("SELECT count(*) FROM users_account") == count_before);
        return 0;
    }));
    CHECK(added.has_value());
    CHECK(db.count("SELECT count(*) FROM users_account") == 1);
}

TEST_CASE("a read does not see uncommitted changes") {
    running_database db;
    background worker;
    std::promise<void> inserted, release;
    auto write = worker.start(db.users.write([&](transaction& t) -> outcome {
        const auto id = add_account(t, "ann");
        inserted.set_value();
        release.get_future().wait();
        return id;
    }));
    inserted.get_future().wait();
    CHECK(db.count("SELECT count(*) FROM users_account") == 0);
    release.set_value();
    CHECK(write.get().has_value());
    CHECK(db.count("SELECT count(*) FROM users_account") == 1);
}

TEST_CASE("an exception of a read function reaches the caller and leaves the reader usable") {
    const running_database db;
    const auto throwing = [](snapshot& s) -> outcome {
        auto rows = s.query("SELECT 1");
        REQUIRE(rows.next());
        throw std::out_of_range{"thrown by the function"};
    };
    CHECK_THROWS_AS(run_here(db.users.read(throwing)), std::out_of_range);
    CHECK(db.count("SELECT 1") == 1);
}

TEST_CASE("one thread can read two databases alternately, and several databases one after the other") {
    const running_database one;
    {
        running_database two;
        REQUIRE(run_here(two.users.write([](transaction& t) -> outcome { return add_account(t, "ann"); })).has_value());
        for (int i = 0; i < 3; ++i) {
            CHECK(one.count("SELECT count(*) FROM users_account") == 0);
            CHECK(two.count("SELECT count(*) FROM users_account") == 1);
        }
    }
    for (int i = 0; i < 3; ++i) {
        const running_database again;
        CHECK(again.count("SELECT count(*) FROM users_account") == 0);
    }
}

TEST_CASE("closing the database waits for a running read") {
    running_database db;
    background worker;
    std::promise<void> entered, release;
    auto read = worker.start(db.users.read([&](snapshot& s) -> outcome {
        entered.set_value();
        release.get_future().wait();
        return s.query_integer("SELECT 7").value();
    }));
    entered.get_future().wait();
    std::thread closer{[&] { db.opened->close(); }};
    release.set_value();
    closer.join();
    CHECK(read.get().value() == 7);
}

/// Moves points from one account to another, one at a time, so that every read must see the same sum. Every fifth write returns
/// an error, which undoes it. Returns the number of writes that succeeded.
awaitable<int> move_points(const store& store, int times, std::int64_t source, std::int64_t target) {
    int successes = 0;
    for (int i = 0; i < times; ++i) {
        const auto write_result = co_await store.write([&](transaction& t) -> outcome {
            t.execute("UPDATE users_account SET score = score - 1 WHERE id = ?1", source);
            t.execute("UPDATE users_account SET score = score + 1 WHERE id = ?1", target);
            if (i % 5 == 4)
                return error{.code = errc::conflict};
            return 0;
        });
        successes += write_result ? 1 : 0;
    }
    co_return successes;
}

/// Reads the sum of both accounts until `must_stop` is set. Returns how often the sum was wrong or could not be read.
awaitable<int> watch_sum(const store& store, const std::atomic<bool>& must_stop) {
    int wrong_sums = 0;
    while (!must_stop) {
        const auto sum = co_await store.read([](snapshot& s) -> outcome {
            const auto one = s.query_integer("SELECT score FROM users_account WHERE id = 1").value();
            const auto two = s.query_integer("SELECT score FROM users_account WHERE id = 2").value();
            return one + two;
        });
        wrong_sums += sum && *sum == 100 ? 0 : 1;
    }
    co_return wrong_sums;
}

TEST_CASE("readers on several threads always see a consistent state while others write") {
    running_database db;
    REQUIRE(run_here(db.users.write([](transaction& t) -> outcome {
                return t.execute("INSERT INTO users_account (name, score) VALUES ('a', 50), ('b', 50)");
            })).has_value());
    std::atomic<bool> must_stop = false;
    std::vector<std::unique_ptr<background>> threads;
    std::vector<std::future<int>> writers, watchers;
    for (int i = 0; i < 4; ++i)
        threads.push_back(std::make_unique<background>());
    for (int i = 0; i < 2; ++i)
        watchers.push_back(threads[static_cast<std::size_t>(i)]->start(watch_sum(db.users, must_stop)));
    for (int i = 0; i < 16; ++i)
        writers.push_back(threads[static_cast<std::size_t>(2 + i % 2)]->start(move_points(db.users, 50, 1 + i % 2, 2 - i % 2)));
    for (auto& each : writers)
        CHECK(each.get() == 40);
    must_stop = true;
    for (auto& each : watchers)
        CHECK(each.get() == 0);
    CHECK(is_intact(db.path()));
}

TEST_CASE("the size of the write-ahead log stays bounded under constant reads") {
    running_database db;
    std::atomic<bool> must_stop = false;
    background one, two, writing;
    const auto add_both = [](transaction& t) -> outcome {
        return t.execute("INSERT INTO users_account (name, score) VALUES ('a', 50), ('b', 50)");
    };
    REQUIRE(run_here(db.users.write(add_both)).has_value());
    auto first = one.start(watch_sum(db.users, must_stop));
    auto second = two.start(watch_sum(db.users, must_stop));
    const auto rewrite = [](transaction& t) -> outcome {
        t.execute("UPDATE users_account SET name = ?1 WHERE id = 1", std::string(4'000'000, 'x'));
        return 0;
    };
    for (int i = 0; i < 30; ++i)
        REQUIRE(writing.start(db.users.write(rewrite)).get().has_value());
    must_stop = true;
    first.get();
    second.get();
    CHECK(std::filesystem::file_size(db.folder / "test.db-wal") < 60'000'000); // although 120 MB were written
}

} // namespace
} // namespace atrium::storage

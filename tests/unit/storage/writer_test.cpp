#include "background.hpp"
#include "fixture.hpp"

#include <support/catch.hpp>
#include <support/eventually.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

namespace atrium::storage {
namespace {

using outcome = result<std::int64_t>;

auto account_adder(std::string name) {
    return [name = std::move(name)](transaction& t) -> outcome { return add_account(t, name); };
}

/// Waits until the queue has `length` writes.
void wait_for_queue(running_database& db, double length) {
    support::eventually([&] { return metric(db, "atrium_storage_queue_length") == length; });
}

TEST_CASE("writes that wait at the same time share one commit") {
    running_database db;
    background worker;
    std::vector<std::future<outcome>> all;
    {
        held_writer held{worker, db.users};
        for (int i = 0; i < 10; ++i)
            all.push_back(worker.start(db.users.write(account_adder("user" + std::to_string(i)))));
        wait_for_queue(db, 10);
    }
    for (auto& each : all)
        CHECK(each.get().has_value());
    CHECK(metric(db, "atrium_storage_batch_size_sum") == 11);
    CHECK(metric(db, "atrium_storage_batch_size_count") == 2);
    CHECK(metric(db, "atrium_storage_commit_duration_seconds_count") == 2);
}

TEST_CASE("a batch contains at most the configured number of writes") {
    running_database db{{.batch_limit = 4}};
    background worker;
    std::vector<std::future<outcome>> all;
    {
        held_writer held{worker, db.users};
        for (int i = 0; i < 10; ++i)
            all.push_back(worker.start(db.users.write(account_adder("user" + std::to_string(i)))));
        wait_for_queue(db, 10);
    }
    for (auto& each : all)
        CHECK(each.get().has_value());
    CHECK(metric(db, "atrium_storage_batch_size_count") == 1 + 3);
}

TEST_CASE("a write that fails does not affect the other writes of its batch") {
    running_database db;
    background worker;
    std::future<outcome> first, refused, thrown, failed, last;
    {
        held_writer held{worker, db.users};
        first = worker.start(db.users.write(account_adder("before")));
        refused = worker.start(db.users.write([](transaction& t) -> outcome {
            add_account(t, "refused");
            return error{.code = errc::conflict};
        }));
        thrown = worker.start(db.users.write([](transaction& t) -> outcome {
            add_account(t, "thrown");
            throw std::out_of_range{"x"};
        }));
        failed = worker.start(db.users.write(account_adder("before")));
        last = worker.start(db.users.write(account_adder("after")));
        wait_for_queue(db, 5);
    }
    CHECK(first.get().has_value());
    CHECK(refused.get().error().code == errc::conflict);
    CHECK_THROWS_AS(thrown.get(), std::out_of_range);
    CHECK_THROWS_AS(failed.get(), failure);
    CHECK(last.get().has_value());
    CHECK(db.count("SELECT count(*) FROM users_account") == 2);
    CHECK(db.count("SELECT count(*) FROM users_account WHERE name IN ('before', 'after')") == 2);
}

TEST_CASE("if a write makes SQLite roll back the batch, the other writes run again without it") {
    running_database db;
    background worker;
    REQUIRE(run_here(db.users.write(account_adder("taken"))).has_value());

    const auto rolls_back = [](transaction& t) { t.execute("INSERT OR ROLLBACK INTO users_account (name) VALUES ('taken')"); };
    std::atomic<int> runs = 0;
    std::future<outcome> first, conflicting, culprit, swallowing, stubborn, last;
    {
        held_writer held{worker, db.users};
        first = worker.start(db.users.write([&](transaction& t) -> outcome {
            ++runs;
            return add_account(t, "before");
        }));
        conflicting = worker.start(db.users.write([](transaction&) -> outcome { return error{.code = errc::conflict}; }));
        culprit = worker.start(db.users.write([&](transaction& t) -> outcome {
            rolls_back(t);
            return 0;
        }));
        swallowing = worker.start(db.users.write([&](transaction& t) -> outcome {
            CHECK_THROWS_AS(rolls_back(t), failure);
            return 0;
        }));
        stubborn = worker.start(db.users.write([&](transaction& t) -> outcome {
            CHECK_THROWS_AS(rolls_back(t), failure);
            CHECK_THROWS_AS(add_account(t, "alone"), failure); // the transaction has ended, so this would be committed alone
            CHECK_THROWS_AS(t.nested([&] { return add_account(t, "nested") != 0; }), failure);
            return 0;
        }));
        last = worker.start(db.users.write(account_adder("after")));
        wait_for_queue(db, 6);
    }
    CHECK(first.get().value() == 2);
    CHECK(runs == 4); // the first write runs once, and again after each of the three rollbacks
    CHECK(conflicting.get().error().code == errc::conflict);
    CHECK_THROWS_WITH(culprit.get(), Catch::Matchers::ContainsSubstring("UNIQUE"));
    CHECK_THROWS_WITH(swallowing.get(), Catch::Matchers::ContainsSubstring("UNIQUE"));
    CHECK_THROWS_WITH(stubborn.get(), Catch::Matchers::ContainsSubstring("UNIQUE"));
    CHECK(last.get().has_value());
    CHECK(db.count("SELECT count(*) FROM users_account") == 3);
    CHECK(db.opened->healthy().has_value());
}

TEST_CASE("a full write queue refuses writes for requests immediately, but never internal work") {
    running_database db{{.queue_limit = 2}};
    background worker;
    std::vector<std::future<outcome>> waiting;
    {
        held_writer held{worker, db.users};
        waiting.push_back(worker.start(db.users.write(account_adder("a"))));
        waiting.push_back(worker.start(db.users.write(account_adder("b"))));

        const auto refused = worker.start(db.users.write(account_adder("c"))).get();
        REQUIRE(refused.has_error());
        CHECK(refused.error().code == errc::unavailable);
        CHECK(refused.error().retry_after == std::chrono::seconds{1});
        CHECK_THAT(refused.error().detail, Catch::Matchers::ContainsSubstring("nothing was changed"));

        for (int i = 0; i < 10; ++i)
            waiting.push_back(worker.start(db.users.write(account_adder("i" + std::to_string(i)), write_priority::internal)));
        wait_for_queue(db, 12);
        CHECK(metric(db, "atrium_storage_refused_total") == 1);
    }
    for (auto& each : waiting)
        CHECK(each.get().has_value());
    CHECK(metric(db, "atrium_storage_queue_length") == 0);
}

TEST_CASE("internal work comes first, and leaves half of each batch to writes for requests") {
    running_database db{{.batch_limit = 4}};
    background worker;
    std::vector<std::future<outcome>> all;
    std::string order; // written on the writer's thread, read when all is done
    {
        held_writer held{worker, db.users};
        for (const auto priority : {write_priority::request, write_priority::internal})
            for (int i = 0; i < 6; ++i)
                all.push_back(worker.start(db.users.write(
                    [&order, priority](transaction&) -> outcome {
                        order += priority == write_priority::request ? 'r' : 'i';
                        return 0;
                    },
                    priority)));
        wait_for_queue(db, 12);
    }
    for (auto& each : all)
        CHECK(each.get().has_value());
    CHECK(order == "iirriirriirr");
}

TEST_CASE("each coroutine is resumed on the thread on which it waited") {
    running_database db;
    background one, two;
    const auto thread_after_write = [&]() -> awaitable<std::thread::id> {
        (void)co_await db.users.write([](transaction&) -> outcome { return 0; });
        co_return std::this_thread::get_id();
    };
    std::future<std::thread::id> first, second;
    {
        held_writer held{one, db.users};
        first = one.start(thread_after_write());
        second = two.start(thread_after_write());
        wait_for_queue(db, 2);
    }
    CHECK(first.get() == one.thread());
    CHECK(second.get() == two.thread());
}

TEST_CASE("a coroutine that throws into its io_context after a write does not keep others from being resumed") {
    asio::io_context context{1}; // outlives the database, whose writer resumes the coroutines here
    running_database db;
    background holder;
    int resumed = 0;
    const auto write_then_throw = [&]() -> awaitable<> {
        (void)co_await db.users.write([](transaction&) -> outcome { return 0; });
        ++resumed;
        throw std::out_of_range{"into the io_context"};
    };
    const auto rethrow = [](std::exception_ptr thrown) { std::rethrow_exception(thrown); };
    {
        held_writer held{holder, db.users};
        for (int i = 0; i < 3; ++i)
            asio::co_spawn(context, write_then_throw(), rethrow);
        context.poll();
        wait_for_queue(db, 3);
    }
    int thrown = 0;
    while (!context.stopped())
        try {
            context.run();
        } catch (const std::exception&) { // Asio may combine several exceptions in one
            ++thrown;
        }
    CHECK(thrown > 0);
    CHECK(resumed == 3);
}

/// Calls `action` and adds an account in one write, and then waits once more. Returns the outcomes of the write and of the
/// wait.
awaitable<std::string> write_and_wait(const store& store, std::function<void()> action) {
    std::string outcomes;
    const auto write_result = co_await store.write([&](transaction& t) -> outcome {
        action();
        return add_account(t, "ann");
    });
    outcomes = write_result ? "written" : write_result.error().detail;
    try {
        co_await asio::post(co_await asio::this_coro::executor, use_awaitable);
        outcomes += ", continued";
    } catch (const boost::system::system_error& e) {
        outcomes += e.code() == asio::error::operation_aborted ? ", aborted after" : ", ?";
    }
    co_return outcomes;
}

TEST_CASE("a write that is cancelled before it begins changes nothing") {
    running_database db;
    background worker;
    asio::cancellation_signal signal;
    std::future<std::string> outcomes;
    {
        held_writer held{worker, db.users};
        outcomes = worker.start(write_and_wait(db.users, [] { FAIL("a cancelled write has begun"); }), signal.slot());
        wait_for_queue(db, 1);
        std::promise<void> sent;
        asio::post(worker.context(), [&] {
            signal.emit(asio::cancellation_type::terminal);
            sent.set_value();
        });
        sent.get_future().wait();
    }
    CHECK(outcomes.get() == "cancelled before it began; nothing was changed, aborted after");
    CHECK(db.count("SELECT count(*) FROM users_account") == 0);
}

TEST_CASE("a write that is cancelled while it runs returns its actual result") {
    running_database db;
    background worker;
    asio::cancellation_signal signal;
    std::promise<void> entered, release;
    auto outcomes = worker.start(write_and_wait(db.users,
                                                [&] {
                                                    entered.set_value();
                                                    release.get_future().wait();
                                                }),
                                 signal.slot());
    entered.get_future().wait();
    std::promise<void> sent;
    asio::post(worker.context(), [&] {
        signal.emit(asio::cancellation_type::terminal);
        sent.set_value();
    });
    sent.get_future().wait();
    release.set_value();
    CHECK(outcomes.get() == "written, aborted after");
    CHECK(db.count("SELECT count(*) FROM users_account") == 1);
}

TEST_CASE("a coroutine that still waits for a write when its io_context ends is destroyed with it") {
    running_database db;
    auto alive = std::make_shared<int>(0);
    const std::weak_ptr<int> watch = alive;
    {
        asio::io_context context{1};
        std::promise<void> polled; // until it is set, the writer has no outcome that `poll` could deliver
        auto waits = [](store store, std::shared_future<void> end_of_poll, std::shared_ptr<int>) -> awaitable<> {
            (void)co_await store.write([&](transaction&) -> outcome {
                end_of_poll.wait();
                return 0;
            });
        };
        asio::co_spawn(context, waits(db.users, polled.get_future().share(), std::move(alive)), [](std::exception_ptr) {});
        context.poll();
        polled.set_value();
        db.opened->close(); // posts the outcome to `context`, which no thread runs
        CHECK_FALSE(watch.expired());
    }
    CHECK(watch.expired());
}

awaitable<int> nothing() {
    co_return 0;
}

struct counting_listener final : commit_listener {
    void committed() noexcept override { ++notifications; }
    std::atomic<int> notifications = 0;
};

TEST_CASE("a commit listener is notified once for each commit, before the waiting callers are resumed") {
    running_database db;
    background worker;
    counting_listener listener;
    std::vector<std::future<int>> seen;
    const auto writing = [&]() -> awaitable<int> {
        (void)co_await db.users.write([&](transaction& t) -> outcome {
            t.after_commit(listener);
            t.after_commit(listener);
            return 0;
        });
        co_return listener.notifications.load();
    };
    {
        held_writer held{worker, db.users};
        for (int i = 0; i < 5; ++i)
            seen.push_back(worker.start(writing()));
        wait_for_queue(db, 5);
        CHECK(listener.notifications == 0);
    }
    for (auto& each : seen)
        CHECK(each.get() == 1);
    CHECK(listener.notifications == 1);
}

TEST_CASE("a commit listener is not notified of changes that were undone") {
    running_database db;
    counting_listener refused, nested, thrown, kept;
    const auto undone = [&](transaction& t) -> outcome {
        t.after_commit(refused);
        return error{.code = errc::conflict};
    };
    CHECK(run_here(db.users.write(undone)).has_error());
    const auto throwing = [&](transaction& t) -> outcome {
        t.after_commit(thrown);
        throw std::out_of_range{"x"};
    };
    CHECK_THROWS_AS(run_here(db.users.write(throwing)), std::out_of_range);
    const auto partly_undone = [&](transaction& t) -> outcome {
        t.after_commit(kept);
        CHECK_FALSE(t.nested([&] {
            t.after_commit(nested);
            t.after_commit(kept);
            return false;
        }));
        return 0;
    };
    CHECK(run_here(db.users.write(partly_undone)).has_value());
    CHECK(refused.notifications == 0);
    CHECK(thrown.notifications == 0);
    CHECK(nested.notifications == 0);
    CHECK(kept.notifications == 1);
}

TEST_CASE("close runs the waiting writes and refuses later ones") {
    running_database db;
    background worker;
    std::vector<std::future<outcome>> waiting;
    std::thread closer;
    {
        held_writer held{worker, db.users};
        for (int i = 0; i < 300; ++i)
            waiting.push_back(worker.start(db.users.write(account_adder("user" + std::to_string(i)))));
        wait_for_queue(db, 300);
        closer = std::thread{[&] { db.opened->close(); }};
        // Writes that arrive before `close` has closed the queue still wait; the first one after that is refused immediately.
        for (int i = 0; waiting.back().wait_for(std::chrono::seconds{0}) != std::future_status::ready; ++i) {
            waiting.push_back(worker.start(db.users.write(account_adder("late" + std::to_string(i)))));
            worker.start(nothing()).get();
        }
        CHECK(waiting.back().get().error().code == errc::unavailable);
        waiting.pop_back();
    }
    closer.join();
    for (auto& each : waiting)
        CHECK(each.get().has_value());

    CHECK(worker.start(db.users.write(account_adder("after"))).get().error().code == errc::unavailable);
    CHECK(worker.start(db.users.write(account_adder("after"), write_priority::internal)).get().error().code ==
          errc::unavailable);
    const auto read = [](snapshot& s) -> outcome { return s.query_integer("SELECT 1").value_or(0); };
    CHECK(run_here(db.users.read(read)).error().code == errc::unavailable);
    CHECK(db.opened->healthy().has_error());
    db.opened->close();

    db.opened.reset();
    db.opened = db.open();
    db.users = store{*db.opened, "users"};
    CHECK(db.count("SELECT count(*) FROM users_account WHERE name LIKE 'user%'") == 300);
}

} // namespace
} // namespace atrium::storage

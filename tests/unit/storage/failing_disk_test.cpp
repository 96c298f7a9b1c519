#include "background.hpp"
#include "faulty_disk.hpp"
#include "fixture.hpp"

#include <support/catch.hpp>
#include <support/eventually.hpp>

#include <sys/resource.h>

#include <csignal>
#include <string>
#include <vector>

namespace atrium::storage {
namespace {

using outcome = result<std::int64_t>;

auto account_adder(std::string name) {
    return [name = std::move(name)](transaction& t) -> outcome { return add_account(t, name); };
}

/// Adds more data than the writer's cache holds, so that a part of it is written to the write-ahead log before the commit.
outcome add_much(transaction& t) {
    for (int i = 0; i < 24; ++i)
        add_account(t, std::to_string(i) + std::string(1'000'000, 'x'));
    return 0;
}

/// A running database on a disk that can fail.
struct faulty_disk_fixture {
    faulty_disk_fixture() { REQUIRE(run_here(db->users.write(account_adder("first"))).has_value()); }

    /// Starts a write with each of these functions, so that all writes are in one batch.
    template <class... F>
    std::vector<std::future<outcome>> start_in_one_batch(F... functions) {
        std::vector<std::future<outcome>> all;
        held_writer held{worker, db->users};
        (all.push_back(worker.start(db->users.write(std::move(functions)))), ...);
        std::promise<void> queued; // set on the worker after the writes have been started
        asio::post(worker.context(), [&] { queued.set_value(); });
        queued.get_future().wait();
        return all;
    }

    faulty_disk disk;
    std::unique_ptr<running_database> db = std::make_unique<running_database>();
    background worker;
};

TEST_CASE("on a full disk, writes fail and change nothing, and reads continue") {
    faulty_disk_fixture f;
    faulty_disk::capacity = 0;
    auto all = f.start_in_one_batch(account_adder("a"), account_adder("b"), account_adder("c"));
    for (auto& each : all)
        CHECK_THROWS_AS(each.get(), outage);
    CHECK(f.db->opened->healthy().has_error());
    CHECK(f.db->count("SELECT count(*) FROM users_account") == 1);
    CHECK(f.db->stop_reports == 0);

    SECTION("and writes succeed again once there is space") {
        faulty_disk::capacity = INT64_MAX;
        CHECK(run_here(f.db->users.write(account_adder("a"))).has_value());
        CHECK(f.db->opened->healthy().has_value());
        CHECK(f.db->count("SELECT count(*) FROM users_account") == 2);
    }
    SECTION("and the database becomes healthy again on its own, without a write") {
        faulty_disk::capacity = INT64_MAX;
        support::eventually([&] { return f.db->opened->healthy().has_value(); });
    }
    SECTION("and acknowledged changes are kept if the database is closed in this state") {
        f.db->opened->close();
        f.db->opened.reset();
        faulty_disk::capacity = INT64_MAX;
        f.db->opened = f.db->open();
        f.db->users = store{*f.db->opened, "users"};
        CHECK(f.db->count("SELECT count(*) FROM users_account") == 1);
        CHECK(is_intact(f.db->path()));
    }
}

TEST_CASE("if the disk lacks space for one function of a batch, only that function fails") {
    faulty_disk_fixture f;
    faulty_disk::capacity = faulty_disk::log_size + 200'000;
    const auto large = [](transaction& t) -> outcome { return add_account(t, std::string(1'000'000, 'x')); };
    auto all = f.start_in_one_batch(account_adder("a"), large, account_adder("b"));
    CHECK(all[0].get().has_value());
    CHECK_THROWS_WITH(all[1].get(), Catch::Matchers::ContainsSubstring("full"));
    CHECK(all[2].get().has_value());
    CHECK(f.db->count("SELECT count(*) FROM users_account") == 3);
    CHECK(f.db->opened->healthy().has_value());
}

TEST_CASE("if the disk fails in the middle of a function, only that function fails") {
    for (const int error : {SQLITE_FULL, SQLITE_IOERR_WRITE}) {
        faulty_disk_fixture f;
        faulty_disk::capacity = faulty_disk::log_size + 2'000'000;
        faulty_disk::write_error = error;
        auto all = f.start_in_one_batch(account_adder("a"), &add_much, account_adder("b"));
        CHECK(all[0].get().has_value());
        CHECK_THROWS_AS(all[1].get(), outage);
        CHECK(all[2].get().has_value());
        CHECK(f.db->count("SELECT count(*) FROM users_account") == 3);
        CHECK(f.db->stop_reports == 0);
    }
}

TEST_CASE("after a failed sync of a commit, nothing more is written") {
    faulty_disk_fixture f;
    faulty_disk::sync_result = SQLITE_IOERR_FSYNC;
    auto all = f.start_in_one_batch(account_adder("a"), account_adder("b"));
    for (auto& each : all)
        try {
            (void)each.get();
            FAIL("the commit failed, but no failure was reported");
        } catch (const outage&) {
            FAIL("an outage was reported, but an outage means that nothing was changed, and here this is unknown");
        } catch (const failure&) {
            SUCCEED();
        }
    support::eventually([&] { return f.db->stop_reports == 1; });
    CHECK(f.db->opened->healthy().has_error());

    faulty_disk::sync_result = SQLITE_OK;
    for (const auto priority : {write_priority::request, write_priority::internal}) {
        const auto refused = run_here(f.db->users.write(account_adder("later"), priority));
        REQUIRE(refused.has_error());
        CHECK(refused.error().code == errc::unavailable);
    }
    CHECK(f.db->count("SELECT count(*) FROM users_account WHERE name IN ('first', 'later')") == 1);
    CHECK(f.db->stop_reports == 1);

    // It is unknown whether the batch was committed, but the next start must find either all of its changes or none.
    f.db->opened->close();
    f.db->opened.reset();
    f.db->opened = f.db->open();
    f.db->users = store{*f.db->opened, "users"};
    const auto found = f.db->count("SELECT count(*) FROM users_account");
    CHECK((found == 1 || found == 3));
    CHECK(is_intact(f.db->path()));
}

TEST_CASE("if a commit fails with a write error other than a full disk, the database reports that the process must stop") {
    faulty_disk_fixture f;
    faulty_disk::capacity = 0;
    faulty_disk::write_error = SQLITE_IOERR_WRITE;
    CHECK_THROWS_AS(run_here(f.db->users.write(account_adder("a"))), failure);
    support::eventually([&] { return f.db->stop_reports == 1; });
}

/// Limits the size of the files of this process to `bytes`. The kernel refuses writes beyond this size with EFBIG.
class file_size_limit {
public:
    explicit file_size_limit(rlim_t bytes) {
        previous_handler_ = std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &previous_limit_);
        const rlimit limit{bytes, previous_limit_.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
    }
    ~file_size_limit() {
        ::setrlimit(RLIMIT_FSIZE, &previous_limit_);
        std::signal(SIGXFSZ, previous_handler_);
    }
    file_size_limit(const file_size_limit&) = delete;
    file_size_limit& operator=(const file_size_limit&) = delete;

private:
    rlimit previous_limit_{};
    void (*previous_handler_)(int);
};

TEST_CASE("a file size limit of the operating system is handled like a full disk") {
    running_database db;
    const auto add = [](transaction& t) -> outcome {
        const auto number = t.query_integer("SELECT count(*) FROM users_account").value();
        return add_account(t, std::to_string(number) + std::string(50'000, 'x'));
    };
    int written = 0;
    {
        const file_size_limit limit{1'000'000};
        bool is_full = false;
        for (int i = 0; !is_full && i < 1000; ++i)
            try {
                written += run_here(db.users.write(add)).has_value() ? 1 : 0;
            } catch (const failure&) {
                is_full = true;
            }
        CHECK(is_full);
        CHECK(db.count("SELECT count(*) FROM users_account") == written);
        CHECK(db.stop_reports == 0);
    }
    CHECK(run_here(db.users.write(add)).has_value());
    CHECK(db.count("SELECT count(*) FROM users_account") == written + 1);
    CHECK(db.opened->healthy().has_value());
}

} // namespace
} // namespace atrium::storage

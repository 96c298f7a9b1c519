#include "fixture.hpp"

#include <support/catch.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <string>
#include <vector>

namespace atrium::storage {
namespace {

/// Adds accounts until the process is killed. Sends the id of each account through the pipe once it has been added.
awaitable<> write_without_end(store store, int pipe_end) {
    for (;;) {
        const auto id = co_await store.write([](transaction& t) -> result<std::int64_t> {
            const auto next = t.query_integer("SELECT coalesce(max(id), 0) + 1 FROM users_account").value();
            const auto added = add_account(t, "user" + std::to_string(next));
            t.execute("UPDATE users_account SET score = ?1 WHERE id = ?2", static_cast<double>(added), added);
            return added;
        });
        if (!id || ::write(pipe_end, &*id, sizeof *id) != sizeof *id)
            ::_exit(1);
    }
}

/// Opens the database and writes to it until the process is killed.
[[noreturn]] void write_until_killed(const std::filesystem::path& path, int pipe_end) {
    metrics::registry metrics;
    const auto schemas = test_schemas();
    sqlite::sqlite_database db{{.path = path}, schemas, metrics, logger{}};
    db.migrate();
    db.start({});
    asio::io_context context{1};
    for (int i = 0; i < 8; ++i)
        asio::co_spawn(context, write_without_end(store{db, "users"}, pipe_end), [](std::exception_ptr) { ::_exit(1); });
    context.run();
    ::_exit(1);
}

/// Starts a child that writes, kills it after `count` acknowledgments, and returns the acknowledged ids.
std::vector<std::int64_t> kill_after(std::size_t count, const std::filesystem::path& path) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const auto child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        write_until_killed(path, ends[1]);
    }
    ::close(ends[1]);
    std::vector<std::int64_t> acknowledged;
    std::int64_t id = 0;
    while (::read(ends[0], &id, sizeof id) == sizeof id) {
        acknowledged.push_back(id);
        if (acknowledged.size() == count)
            ::kill(child, SIGKILL);
    }
    ::close(ends[0]);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    return acknowledged;
}

TEST_CASE("acknowledged writes are still complete after the process has been killed") {
    const support::temporary_directory folder;
    const auto path = folder / "test.db";
    std::vector<std::int64_t> acknowledged;
    for (const std::size_t count : {1U, 20U, 300U, 77U, 501U}) {
        const auto ids = kill_after(count, path);
        REQUIRE(ids.size() >= count);
        acknowledged.insert(acknowledged.end(), ids.begin(), ids.end());
    }

    metrics::registry metrics;
    const auto schemas = test_schemas();
    sqlite::sqlite_database db{{.path = path}, schemas, metrics, logger{}};
    db.start({});
    CHECK(is_intact(path));
    const auto count_lost = [&](snapshot& s) -> result<std::int64_t> {
        std::int64_t lost = 0;
        for (const auto id : acknowledged)
            lost += s.query_integer("SELECT count(*) FROM users_account WHERE id = ?1", id) == 1 ? 0 : 1;
        return lost;
    };
    CHECK(run_here(store{db, "users"}.read(count_lost)).value() == 0);
    const auto count_incomplete = [](snapshot& s) -> result<std::int64_t> {
        return s.query_integer("SELECT count(*) FROM users_account WHERE score IS NOT id").value();
    };
    CHECK(run_here(store{db, "users"}.read(count_incomplete)).value() == 0);
}

} // namespace
} // namespace atrium::storage

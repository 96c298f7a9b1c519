#include "fixture.hpp"

#include <support/catch.hpp>

#include <stdexcept>
#include <thread>

namespace atrium::storage {
namespace {

TEST_CASE("a completed write is visible to reads on every thread") {
    running_database db;
    const auto id = run_here(db.users.write([](transaction& t) -> result<std::int64_t> { return add_account(t, "ann"); }));
    REQUIRE(id.value() == 1);

    CHECK(db.count("SELECT count(*) FROM users_account") == 1);
    std::thread{[&] { CHECK(db.count("SELECT count(*) FROM users_account") == 1); }}.join();
}

TEST_CASE("if the function of a write returns an error, its changes are undone and the caller gets the error") {
    running_database db;
    const auto refused = run_here(db.users.write([](transaction& t) -> result<int> {
        add_account(t, "ann");
        return error{.code = errc::conflict, .detail = "no"};
    }));
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == errc::conflict);
    CHECK(db.count("SELECT count(*) FROM users_account") == 0);
}

TEST_CASE("if the function of a write throws, its changes are undone and the exception is rethrown to the caller") {
    running_database db;
    const auto throwing = [](transaction& t) -> result<int> {
        add_account(t, "ann");
        throw std::out_of_range{"thrown by the function"};
    };
    CHECK_THROWS_AS(run_here(db.users.write(throwing)), std::out_of_range);
    CHECK(db.count("SELECT count(*) FROM users_account") == 0);
}

TEST_CASE("the id of a deleted row is never assigned again") {
    running_database db;
    const auto add_and_remove = [](transaction& t) -> result<std::int64_t> {
        const auto id = add_account(t, "ann");
        CHECK(t.execute("DELETE FROM users_account WHERE id = ?1", id) == 1);
        return id;
    };
    CHECK(run_here(db.users.write(add_and_remove)).value() == 1);
    CHECK(run_here(db.users.write(add_and_remove)).value() == 2);
}

} // namespace
} // namespace atrium::storage

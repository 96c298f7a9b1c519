#include "users_process.hpp"

#include <support/catch.hpp>

#include <array>

using namespace atrium;
using namespace atrium::users;

TEST_CASE("the directory finds a user by name, ignoring case") {
    users_process process;
    process.create("Ann");
    const auto ann = support::run(process.users.directory().find_user_by_name("aNN", call{}));
    REQUIRE(ann);
    CHECK(ann->id == user_id{1});
    CHECK(ann->username == "Ann");
    CHECK(ann->revision == 1);

    const auto missing = support::run(process.users.directory().find_user_by_name("bob", call{}));
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == errc::not_found);
}

TEST_CASE("the directory returns a result for each id, in the order of the ids") {
    users_process process;
    process.create("ann");
    process.create("bob");
    const std::array ids{user_id{2}, user_id{99}, user_id{1}, user_id{2}};
    const auto users = support::run(process.users.directory().find_users(ids, call{})).value();
    REQUIRE(users.size() == 4);
    CHECK(users[0]->username == "bob");
    CHECK_FALSE(users[1]);
    CHECK(users[2]->username == "ann");
    CHECK(users[3]->username == "bob");
}

TEST_CASE("the description of the users module contains its name, migrations and subscriptions") {
    const auto description = describe();
    CHECK(description.name == "users");
    CHECK_FALSE(description.migrations.empty());
    REQUIRE(description.subscriptions.size() == 1);
    CHECK(description.subscriptions[0].name == "users.order_statistics");
}

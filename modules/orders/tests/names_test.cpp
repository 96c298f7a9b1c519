#include "orders_fixture.hpp"

#include <support/catch.hpp>
#include <users/events.hpp>

using namespace atrium;
using namespace atrium::orders;

TEST_CASE("the orders of a renamed user show the new name, with a new ETag") {
    orders_fixture process;
    process.create_user("ann");
    process.place("ann", "tea");
    process.patch("/users/1", R"({"username":"anna"})");
    process.settle();

    const auto answer = process.get("/orders/1");
    CHECK(answer.json().at("user") == "anna");
    CHECK(answer.json().at("revision") == 1);
    CHECK(answer.header("ETag") == "\"1-2\"");
    CHECK(ids(process.get("/orders/?user=Anna")) == numbers{1});
    CHECK(ids(process.get("/orders/?user=ann")).empty());
}

TEST_CASE("if only the case of a user's name changes, the user's orders show the new name and get a new ETag") {
    orders_fixture process;
    process.create_user("ann");
    process.place("ann", "tea");
    process.patch("/users/1", R"({"username":"Ann"})");
    process.settle();
    CHECK(process.get("/orders/1").json().at("user") == "Ann");
    CHECK(process.get("/orders/1").header("ETag") == "\"1-2\"");
}

TEST_CASE("if a field of a user other than the name changes, the ETags of the user's orders stay the same") {
    orders_fixture process;
    process.create_user("ann");
    process.place("ann", "tea");
    process.patch("/users/1", R"({"email":"new@example.com"})");
    process.settle();
    CHECK(process.get("/orders/1").header("ETag") == "\"1-1\"");
}

TEST_CASE("an older name of a user that arrives late never replaces the newer name") {
    orders_fixture process;
    process.create_user("ann");
    process.place("ann", "tea");
    process.publish(user_event(users::user_updated, 1, "new", 1000));
    process.publish(user_event(users::user_updated, 1, "old", 999));
    process.settle();
    CHECK(process.get("/orders/1").json().at("user") == "new");
    CHECK(process.get("/orders/1").header("ETag") == "\"1-2\"");

    SECTION("if an order is placed, an older name from the directory does not replace the newer name") {
        const auto placed = process.post("/orders/", R"({"username":"ann","product_name":"milk"})");
        CHECK(placed.json().at("order").at("user") == "new");
        CHECK(placed.header("ETag") == "\"1-2\"");
    }
}

TEST_CASE("an order that is placed after a rename shows the new name, even if user_updated has not arrived yet") {
    orders_fixture process;
    process.publish(
        user_event(users::user_updated, 1, "too early", 1)); // orders has no row for this user, so nothing is renamed
    process.create_user("ann");
    process.place("ann", "tea");
    process.settle();
    CHECK(process.get("/orders/1").json().at("user") == "ann");

    process.patch("/users/1", R"({"username":"anna"})");
    const auto placed = process.post("/orders/", R"({"username":"anna","product_name":"milk"})");
    CHECK(placed.json().at("order").at("user") == "anna");
    CHECK(placed.header("ETag") == "\"1-2\"");
    process.settle();
    CHECK(process.get("/orders/1").header("ETag") == "\"1-2\"");
}

TEST_CASE("while the orders module stores the same name for two users, the filter by that name shows the orders of both") {
    orders_fixture process;
    process.create_user("ann");
    process.create_user("bob");
    process.place("bob", "tea");
    process.place("ann", "tea");
    process.place("bob", "milk");
    process.publish(
        user_event(users::user_updated, 2, "Ann", 1000)); // as if ann had been renamed before, by an event that comes late
    process.settle();
    CHECK(ids(process.get("/orders/?user=ann")) == numbers{1, 2, 3});
    CHECK(ids(process.get("/orders/?user=ann&product_name=t")) == numbers{1, 2});
    CHECK(ids(process.get("/orders/?user=ann&sort=user_id")) == numbers{2, 1, 3});
    CHECK(ids(process.get("/orders/?user=ann&sort=-user_id")) == numbers{3, 1, 2});
    CHECK(ids(process.get("/orders/?user=ann&sort=product_name")) == numbers{3, 1, 2});
    CHECK(ids(process.get("/orders/?user=ann&status=placed")) == numbers{1, 2, 3});
}

TEST_CASE("an invalid event about a user becomes a dead letter") {
    orders_fixture process;
    process.publish({.topic = std::string{users::user_updated}, .key = "user/1", .data = "{}"});
    process.publish({.topic = std::string{users::user_deleted}, .key = "user/1", .data = "{}"});
    process.settle();
    CHECK(process.dead_letters() == 2);
}

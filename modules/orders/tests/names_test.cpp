#include "shop.hpp"

#include <support/catch.hpp>
#include <users/events.hpp>

using namespace atrium;
using namespace atrium::orders;

TEST_CASE("the orders of a renamed user show the new name, with a new ETag") {
    orders_fixture here;
    here.create_user("ann");
    here.place("ann", "tea");
    here.patch("/users/1", R"({"username":"anna"})");
    here.settle();

    const auto shown = here.get("/orders/1");
    CHECK(shown.json().at("user") == "anna");
    CHECK(shown.json().at("revision") == 1);
    CHECK(shown.header("ETag") == "\"1-2\"");
    CHECK(ids(here.get("/orders/?user=Anna")) == numbers{1});
    CHECK(ids(here.get("/orders/?user=ann")).empty());
}

TEST_CASE("a change of case in a user's name changes the order") {
    orders_fixture here;
    here.create_user("ann");
    here.place("ann", "tea");
    here.patch("/users/1", R"({"username":"Ann"})");
    here.settle();
    CHECK(here.get("/orders/1").json().at("user") == "Ann");
    CHECK(here.get("/orders/1").header("ETag") == "\"1-2\"");
}

TEST_CASE("a user's change of another field than the name keeps the ETags of the orders") {
    orders_fixture here;
    here.create_user("ann");
    here.place("ann", "tea");
    here.patch("/users/1", R"({"email":"new@example.com"})");
    here.settle();
    CHECK(here.get("/orders/1").header("ETag") == "\"1-1\"");
}

TEST_CASE("an older name that arrives late never replaces a newer one") {
    orders_fixture here;
    here.create_user("ann");
    here.place("ann", "tea");
    here.publish(user_event(users::user_updated, 1, "new", 1000));
    here.publish(user_event(users::user_updated, 1, "old", 999));
    here.settle();
    CHECK(here.get("/orders/1").json().at("user") == "new");
    CHECK(here.get("/orders/1").header("ETag") == "\"1-2\"");

    SECTION("not even if an order is placed with it") {
        const auto placed = here.post("/orders/", R"({"username":"ann","product_name":"milk"})");
        CHECK(placed.json().at("order").at("user") == "new");
        CHECK(placed.header("ETag") == "\"1-2\"");
    }
}

TEST_CASE("an order updates the name before the event arrives") {
    orders_fixture here;
    here.publish(user_event(users::user_updated, 1, "too early", 1)); // orders does not know this user: nothing to rename
    here.create_user("ann");
    here.place("ann", "tea");
    here.settle();
    CHECK(here.get("/orders/1").json().at("user") == "ann");

    here.patch("/users/1", R"({"username":"anna"})");
    const auto placed = here.post("/orders/", R"({"username":"anna","product_name":"milk"})");
    CHECK(placed.json().at("order").at("user") == "anna");
    CHECK(placed.header("ETag") == "\"1-2\"");
    here.settle();
    CHECK(here.get("/orders/1").header("ETag") == "\"1-2\"");
}

TEST_CASE("while two users have the same name here, the list shows the orders of both") {
    orders_fixture here;
    here.create_user("ann");
    here.create_user("bob");
    here.place("bob", "tea");
    here.place("ann", "tea");
    here.place("bob", "milk");
    here.publish(user_event(users::user_updated, 2, "Ann", 1000)); // ann's own rename is still on its way
    here.settle();
    CHECK(ids(here.get("/orders/?user=ann")) == numbers{1, 2, 3});
    CHECK(ids(here.get("/orders/?user=ann&product_name=t")) == numbers{1, 2});
    CHECK(ids(here.get("/orders/?user=ann&sort=user_id")) == numbers{2, 1, 3});
    CHECK(ids(here.get("/orders/?user=ann&sort=-user_id")) == numbers{3, 1, 2});
    CHECK(ids(here.get("/orders/?user=ann&sort=product_name")) == numbers{3, 1, 2});
    CHECK(ids(here.get("/orders/?user=ann&status=placed")) == numbers{1, 2, 3});
}

TEST_CASE("an invalid event about a user becomes a dead letter") {
    orders_fixture here;
    here.publish({.topic = std::string{users::user_updated}, .key = "user/1", .data = "{}"});
    here.publish({.topic = std::string{users::user_deleted}, .key = "user/1", .data = "{}"});
    here.settle();
    CHECK(here.dead_letters() == 2);
}

#include "order_events.hpp"
#include "service.hpp"
#include "users_process.hpp"

#include <support/catch.hpp>
#include <users/events.hpp>

using namespace atrium;
using namespace atrium::users;

TEST_CASE("created orders increase their user's order count, and last_order_at becomes the time of the latest event") {
    users_process process;
    process.create("ann");
    process.time().advance(std::chrono::minutes{1});
    process.publish(order_event(order_created, 1, 1));
    process.publish(order_event(order_created, 2, 1));
    process.settle();

    const auto ann = process.get("/users/1").json();
    CHECK(ann.at("order_count") == 2);
    const auto last = process.published(order_created).back().time;
    CHECK(ann.at("last_order_at").as_string() == std::string_view{to_rfc3339(last)});
    CHECK(ann.at("revision") == 3);
    CHECK(ann.at("updated_at") == "2026-11-22T12:01:00.000Z");
}

TEST_CASE("a deleted order reduces its user's order count, and last_order_at stays the same") {
    users_process process;
    process.create("ann");
    process.publish(order_event(order_created, 1, 1));
    process.publish(order_event(order_deleted, 1, 1));
    process.settle();

    const auto ann = process.get("/users/1").json();
    CHECK(ann.at("order_count") == 0);
    CHECK(ann.at("last_order_at").is_string());
    CHECK(ann.at("revision") == 3);
}

TEST_CASE("the order count never falls below zero, and if it stays the same, so does the user's revision") {
    users_process process;
    process.create("ann");
    process.publish(order_event(order_deleted, 1, 1));
    process.settle();
    CHECK(process.get("/users/1").json().at("order_count") == 0);
    CHECK(process.get("/users/1").header("ETag") == "\"1\"");
}

TEST_CASE("last_order_at never changes to an earlier time") {
    users_process process;
    process.create("ann");
    service accounts{{process.store("users"), process.bus(), process.time()}};
    const auto noon = process.time().now();
    support::run(process.store("users").write([&](storage::transaction& t) -> result<> {
        accounts.count_order(t, {.order = {{1}}, .user = {1}, .time = noon});
        accounts.count_order(t, {.order = {{2}}, .user = {1}, .time = noon - std::chrono::hours{1}});
        return {};
    })).value();
    CHECK(process.get("/users/1").json().at("last_order_at") == "2026-11-22T12:00:00.000Z");
    CHECK(process.get("/users/1").json().at("order_count") == 2);
}

TEST_CASE("events about orders of unknown users are ignored") {
    users_process process;
    process.publish(order_event(order_created, 1, 99));
    process.publish(order_event(order_deleted, 1, 99));
    process.settle();
    CHECK(process.dead_letters() == 0);
}

TEST_CASE("an invalid event about an order becomes a dead letter") {
    users_process process;
    process.publish({.topic = std::string{order_created}, .key = "order/1", .data = "{}"});
    process.settle();
    CHECK(process.dead_letters() == 1);
}

TEST_CASE("counting the orders of a user publishes no user_updated event") {
    users_process process;
    process.create("ann");
    process.publish(order_event(order_created, 1, 1));
    process.settle();
    CHECK(process.published(user_updated).empty());
}

TEST_CASE("an order whose event has no user id is counted for the user whose name the event contains") {
    users_process process;
    process.create("ann");
    for (const auto* user : {"ANN", "nobody"})
        process.publish({.topic = std::string{order_created},
                         .key = std::string{"bridge/"} + user,
                         .data = std::string{R"({"product_name":"tea","user":")"} + user + "\"}"});
    process.settle();
    CHECK(process.get("/users/1").json().at("order_count") == 1);
    CHECK(process.dead_letters() == 0);
}

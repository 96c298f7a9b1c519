// The handlers of orders and users when events come late, twice, or not at all.
#include "orders_fixture.hpp"

#include <orders/events.hpp>
#include <support/catch.hpp>
#include <users/events.hpp>

using namespace atrium;
using namespace atrium::orders;

namespace {

/// Delivers every event of the journal again to every subscription, in the order of publication or against it.
void deliver_again(orders_fixture& process, bool is_reversed) {
    support::run(process.store("events").write([&](storage::transaction& t) -> result<> {
        t.execute("INSERT INTO events_delivery (subscription, seq, place, key, priority, state)"
                  " SELECT s.id, l.seq, ?1 * l.seq, l.key, l.priority, CASE WHEN 1 ="
                  "  row_number() OVER (PARTITION BY s.id, l.key ORDER BY ?1 * l.seq) THEN 'ready' ELSE 'queued' END"
                  " FROM events_subscription AS s JOIN events_log AS l ON instr(' ' || s.topics || ' ', ' ' || l.topic || ' ')",
                  is_reversed ? -1 : 1);
        return {};
    })).value();
    process.publish(user_event(users::user_updated, 99, "nobody", 2)); // wakes the handlers
    process.publish(user_event(users::user_deleted, 99, "nobody", 3));
    process.publish({.topic = std::string{order_created}, .key = "order/99", .data = R"({"user_id":99})"});
    process.settle();
}

/// Everything that clients see of users and orders, but for the ETags of the lists.
std::string visible(orders_fixture& process) {
    process.settle();
    return process.get("/users/").body + process.get("/orders/").body + process.get("/orders/1").header("ETag") +
           process.get("/orders/3").header("ETag");
}

/// Two users with renames, changed and deleted orders, and a user who was deleted with an order.
void write_history(orders_fixture& process) {
    process.create_user("ann");
    process.create_user("bob");
    process.create_user("carl");
    process.place("ann", "tea");
    process.place("ann", "milk");
    process.place("bob", "tea");
    process.place("carl", "tea");
    process.patch("/users/1", R"({"username":"anna"})");
    process.patch("/users/1", R"({"username":"annabel"})");
    process.patch("/orders/1", R"({"quantity":2})");
    process.remove("/orders/2");
    process.remove("/users/3");
    process.settle();
    process.place("annabel", "coffee");
    process.settle();
}

/// Repairs the data of the events that have none, as an operator would edit them.
void repair_events(orders_fixture& process, const std::string& data) {
    support::run(process.store("events").write([&](storage::transaction& t) -> result<> {
        t.execute("UPDATE events_log SET data = ?1 WHERE data = '{}'", data);
        return {};
    })).value();
}

} // namespace

TEST_CASE("if the whole history is delivered again, in any order, no user and no order changes, and no event is published") {
    orders_fixture process;
    write_history(process);
    const auto before = visible(process);
    const auto events_before = process.published().size();
    REQUIRE(process.dead_letters() == 0);

    deliver_again(process, GENERATE(false, true));
    CHECK(visible(process) == before);
    CHECK(process.published().size() == events_before + 3);
    CHECK(process.dead_letters() == 0);
}

TEST_CASE("a dead user_updated that is retried after a later name was handled changes nothing") {
    orders_fixture process;
    process.create_user("ann");
    process.place("ann", "tea");
    process.settle();
    process.publish({.topic = std::string{users::user_updated}, .key = "user/1", .data = "{}"});
    process.settle();
    REQUIRE(process.dead_letters() == 1);
    process.patch("/users/1", R"({"username":"annabel"})");
    process.settle();
    repair_events(process, user_event(users::user_updated, 1, "anna", 2).data);

    process.retry_dead_letters();
    process.settle();
    CHECK(process.dead_letters() == 0);
    CHECK(process.get("/orders/1").json().at("user") == "annabel");
    CHECK(process.get("/orders/1").header("ETag") == "\"1-2\"");
}

TEST_CASE("a name whose event is lost is corrected by the event of the next one") {
    orders_fixture process;
    process.create_user("ann");
    process.place("ann", "tea");
    process.settle();
    process.publish(user_event(users::user_updated, 1, "annabel", 1000)); // the events of the names before did not come
    process.settle();
    CHECK(process.get("/orders/1").json().at("user") == "annabel");
}

TEST_CASE("if user_deleted is lost, the user's orders stay, and they are removed once when it comes late") {
    orders_fixture process;
    process.create_user("ann");
    process.place("ann", "tea");
    process.place("ann", "milk");
    process.settle();
    support::run(process.store("users").write([](storage::transaction& t) -> result<> {
        t.execute("DELETE FROM users_account WHERE id = 1");
        return {};
    })).value();
    CHECK(ids(process.get("/orders/")) == numbers{1, 2});

    for (int i = 0; i < 2; ++i) {
        process.publish(user_event(users::user_deleted, 1, "ann", 1000));
        process.publish(user_event(users::user_updated, 1, "anna", 2)); // comes even later
        process.settle();
        CHECK(ids(process.get("/orders/")).empty());
        CHECK(process.published(order_deleted).size() == 2);
    }
    CHECK(process.dead_letters() == 0);
}

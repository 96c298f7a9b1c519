// Tests the handlers of orders and users with events that come late, twice, or not at all.
#include "orders_fixture.hpp"

#include <orders/events.hpp>
#include <support/catch.hpp>
#include <users/events.hpp>

#include <map>
#include <string>
#include <vector>

using namespace atrium;
using namespace atrium::orders;

namespace {

/// Delivers every event of the journal again to every subscription, in the order of publication or in the reverse order.
void deliver_again(orders_fixture& process, bool is_reversed) {
    support::run(process.store("events").write([&](storage::transaction& t) -> result<> {
        t.execute("INSERT INTO events_delivery (subscription, seq, place, key, priority, state)"
                  " SELECT s.id, l.seq, ?1 * l.seq, l.key, l.priority, CASE WHEN 1 ="
                  "  row_number() OVER (PARTITION BY s.id, l.key ORDER BY ?1 * l.seq) THEN 'ready' ELSE 'queued' END"
                  " FROM events_subscription AS s JOIN events_log AS l ON instr(' ' || s.topics || ' ', ' ' || l.topic || ' ')",
                  is_reversed ? -1 : 1);
        return {};
    })).value();
    // These three events wake the handlers of all three subscriptions.
    process.publish(user_event(users::user_updated, 99, "zoe", 2));
    process.publish(user_event(users::user_deleted, 99, "zoe", 3));
    process.publish({.topic = std::string{order_created}, .key = "order/99", .data = R"({"user_id":99})"});
    process.settle();
}

/// What clients see of users and orders: both lists, and the ETags of the orders 1 and 3.
std::string read_visible_state(orders_fixture& process) {
    process.settle();
    return process.get("/users/").body + process.get("/orders/").body + process.get("/orders/1").header("ETag") +
           process.get("/orders/3").header("ETag");
}

/// Creates three users and their orders. Renames the first user, changes one order, deletes another, and deletes the third
/// user.
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

/// Replays all past events to a subscription, as an operator would, and waits until they are handled.
events::bulk_operation replay(orders_fixture& process, const std::string& subscription, const std::string& id) {
    auto done = support::run(process.operations().replay({.subscription = subscription}, id, {})).value();
    process.settle();
    return done;
}

void change(orders_fixture& process, const std::string& owner, const std::vector<std::string>& statements) {
    support::run(process.store(owner).write([&](storage::transaction& t) -> result<> {
        for (const auto& sql : statements)
            t.execute(sql);
        return {};
    })).value();
}

/// The order counts of all users, by id.
numbers order_counts(orders_fixture& process) {
    numbers all;
    const auto list = process.get("/users/").json();
    for (const auto& user : list.as_array())
        all.push_back(user.at("order_count").as_int64());
    return all;
}

std::string user_of_order(orders_fixture& process, std::int64_t order) {
    return std::string{process.get("/orders/" + std::to_string(order)).json().at("user").as_string()};
}

/// Repairs events without data, as an operator would by editing dead letters.
void repair_events(orders_fixture& process, const std::string& data) {
    support::run(process.store("events").write([&](storage::transaction& t) -> result<> {
        t.execute("UPDATE events_log SET data = ?1 WHERE data = '{}'", data);
        return {};
    })).value();
}

} // namespace

TEST_CASE(
    "if all events are delivered again, in their order or in reverse, no user or order changes and no event is published") {
    orders_fixture process;
    write_history(process);
    const auto before = read_visible_state(process);
    const auto events_before = process.published().size();
    REQUIRE(process.dead_letters() == 0);

    deliver_again(process, GENERATE(false, true));
    CHECK(read_visible_state(process) == before);
    CHECK(process.published().size() == events_before + 3);
    CHECK(process.dead_letters() == 0);
}

TEST_CASE("a replay of all events to every subscription changes nothing that clients see, and publishes only an event about "
          "the replay") {
    orders_fixture process;
    write_history(process);
    const auto before = read_visible_state(process);
    const auto events_before = process.published().size();
    const std::map<std::string, std::int64_t> events_of{
        {"users.order_statistics", 7}, {"orders.user_names", 2}, {"orders.user_departure", 1}};
    for (const auto& [subscription, count] : events_of)
        for (const auto* id : {"first", "second"}) {
            INFO(subscription << ", " << id);
            const auto done = replay(process, subscription, subscription + "." + id);
            CHECK(done.matched == count);
            CHECK(done.done == count);
            CHECK(replay(process, subscription, subscription + "." + id).id == done.id);
            CHECK(read_visible_state(process) == before);
        }
    CHECK(process.dead_letters() == 0);
    CHECK(process.published().size() == events_before + 2 * events_of.size());
    CHECK(process.published("operations.replayed").size() == 2 * events_of.size());
}

TEST_CASE("a replay counts orders that were not counted before, but a second replay with the same id has no effect") {
    orders_fixture process;
    write_history(process);
    const numbers right_counts{2, 1};
    REQUIRE(order_counts(process) == right_counts);
    const auto forget = [&] {
        change(process, "users", {"DELETE FROM users_order", "UPDATE users_account SET order_count = 0"});
    };
    forget();
    CHECK(replay(process, "users.order_statistics", "r-1").done == 7);
    CHECK(order_counts(process) == right_counts);
    forget();
    (void)replay(process, "users.order_statistics", "r-1"); // has no effect, because a replay with this id is done
    CHECK(order_counts(process) == numbers{0, 0});
    (void)replay(process, "users.order_statistics", "r-2");
    CHECK(order_counts(process) == right_counts);
    CHECK(process.dead_letters() == 0);
}

TEST_CASE("a replay corrects an outdated name, but a second replay with the same id has no effect") {
    orders_fixture process;
    write_history(process);
    REQUIRE(user_of_order(process, 1) == "annabel");
    const auto forget = [&] {
        change(process, "orders", {"UPDATE orders_user SET username = 'ann', revision = 1 WHERE id = 1"});
    };
    forget();
    CHECK(replay(process, "orders.user_names", "r-1").done == 2);
    CHECK(user_of_order(process, 1) == "annabel");
    forget();
    (void)replay(process, "orders.user_names", "r-1");
    CHECK(user_of_order(process, 1) == "ann");
    (void)replay(process, "orders.user_names", "r-2");
    CHECK(user_of_order(process, 1) == "annabel");
}

TEST_CASE("a replay removes the remaining orders of a deleted user, but a second replay with the same id has no effect") {
    orders_fixture process;
    write_history(process);
    const auto before = ids(process.get("/orders/"));
    const auto removed = process.published(order_deleted).size();
    const auto undo_departure = [&](const std::string& order) { // as if carl and this order of carl had never been deleted
        change(process, "orders",
               {"INSERT INTO orders_order (id, user_id, product_name, quantity, status, created_at, updated_at)"
                " VALUES (" +
                    order + ", 3, 'tea', 1, 0, 0, 0)",
                "UPDATE orders_user SET username = 'carl', deleted = 0 WHERE id = 3"});
    };
    undo_departure("101");
    CHECK(replay(process, "orders.user_departure", "r-1").done == 1);
    CHECK(ids(process.get("/orders/")) == before);
    CHECK(process.published(order_deleted).size() == removed + 1);
    undo_departure("102");
    (void)replay(process, "orders.user_departure", "r-1");
    CHECK(ids(process.get("/orders/")).size() == before.size() + 1);
    (void)replay(process, "orders.user_departure", "r-2");
    CHECK(ids(process.get("/orders/")) == before);
    CHECK(process.published(order_deleted).size() == removed + 2);
}

TEST_CASE("the retry of a dead letter of user_updated changes nothing if a later rename of the user has been handled") {
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

TEST_CASE("if the event about a rename is lost, the event about the next rename corrects the name that orders show") {
    orders_fixture process;
    process.create_user("ann");
    process.place("ann", "tea");
    process.settle();
    process.publish(
        user_event(users::user_updated, 1, "annabel", 1000)); // as if the events about earlier renames had been lost
    process.settle();
    CHECK(process.get("/orders/1").json().at("user") == "annabel");
}

TEST_CASE(
    "the orders of a deleted user stay until user_deleted arrives, however late, and a repeated user_deleted changes nothing") {
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
        process.publish(user_event(users::user_updated, 1, "anna", 2)); // an older event that comes even later
        process.settle();
        CHECK(ids(process.get("/orders/")).empty());
        CHECK(process.published(order_deleted).size() == 2);
    }
    CHECK(process.dead_letters() == 0);
}

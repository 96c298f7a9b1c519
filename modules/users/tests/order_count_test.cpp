// Tests the order counts if events come late, twice, or not at all. The last tests begin with the database of a version that
// did not have the table of counted orders (users_order) yet.
#include "order_events.hpp"
#include "order_table.hpp"
#include "service.hpp"
#include "users_process.hpp"

#include <metrics/registry.hpp>
#include <storage/sqlite/database.hpp>
#include <support/broken_database.hpp>
#include <support/catch.hpp>
#include <support/eventually.hpp>

#include <limits>

using namespace atrium;
using namespace atrium::users;
using namespace std::chrono_literals;

namespace {

std::int64_t query_number(users_process& process, std::string_view sql) {
    return support::run(process.store("users").read(
                            [&](storage::snapshot& s) -> result<std::int64_t> { return s.query_integer(sql).value_or(-1); }))
        .value();
}

/// The user's order count, once all events are handled. Also checks that users_account and users_order agree.
std::int64_t order_count(users_process& process, std::int64_t user = 1) {
    process.settle();
    CHECK(query_number(process,
                       "SELECT count(*) FROM users_account AS a WHERE order_count <> unlisted_orders +"
                       " (SELECT count(*) FROM users_order AS o WHERE o.user_id = a.id AND o.tombstone IS NULL)") == 0);
    return process.get("/users/" + std::to_string(user)).json().at("order_count").as_int64();
}

void set_revision(users_process& process, std::int64_t revision) {
    support::run(process.store("users").write([&](storage::transaction& t) -> result<> {
        t.execute("UPDATE users_account SET revision = ?1 WHERE id = 1", revision);
        return {};
    })).value();
}

/// Makes the handler fail for ann. Sets her revision to the largest integer of SQLite, so the handler cannot increase it.
void break_counting(users_process& process) {
    set_revision(process, std::numeric_limits<std::int64_t>::max());
}

void repair_counting(users_process& process) {
    set_revision(process, 10);
}

/// Handles an event as the subscription does, in a transaction of the module.
void handle(users_process& process, std::string_view topic, std::int64_t order, timestamp time, bool is_replay = false,
            std::int64_t user = 1) {
    service accounts{{process.store("users"), process.bus(), process.time()}};
    support::run(process.store("users").write([&](storage::transaction& t) -> result<> {
        const order_change change{.order = {{order}}, .user = {user}, .time = time, .is_replay = is_replay};
        topic == order_created ? accounts.count_order(t, change) : accounts.discount_order(t, change);
        return {};
    })).value();
}

} // namespace

TEST_CASE("an order is not counted if the dead letter of its order_created is retried after its order_deleted was handled") {
    users_process process;
    process.create("ann");
    break_counting(process);
    process.publish(order_event(order_created, 1));
    process.settle();
    REQUIRE(process.dead_letters() == 1);
    repair_counting(process);
    process.publish(order_event(order_deleted, 1));
    CHECK(order_count(process) == 0);

    process.retry_dead_letters();
    CHECK(order_count(process) == 0);
    CHECK(process.dead_letters() == 0);
    const auto ordered = process.published(order_created).back().time;
    CHECK(process.get("/users/1").json().at("last_order_at").as_string() == std::string_view{to_rfc3339(ordered)});
}

TEST_CASE("an order is counted if the dead letter of its order_created is retried while the order exists") {
    users_process process;
    process.create("ann");
    break_counting(process);
    process.publish(order_event(order_created, 1));
    process.settle();
    repair_counting(process);
    process.publish(order_event(order_created, 2));
    CHECK(order_count(process) == 1);
    process.retry_dead_letters();
    CHECK(order_count(process) == 2);
    process.publish(order_event(order_deleted, 1));
    CHECK(order_count(process) == 1);
}

TEST_CASE("an order is subtracted once if the dead letter of its order_deleted is retried") {
    users_process process;
    process.create("ann");
    process.publish(order_event(order_created, 1));
    process.publish(order_event(order_created, 2));
    process.settle();
    break_counting(process);
    process.publish(order_event(order_deleted, 1));
    process.settle();
    REQUIRE(process.dead_letters() == 1);
    repair_counting(process);
    CHECK(order_count(process) == 2);
    process.retry_dead_letters();
    CHECK(order_count(process) == 1);
    process.publish(order_event(order_deleted, 1));
    CHECK(order_count(process) == 1);
}

TEST_CASE("a created order is counted unless it was deleted, in whatever sequence and however often its events are delivered") {
    struct arrival {
        std::string_view topic;
        bool is_replay;
    };
    const std::vector<arrival> kinds{
        {order_created, false}, {order_created, true}, {order_deleted, false}, {order_deleted, true}};
    users_process process;
    process.create("ann");
    const auto noon = process.time().now();
    std::int64_t order = 0;
    std::int64_t expected = 0;
    for (int sequence = 0; sequence < 4 * 4 * 4 * 4; ++sequence) {
        ++order;
        bool was_created = false;
        bool was_deleted = false;
        for (int i = 0, rest = sequence; i < 4; ++i, rest /= 4) {
            const auto& [topic, is_replay] = kinds[static_cast<std::size_t>(rest % 4)];
            handle(process, topic, order, noon, is_replay);
            (topic == order_created ? was_created : was_deleted) = true;
        }
        expected += was_created && !was_deleted ? 1 : 0;
    }
    CHECK(order_count(process) == expected);
    CHECK(process.get("/users/1").json().at("last_order_at").as_string() == std::string_view{to_rfc3339(noon)});
}

TEST_CASE("order_deleted subtracts nothing if the order_created of the same order has never arrived") {
    users_process process;
    process.create("ann");
    process.publish(order_event(order_created, 1));
    process.publish(order_event(order_deleted, 2));
    CHECK(order_count(process) == 1);
    CHECK(process.get("/users/1").json().at("revision") == 2);
}

TEST_CASE("a repeated event about an order changes neither the user's revision nor its ETag") {
    users_process process;
    process.create("ann");
    process.publish(order_event(order_created, 1));
    process.settle();
    const auto before = process.get("/users/1");
    process.publish(order_event(order_created, 1));
    process.settle();
    CHECK(process.get("/users/1").body == before.body);
    CHECK(process.get("/users/1").header("ETag") == before.header("ETag"));
}

TEST_CASE("the time of the last order is the same whether order_created or order_deleted comes first") {
    users_process process;
    process.create("ann");
    process.create("bob");
    const auto noon = process.time().now();
    handle(process, order_created, 1, noon);
    handle(process, order_deleted, 1, noon + 1h);
    handle(process, order_deleted, 2, noon + 1h, false, 2);
    handle(process, order_created, 2, noon, false, 2);
    for (const auto* user : {"/users/1", "/users/2"}) {
        CHECK(process.get(user).json().at("order_count") == 0);
        CHECK(process.get(user).json().at("last_order_at").as_string() == std::string_view{to_rfc3339(noon)});
    }
}

TEST_CASE("the orders of a deleted user leave no rows in users_order") {
    users_process process;
    process.create("ann");
    process.publish(order_event(order_created, 1));
    process.publish(order_event(order_created, 2));
    process.settle();
    process.remove("/users/1");
    process.publish(order_event(order_deleted, 1));
    process.publish(order_event(order_deleted, 2));
    process.publish(order_event(order_deleted, 3)); // its order_created has not arrived yet
    process.publish(order_event(order_created, 3));
    process.publish(order_event(order_created, 1)); // a replay
    process.settle();
    CHECK(process.dead_letters() == 0);
    CHECK(query_number(process, "SELECT count(*) FROM users_order") == 0);
}

TEST_CASE("an order of another program is counted even if an order of this program has the same number") {
    users_process process;
    process.create("ann");
    process.publish(order_event(order_created, 1));
    for (const auto* key : {"events.bridge_shop/a", "events.bridge_shop/b"}) {
        auto foreign = order_event(order_created, 1);
        foreign.key = key;
        process.publish(std::move(foreign));
    }
    CHECK(order_count(process) == 3);
    auto foreign = order_event(order_deleted, 1);
    foreign.key = "events.bridge_shop/c";
    process.publish(std::move(foreign));
    CHECK(order_count(process) == 2);
    process.publish(order_event(order_deleted, 1));
    CHECK(order_count(process) == 1);
}

TEST_CASE("each new tombstone of an order removes up to two old tombstones that exceed the maximum number or age") {
    users_process process;
    process.create("ann");
    const auto noon = process.time().now();
    const auto write = [&](std::int64_t order, timestamp when, const order_table::tombstone_limits& limits) {
        support::run(process.store("users").write([&](storage::transaction& t) -> result<> {
            order_table::write_tombstone(t, {order}, {1}, order_state::deleted, when);
            order_table::remove_old_tombstones(t, when, limits);
            return {};
        })).value();
    };
    const auto count_tombstones = [&] { return query_number(process, "SELECT count(*) FROM users_order"); };
    for (std::int64_t order = 1; order <= 20; ++order)
        write(order, noon, {.count = 1000, .age = 24h});
    CHECK(count_tombstones() == 20);

    write(21, noon, {.count = 10, .age = 24h});
    CHECK(count_tombstones() == 19);
    for (std::int64_t order = 22; order <= 40; ++order)
        write(order, noon, {.count = 10, .age = 24h});
    CHECK(count_tombstones() == 10);
    CHECK(query_number(process, "SELECT min(order_id) FROM users_order") == 31);

    for (std::int64_t order = 41; order <= 51; ++order)
        write(order, noon + 25h, {.count = 1000, .age = 24h});
    CHECK(count_tombstones() == 11);
    CHECK(query_number(process, "SELECT min(order_id) FROM users_order") == 41);
}

namespace {

/// Writes a database as the version without the table users_order left it: ann has three orders, bob has one, and carl has
/// none.
void write_old_database(const std::filesystem::path& file) {
    metrics::registry metrics;
    const std::vector schemas{storage::schema{"users", describe().migrations.first(1)}};
    storage::sqlite::sqlite_database database{{.path = file}, schemas, metrics, logger{}};
    database.migrate();
    database.start(support::abort_for_broken_database);
    support::run(storage::store{database, "users"}.write([](storage::transaction& t) -> result<> {
        t.execute("INSERT INTO users_account (username, email, order_count, last_order_at, created_at, updated_at)"
                  " VALUES ('ann', 'ann@example.com', 3, 1000, 0, 0), ('bob', 'bob@example.com', 1, 900, 0, 0),"
                  " ('carl', 'carl@example.com', 0, NULL, 0, 0)");
        return {};
    })).value();
    database.close();
}

constexpr timestamp time_at(std::int64_t milliseconds) {
    return timestamp{std::chrono::milliseconds{milliseconds}};
}

} // namespace

TEST_CASE("orders that were counted before users_order existed are subtracted when they are deleted") {
    users_process process{write_old_database};
    CHECK(order_count(process) == 3);
    process.publish(order_event(order_created, 50));
    CHECK(order_count(process) == 4);
    process.publish(order_event(order_deleted, 7));
    CHECK(order_count(process) == 3);
    process.publish(order_event(order_deleted, 7)); // a replay
    CHECK(order_count(process) == 3);
    process.publish(order_event(order_deleted, 50));
    process.publish(order_event(order_deleted, 8));
    process.publish(order_event(order_deleted, 9));
    CHECK(order_count(process) == 0);
    process.publish(order_event(order_deleted, 10)); // there was no fourth counted order
    CHECK(order_count(process) == 0);
    CHECK(order_count(process, 2) == 1);
}

TEST_CASE("a replay of events that were counted before users_order existed changes no count") {
    users_process process{write_old_database};
    for (const auto order : {1, 2, 3, 4}) // order 4 was deleted before users_order existed
        handle(process, order_created, order, time_at(900 + order), true);
    handle(process, order_deleted, 4, time_at(950), true);
    CHECK(order_count(process) == 3);
    handle(process, order_deleted, 2, time_at(5000));
    CHECK(order_count(process) == 2);
    handle(process, order_created, 2, time_at(902), true);
    handle(process, order_deleted, 2, time_at(5000), true);
    CHECK(order_count(process) == 2);
}

TEST_CASE("an order is counted if the dead letter of its order_created, which is older than users_order, is retried") {
    users_process process{write_old_database};
    handle(process, order_created, 5, time_at(950));
    CHECK(order_count(process) == 4);
    handle(process, order_created, 5, time_at(950), true);
    CHECK(order_count(process) == 4);
    handle(process, order_deleted, 5, time_at(5000));
    CHECK(order_count(process) == 3);
    for (const auto order : {1, 2, 3})
        handle(process, order_deleted, order, time_at(5000));
    CHECK(order_count(process) == 0);
}

TEST_CASE("the count is right if an order that is older than users_order is deleted before its order_created is retried") {
    users_process process{write_old_database};
    handle(process, order_deleted, 5, time_at(5000)); // order 5 is assumed to be counted
    CHECK(order_count(process) == 2);
    handle(process, order_created, 5, time_at(950)); // order 5 had not been counted, so the subtraction is undone
    CHECK(order_count(process) == 3);
    for (const auto order : {1, 2, 3})
        handle(process, order_deleted, order, time_at(5000));
    CHECK(order_count(process) == 0);
}

TEST_CASE("order_deleted subtracts nothing for an order that is newer than users_order and whose order_created is lost") {
    users_process process{write_old_database};
    handle(process, order_created, 60, time_at(2000), false, 2);
    handle(process, order_deleted, 61, time_at(5000)); // the order_created of 61 was discarded
    CHECK(order_count(process) == 3);
    handle(process, order_created, 61, time_at(2100), true); // the same event is replayed
    CHECK(order_count(process) == 3);
    handle(process, order_created, 62, time_at(2200),
           true); // the order_created of 62 was discarded as well, but the order exists
    CHECK(order_count(process) == 4);
}

TEST_CASE("a new database, in which no order was counted before users_order existed, needs no row in users_order_history") {
    users_process process;
    CHECK(query_number(process, "SELECT count(*) FROM users_order_history") == 0);
    process.create("ann");
    process.publish(order_event(order_created, 1));
    process.publish(order_event(order_deleted, 2));
    CHECK(order_count(process) == 1);
}

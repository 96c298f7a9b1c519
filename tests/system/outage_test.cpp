#include "commands.hpp"
#include "deployment.hpp"

#include <support/database_inspector.hpp>
#include <support/order_load.hpp>

#include <boost/json.hpp>

#include <random>

// Tests the steps of an operator after an outage, from the first dead letter to the check of the database.

namespace {

using namespace atrium::support;

[[maybe_unused]] running_server& users_process(running_server& server) {
    return server;
}
[[maybe_unused]] running_server& users_process(split_servers& servers) {
    return servers.users_process();
}
[[maybe_unused]] running_server& orders_process(running_server& server) {
    return server;
}
[[maybe_unused]] running_server& orders_process(split_servers& servers) {
    return servers.orders_process();
}

/// Two services on which the handler of `users.order_statistics` depends. The first one fails for a third of the users while a
/// user named first-outage exists, the second one for another third while a user named second-outage exists. Triggers of the
/// database simulate the services, so the tested program is the one that is released.
constexpr auto failing_services = R"(
    CREATE TRIGGER first_service BEFORE UPDATE OF order_count ON users_account
        WHEN NEW.id % 3 = 0 AND EXISTS (SELECT 1 FROM users_account WHERE username = 'first-outage')
        BEGIN SELECT RAISE(ABORT, 'the mail service 10 does not respond'); END;
    CREATE TRIGGER second_service BEFORE UPDATE OF order_count ON users_account
        WHEN NEW.id % 3 = 1 AND EXISTS (SELECT 1 FROM users_account WHERE username = 'second-outage')
        BEGIN SELECT RAISE(ABORT, 'the search index 7 is locked'); END;)";

/// Tables and triggers that record which deliveries were handled and which became dead letters. The removal of the row of a
/// delivery counts as the effect of its handler, because both are in the same commit.
constexpr auto record_of_effects = R"(
    CREATE TABLE events_effect (place INTEGER PRIMARY KEY, subscription INTEGER, seq INTEGER, key TEXT);
    CREATE INDEX events_effect_key ON events_effect (subscription, key);
    CREATE INDEX events_effect_seq ON events_effect (subscription, seq);
    CREATE TABLE events_death (subscription INTEGER, seq INTEGER, PRIMARY KEY (subscription, seq));
    CREATE TRIGGER effect AFTER DELETE ON events_delivery WHEN OLD.state <> 'dead' BEGIN
        INSERT INTO events_effect (subscription, seq, key) VALUES (OLD.subscription, OLD.seq, OLD.key); END;
    CREATE TRIGGER death AFTER UPDATE OF state ON events_delivery WHEN NEW.state = 'dead' BEGIN
        INSERT OR IGNORE INTO events_death (subscription, seq) VALUES (NEW.subscription, NEW.seq); END;)";

/// The part of a failure group's error that is the same for all of its dead letters.
constexpr auto first_error = "the mail service ? does not respond";
constexpr auto second_error = "the search index ? is locked";

/// Returns the failure group with this error as the command line shows it; null if it has no dead letters.
boost::json::value find_group(const running_server& server, std::string_view error) {
    const auto groups = boost::json::parse(output_of(events(server, {"dead-letters", "--groups", "--json"})));
    for (const auto& group : groups.as_array())
        if (group.at("error").as_string().find(error) != boost::json::string::npos)
            return group;
    return nullptr;
}

std::int64_t count_letters(const running_server& server, std::string_view error) {
    const auto group = find_group(server, error);
    return group.is_null() ? 0 : group.at("count").as_int64();
}

/// Retries the dead letters of the group until none is left.
void retry_group(const running_server& server, std::string_view error) {
    for (auto group = find_group(server, error); !group.is_null(); group = find_group(server, error))
        CHECK_THAT(output_of(events(server, {"retry", "--group", std::to_string(group.at("id").as_int64()), "--reason",
                                             "the service is back", "--yes"})),
                   Catch::Matchers::StartsWith("retried "));
}

/// Checks that users has handled each event about an order exactly once. Events of one order that never became dead letters
/// must have been handled in the sequence in which they were published.
void check_effects(running_server& users) {
    database_inspector inspector{users.database()};
    CHECK(inspector
              .column(R"(
        SELECT l.seq FROM events_log AS l CROSS JOIN events_subscription AS s
        WHERE s.name = 'users.order_statistics' AND l.topic IN ('orders.order_created', 'orders.order_deleted')
            AND (SELECT count(*) FROM events_effect AS e WHERE e.subscription = s.id AND e.seq = l.seq) <> 1)")
              .empty());
    CHECK(inspector
              .column(R"(
        SELECT e.key FROM events_effect AS e JOIN events_effect AS later USING (subscription, key)
        WHERE later.seq > e.seq AND later.place < e.place
            AND NOT EXISTS (SELECT 1 FROM events_death AS d WHERE d.subscription = e.subscription AND d.seq = e.seq))")
              .empty());
    CHECK(inspector
              .column(R"(
        SELECT d.key FROM events_log AS d JOIN events_log AS c USING (key)
        WHERE d.topic = 'orders.order_deleted' AND c.topic = 'orders.order_created' AND d.seq < c.seq)")
              .empty());
    CHECK(inspector.column("SELECT 1 FROM events_log WHERE topic = 'orders.order_deleted' LIMIT 1").size() == 1);
}

void check_database(const running_server& server) {
    const auto checked = run({atrium_program(), "check", "--set", "storage.path=" + server.database().string()});
    INFO(checked.out << checked.err);
    CHECK(checked.status == 0);
}

} // namespace

TEST_CASE("after an outage, dead letters are retried by failure group under load, and each event is handled exactly once") {
    constexpr std::int64_t many = 100;
    const auto seed = std::random_device{}();
    INFO("seed " << seed);
    deployment server{{"events.retry.attempts=2", "events.retry.first_delay=1ms", "events.retry.longest_delay=1ms"}};
    auto& users = users_process(server);
    auto& orders = orders_process(server);
    users.stop();
    run_sql(users.database(), failing_services);
    run_sql(users.database(), record_of_effects);
    users.start();
    const auto first = users.create_user("first-outage");
    const auto second = users.create_user("second-outage");

    order_load load{users.port(), orders.port(), seed, std::chrono::milliseconds{10}};
    eventually([&] { return count_letters(users, first_error) > many && count_letters(users, second_error) > many; });
    users.rename(first, "first-service");
    retry_group(users, first_error);
    CHECK(count_letters(users, second_error) > many);
    load.expect_orders(20);
    users.rename(second, "second-service");
    retry_group(users, second_error);
    load.expect_orders(20);
    const auto changes = load.end();
    eventually([&] { return server.is_quiet(); });

    CHECK(changes.refused.empty());
    CHECK(changes.unknown.empty());
    check_nothing_lost(users, orders, changes);
    check_effects(users);
    const auto reports = boost::json::parse(output_of(events(users, {"list", "--topic", "operations.retried", "--json"})));
    REQUIRE(reports.as_array().size() >= 2);
    CHECK(reports.at(0).at("data").at("reason") == "the service is back");
    CHECK(reports.at(0).at("data").at("filter").as_object().contains("group"));
    server.stop();
    check_database(users);
    check_database(orders);
}

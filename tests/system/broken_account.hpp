#pragma once

#include "answers.hpp"

#include <support/database_inspector.hpp>
#include <support/eventually.hpp>
#include <support/running_server.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::support {

/// A server in which the handler of `users.order_statistics` fails for each user whose name begins with "broken", because a
/// trigger of the database refuses to count the orders of such users. Renaming the user repairs this while the server runs.
/// Every failure immediately becomes a dead letter.
struct broken_account {
    explicit broken_account(std::vector<std::string> settings = {"events.retry.attempts=1"}) : server{std::move(settings)} {
        server.stop();
        run_sql(server.database(), "CREATE TRIGGER broken BEFORE UPDATE OF order_count ON users_account "
                                   "WHEN NEW.username LIKE 'broken%' "
                                   "BEGIN SELECT RAISE(ABORT, 'the account 4711 is broken'); END");
        server.start();
        ann = server.create_user("broken-ann");
        server.create_user("bob");
    }

    /// Places orders of the broken user, and waits for their dead letters.
    void fail(int orders) {
        for (int i = 0; i < orders; ++i)
            server.place_order("broken-ann", "tea " + std::to_string(++placed_orders));
        eventually([&] { return count("/events/dead-letters?limit=1000") == static_cast<std::size_t>(placed_orders); });
    }

    /// Adds copies of the first dead letter to the database, so many that an operation on all of them continues after the
    /// response to its request.
    void add_many() {
        fail(1);
        server.stop();
        run_sql(server.database(), R"(
            BEGIN;
            CREATE TEMPORARY TABLE copy AS WITH RECURSIVE copies (n) AS
                (SELECT 1000000 UNION ALL SELECT n + 1 FROM copies WHERE n < 1149999) SELECT n FROM copies;
            INSERT INTO events_log (seq, id, source, topic, key, priority, time, traceparent, data)
                SELECT n, 'copy-' || n, source, topic, 'order/' || n, priority, time, traceparent, data
                FROM events_log CROSS JOIN copy WHERE topic = 'orders.order_created';
            INSERT INTO events_failure (id, seq, subscription, attempt, at, error)
                SELECT n, n, subscription, attempt, at, error FROM events_failure CROSS JOIN copy;
            INSERT INTO events_delivery (subscription, seq, place, key, priority, state, attempts, last_error, dead_at, failure,
                                         failure_group)
                SELECT subscription, n, n, 'order/' || n, priority, state, attempts, last_error, dead_at, n, failure_group
                FROM events_delivery CROSS JOIN copy WHERE state = 'dead';
            COMMIT;)");
        server.start();
    }

    void repair() { server.rename(ann, "ann"); }

    [[nodiscard]] boost::json::value get(std::string_view target) {
        const auto answer = server.http().get(target);
        INFO(target << ": " << answer.body);
        REQUIRE(answer.status == 200);
        return answer.json();
    }
    [[nodiscard]] std::size_t count(std::string_view target) { return get(target).as_array().size(); }
    [[nodiscard]] boost::json::value post(std::string_view target, const boost::json::value& body, int status = 200) {
        const auto answer = server.http().post(target, body);
        INFO(target << ": " << answer.body);
        REQUIRE(answer.status == status);
        return answer.json();
    }
    [[nodiscard]] std::int64_t order_count() { return server.find(ann).order_count; }

    running_server server;
    user ann;
    int placed_orders = 0;
};

} // namespace atrium::support

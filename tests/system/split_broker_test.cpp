#include <support/at_rest.hpp>
#include <support/event_state.hpp>
#include <support/order_load.hpp>
#include <support/python.hpp>
#include <support/rabbitmq_broker.hpp>
#include <support/split_servers.hpp>
#include <support/tcp_gate.hpp>

#include <boost/json.hpp>

#include <functional>
#include <random>

// Tests that a broker between users and orders that stops, is killed, is cut off or does not respond affects no orders: no
// order waits for the broker, no event is lost, and the users process counts each order exactly once.

namespace {

using namespace atrium::support;
using namespace std::chrono_literals;

/// The users process, the orders process, and a gate in the network through which all their events pass.
class split_broker_fixture {
public:
    split_broker_fixture() {
        eventually([this] { return are_connected(true); });
        broker_.store_queue_list();
    }

    [[nodiscard]] rabbitmq_broker& broker() { return broker_; }
    [[nodiscard]] tcp_gate& gate() { return gate_; }

    /// Whether both processes are connected to the broker (`expected` is true), or neither of them is (false).
    [[nodiscard]] bool are_connected(bool expected) {
        for (auto* process : {&servers_.users_process(), &servers_.orders_process()}) {
            const auto ready = process->http().get("/readyz");
            INFO("answer: " << ready.body);
            REQUIRE(ready.status == 200);
            if (ready.json().at("bus").at("broker").at("connected") != expected)
                return false;
        }
        return true;
    }

    /// Deletes the queue of a subscription with its messages, as another AMQP program can.
    void delete_queue_of(const std::string& subscription) {
        const auto queue = "atrium.events." + subscription;
        broker_.await_consumer(queue, vhost_);
        delete_queue(broker_.url(vhost_), queue);
    }

    /// Waits until `number` more orders have been placed.
    void expect_orders(std::size_t number) { load_.expect_orders(number); }

    /// Ends the load, waits until every event has been handled, and stops both processes.
    void expect_nothing_lost() { expect_nothing_lost(load_.end()); }

    /// Like `expect_nothing_lost`, if the broker may have dropped events: waits until they have been sent again.
    void expect_nothing_lost_after_drops() {
        const auto acknowledged = load_.end();
        expect_eventually("every order is counted",
                          [this] { return is_every_order_counted(servers_.users_process(), servers_.orders_process()); });
        expect_nothing_lost(acknowledged);
    }

private:
    void expect_nothing_lost(const acknowledged_changes& acknowledged) {
        CHECK(load_.unanswered() == 0);
        CHECK(acknowledged.refused.empty());
        expect_at_rest();
        check_nothing_lost(servers_.users_process(), servers_.orders_process(), acknowledged);
        WARN(acknowledged.placed.size() << " orders acknowledged, none lost, none counted twice");
        servers_.stop();
    }
    void expect_at_rest() {
        expect_eventually("no event is on its way",
                          [this] { return is_at_rest([this] { return servers_.is_quiet(); }, broker_, vhost_); });
    }
    /// Waits for a condition. On a timeout, the test fails with a report on the processes and the broker.
    template <class Condition>
    void expect_eventually(const std::string& awaited, Condition condition) {
        eventually(awaited, condition, 120s, [this] {
            return describe_events({&servers_.users_process(), &servers_.orders_process()}, broker_, vhost_);
        });
    }

    rabbitmq_broker& broker_ = shared_broker();
    std::string vhost_ = broker_.new_vhost();
    tcp_gate gate_{broker_.port()};
    split_servers servers_{{"bus.adapter=rabbitmq", "bus.rabbitmq.url=" + broker_.url_through(gate_.port(), vhost_),
                            "bus.rabbitmq.heartbeat=1s", "bus.rabbitmq.connect_timeout=1s"}};
    order_load load_{servers_.users_process().port(), servers_.orders_process().port(), std::random_device{}(), 20ms};
};

} // namespace

TEST_CASE("broker failures between users and orders block no order, and no event is lost or counted twice") {
    struct trouble {
        const char* name;
        std::function<void(split_broker_fixture&)> begin;
        std::function<void(split_broker_fixture&)> end;
    };
    const std::vector<trouble> troubles{
        {"cut off", [](split_broker_fixture& s) { s.gate().cut(); }, [](split_broker_fixture& s) { s.gate().open(); }},
        {"stopped", [](split_broker_fixture& s) { s.broker().stop(); }, [](split_broker_fixture& s) { s.broker().start(); }},
        {"silent", [](split_broker_fixture& s) { s.gate().swallow(); }, [](split_broker_fixture& s) { s.gate().pass(); }},
        {"killed", [](split_broker_fixture& s) { s.broker().kill(); }, [](split_broker_fixture& s) { s.broker().start(); }},
    };
    split_broker_fixture fixture;
    fixture.expect_orders(50);
    for (const auto& each : troubles) {
        INFO("the broker is " << each.name);
        each.begin(fixture);
        eventually([&] { return fixture.are_connected(false); });
        fixture.expect_orders(200);
        each.end(fixture);
        eventually([&] { return fixture.are_connected(true); });
        fixture.expect_orders(50);
    }
    fixture.expect_nothing_lost();
}

TEST_CASE("a queue between two processes is consumed again each time after it was deleted under load, and no event is lost or "
          "counted twice") {
    split_broker_fixture fixture;
    for (int i = 0; i < 3; ++i) {
        fixture.expect_orders(50);
        fixture.delete_queue_of("users.order_statistics");
    }
    fixture.expect_orders(50);
    fixture.expect_nothing_lost_after_drops();
}

TEST_CASE("orders whose events the broker drops while the users process is cut off are counted after that process is connected "
          "again") {
    auto& broker = shared_broker();
    const auto vhost = broker.new_vhost();
    const std::string queue = "atrium.events.users.order_statistics";
    tcp_gate gate{broker.port()};
    split_servers servers{{"bus.adapter=rabbitmq", "bus.rabbitmq.url=" + broker.url_through(gate.port(), vhost),
                           "bus.rabbitmq.heartbeat=1s", "bus.rabbitmq.connect_timeout=1s"},
                          {"bus.adapter=rabbitmq", "bus.rabbitmq.url=" + broker.url(vhost)}};
    const auto ann = servers.create_user("ann");
    servers.place_order("ann", "tea");
    eventually([&] { return servers.find(ann).order_count == 1; });
    // Until the message is acknowledged, a cut would put it back into the queue, which would then have more than the 40
    // messages that are expected below.
    eventually([&] { return broker.is_empty(vhost); });

    gate.cut();
    for (int i = 0; i < 40; ++i)
        servers.place_order("ann", "tea");
    eventually([&] {
        const auto state = broker.queue(queue, vhost);
        return state && state->ready == 40;
    });
    broker.control({"purge_queue", "-p", vhost, queue});
    gate.open();
    eventually([&] { return servers.find(ann).order_count == 41; });
    for (const auto* expected : {"atrium_events_missing_total{subscription=\"users.order_statistics\"} 40",
                                 "atrium_events_recovered_total{subscription=\"users.order_statistics\"} 40",
                                 "atrium_events_lost_total{subscription=\"users.order_statistics\"} 0"})
        eventually([&] { return servers.users_process().http().get("/metrics").body.find(expected) != std::string::npos; });
    eventually([&] { return !servers.users_process().http().get("/readyz").json().at("bus").as_object().contains("gaps"); });
    servers.stop();
}

TEST_CASE("the report of a failed test shows queues, metrics, journals and delivery numbers") {
    auto& broker = shared_broker();
    const auto vhost = broker.new_vhost();
    split_servers servers{{"bus.adapter=rabbitmq", "bus.rabbitmq.url=" + broker.url(vhost)}};
    const auto ann = servers.create_user("ann");
    servers.place_order("ann", "tea");
    eventually([&] { return servers.find(ann).order_count == 1; });

    const std::vector both{&servers.users_process(), &servers.orders_process()};
    const auto report = describe_events(both, broker, vhost);
    INFO("report: " << report);
    for (const auto* part : {"atrium.events.users.order_statistics", "quorum", R"("connected":true)", "atrium_events_",
                             "users.order_statistics from ", ": next 2, since ", "last numbers sent:"})
        CHECK(report.find(part) != std::string::npos);
    CHECK(report.find("cannot be read") == std::string::npos);

    servers.users_process().stop();
    CHECK(describe_events(both, broker, vhost).find("cannot be read") != std::string::npos);
    servers.users_process().start();
    servers.stop();
}

#include <support/at_rest.hpp>
#include <support/event_state.hpp>
#include <support/held_port.hpp>
#include <support/order_load.hpp>
#include <support/python.hpp>
#include <support/rabbitmq_broker.hpp>
#include <support/running_server.hpp>
#include <support/tcp_gate.hpp>

#include <boost/json.hpp>

#include <chrono>
#include <random>
#include <string>

// Tests that a broker that stops, is killed, is cut off, does not respond, is slow or is full affects no orders: no order waits
// for the broker, no event is lost, and each order is counted exactly once.

namespace {

using namespace atrium::support;
using namespace std::chrono_literals;

constexpr std::size_t few_orders = 50;   // enough to prove that clients place orders
constexpr std::size_t many_orders = 500; // enough to prove that nothing is blocked

/// Users and orders in one process, whose connections to the broker pass through a gate. Clients place orders all the time.
class broker_fixture {
public:
    broker_fixture() {
        eventually([this] { return is_connected(); });
        broker_.store_queue_list();
        expect_orders(few_orders);
    }

    [[nodiscard]] rabbitmq_broker& broker() { return broker_; }
    [[nodiscard]] tcp_gate& gate() { return gate_; }
    [[nodiscard]] running_server& server() { return server_; }

    /// Waits until `number` more orders have been placed.
    void expect_orders(std::size_t number) { load_.expect_orders(number); }

    /// The state of the broker in /readyz, which always returns 200.
    [[nodiscard]] boost::json::object broker_in_readyz() {
        const auto ready = server_.http().get("/readyz");
        INFO("answer: " << ready.body);
        REQUIRE(ready.status == 200);
        return ready.json().at("bus").at("broker").as_object();
    }
    [[nodiscard]] bool is_connected() { return broker_in_readyz().at("connected").as_bool(); }
    /// The reason why the server cannot use the broker; empty while it is connected.
    [[nodiscard]] std::string trouble() {
        const auto broker = broker_in_readyz();
        return broker.contains("trouble") ? std::string{broker.at("trouble").as_string()} : std::string{};
    }

    /// Checks that every request had a response. Tests that kill the server must not call this, because some of their requests
    /// get no response.
    void check_all_answered() const { CHECK(load_.unanswered() == 0); }

    /// Deletes the queue of a subscription with its messages, as another AMQP program can.
    void delete_queue_of(const std::string& subscription) {
        const auto queue = "atrium.events." + subscription;
        broker_.await_consumer(queue, vhost_);
        delete_queue(broker_.url(vhost_), queue);
    }

    /// Makes the broker forget the queue of a subscription while the queue's process still runs, and cuts all connections, so
    /// that the server connects again.
    void forget_queue_of(const std::string& subscription) {
        broker_.evaluate(find_quorum_queue("atrium.events." + subscription, vhost_) + "rabbit_amqqueue:internal_delete(" +
                         (broker_.major_version() < 4 ? "Name" : "Queue") + ", <<\"tests\">>), \"\"");
        gate_.cut();
        gate_.open();
    }

    /// Ends the load, waits until every event has been handled, and stops the server.
    void expect_nothing_lost() { expect_nothing_lost(load_.end()); }

    /// Like `expect_nothing_lost`, if the broker may have dropped events: waits until they have been sent again.
    void expect_nothing_lost_after_drops() {
        const auto acknowledged = load_.end();
        expect_eventually("every order is counted", [this] { return is_every_order_counted(server_, server_); });
        expect_nothing_lost(acknowledged);
    }

private:
    void expect_nothing_lost(const acknowledged_changes& acknowledged) {
        CHECK(acknowledged.refused.empty());
        expect_at_rest();
        check_nothing_lost(server_, server_, acknowledged);
        WARN(acknowledged.placed.size() << " orders acknowledged, none lost, none counted twice");
        server_.stop();
    }
    /// Waits for a condition. On a timeout, the test fails with a report on the server and the broker.
    template <class Condition>
    void expect_eventually(const std::string& awaited, Condition condition) {
        eventually(awaited, condition, 120s, [this] { return describe_events({&server_}, broker_, vhost_); });
    }
    void expect_at_rest() {
        expect_eventually("no event is on its way",
                          [this] { return is_at_rest([this] { return server_.is_quiet(); }, broker_, vhost_); });
    }

    rabbitmq_broker& broker_ = shared_broker();
    std::string vhost_ = broker_.new_vhost();
    tcp_gate gate_{broker_.port()};
    held_port port_;
    running_server server_{{"http.port=" + std::to_string(port_.number()), "bus.adapter=rabbitmq",
                            "bus.rabbitmq.url=" + broker_.url_through(gate_.port(), vhost_), "bus.rabbitmq.heartbeat=1s",
                            "bus.rabbitmq.connect_timeout=1s"}};
    order_load load_{server_.port(), server_.port(), std::random_device{}(), 5ms};
};

/// Makes the broker unreachable with `begin` and reachable again with `end`, and checks that orders and events survive this.
template <class Begin, class End>
void expect_to_survive(Begin begin, End end) {
    broker_fixture fixture;
    begin(fixture);
    eventually([&] { return !fixture.is_connected(); });
    CHECK_FALSE(fixture.trouble().empty());
    fixture.expect_orders(many_orders);
    CHECK_FALSE(fixture.is_connected());
    end(fixture);
    eventually([&] { return fixture.is_connected(); });
    fixture.expect_orders(few_orders);
    fixture.check_all_answered();
    fixture.expect_nothing_lost();
}

} // namespace

TEST_CASE("a broker that is stopped under load blocks no order, and no event is lost or counted twice") {
    expect_to_survive([](broker_fixture& s) { s.broker().stop(); }, [](broker_fixture& s) { s.broker().start(); });
}

TEST_CASE("a broker that is killed under load blocks no order, and no event is lost or counted twice") {
    expect_to_survive([](broker_fixture& s) { s.broker().kill(); }, [](broker_fixture& s) { s.broker().start(); });
}

TEST_CASE("a connection that is cut under load blocks no order, and no event is lost or counted twice") {
    expect_to_survive([](broker_fixture& s) { s.gate().cut(); }, [](broker_fixture& s) { s.gate().open(); });
}

TEST_CASE("a half-open connection is detected by missing heartbeats, and messages that it delayed do no harm") {
    expect_to_survive([](broker_fixture& s) { s.gate().swallow(); }, [](broker_fixture& s) { s.gate().pass(); });
}

TEST_CASE("a half-open connection is detected by missing heartbeats, and messages that it lost are sent again") {
    expect_to_survive([](broker_fixture& s) { s.gate().swallow(); },
                      [](broker_fixture& s) {
                          s.gate().cut();
                          s.gate().pass();
                          s.gate().open();
                      });
}

TEST_CASE("connections that are cut again and again at random moments lose no event and count none twice") {
    std::mt19937 dice{std::random_device{}()};
    broker_fixture fixture;
    for (int i = 0; i < 6; ++i) { // only a few times, because each reconnection takes longer than the one before
        eventually([&] { return fixture.is_connected(); });
        fixture.expect_orders(1 + dice() % few_orders);
        fixture.gate().cut();
        fixture.gate().open();
    }
    fixture.check_all_answered();
    fixture.expect_nothing_lost();
}

TEST_CASE("a slow network delays events, but neither breaks the connection nor blocks an order") {
    broker_fixture fixture;
    eventually([&] { return fixture.is_connected(); });
    const auto reconnects = fixture.broker_in_readyz().at("reconnects");
    fixture.gate().delay(100ms);
    fixture.expect_orders(4 * many_orders);
    CHECK(fixture.broker_in_readyz().at("reconnects") == reconnects);
    CHECK(fixture.is_connected());
    fixture.gate().pass();
    fixture.check_all_answered();
    fixture.expect_nothing_lost();
}

TEST_CASE("a broker without memory accepts no events, which blocks no order, and gets the events once it has memory again") {
    broker_fixture fixture;
    eventually([&] { return fixture.is_connected(); });
    fixture.broker().set_memory_alarm(true);
    eventually([&] { return fixture.broker_in_readyz().contains("blocked"); });
    fixture.expect_orders(many_orders);
    CHECK(fixture.broker_in_readyz().contains("blocked"));
    CHECK(fixture.is_connected());
    fixture.broker().set_memory_alarm(false);
    eventually([&] { return !fixture.broker_in_readyz().contains("blocked"); });
    fixture.expect_orders(few_orders);
    fixture.check_all_answered();
    fixture.expect_nothing_lost();
}

TEST_CASE("kill -9 of the server while it sends events from its journal to the broker loses no event and counts none twice") {
    std::mt19937 dice{std::random_device{}()};
    broker_fixture fixture;
    for (int i = 0; i < 10; ++i) {
        if (i % 2 == 0) // in the other rounds, the server may be killed while it connects
            eventually([&] { return fixture.is_connected(); });
        fixture.expect_orders(1 + dice() % (2 * few_orders));
        fixture.server().kill();
        fixture.server().start();
    }
    fixture.expect_nothing_lost();
}

TEST_CASE("killing both server and broker, in either order, loses no event and counts none twice") {
    broker_fixture fixture;
    for (const bool server_first : {true, false}) {
        eventually([&] { return fixture.is_connected(); });
        fixture.expect_orders(few_orders);
        if (server_first)
            fixture.server().kill();
        fixture.broker().kill();
        if (!server_first) {
            fixture.expect_orders(few_orders);
            fixture.server().kill();
            fixture.broker().start();
        }
        fixture.server().start();
        fixture.expect_orders(many_orders);
        if (server_first)
            fixture.broker().start();
    }
    fixture.expect_nothing_lost();
}

TEST_CASE("a queue that is deleted again and again under load is consumed again each time, and no event is lost or counted "
          "twice") {
    broker_fixture fixture;
    for (int i = 0; i < 5; ++i) {
        fixture.expect_orders(few_orders);
        fixture.delete_queue_of("users.order_statistics");
    }
    fixture.expect_orders(few_orders);
    fixture.check_all_answered();
    fixture.expect_nothing_lost_after_drops();
}

TEST_CASE("a queue that the broker has lost and cannot declare blocks no order, and is used again after the broker restarts") {
    broker_fixture fixture;
    fixture.forget_queue_of("users.order_statistics");
    eventually([&] { return fixture.trouble().find("cluster_not_formed") != std::string::npos; });
    fixture.expect_orders(few_orders);
    fixture.broker().restart();
    fixture.expect_orders(few_orders);
    fixture.check_all_answered();
    fixture.expect_nothing_lost_after_drops();
}

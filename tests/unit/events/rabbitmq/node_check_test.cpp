#include "fixture.hpp"
#include "rabbitmq/node_check.hpp"

#include <support/silent_port.hpp>

using namespace atrium;
using namespace atrium::events::rabbitmq;

// These tests use a single node. The tests with a cluster show that the check detects a node that is down.

TEST_CASE("the node check passes with a single node and leaves no queue behind") {
    vhost_fixture fixture;
    node_check check{settings_for(fixture.url), "x.reader.trial.1"};
    eventually([&] { return check.poll() != node_check::outcome::pending; });
    CHECK(check.poll() == node_check::outcome::up);
    CHECK(shared_broker().queues(fixture.vhost).empty());
}

TEST_CASE("the node check proves nothing if the broker cannot be reached") {
    vhost_fixture fixture;
    support::tcp_gate gate{shared_broker().port()};
    gate.cut();
    node_check check{settings_for(shared_broker().url_through(gate.port(), fixture.vhost)), "x.reader.trial.1"};
    eventually([&] { return check.poll() != node_check::outcome::pending; });
    CHECK(check.poll() == node_check::outcome::not_proven);
}

TEST_CASE("a node check can be ended immediately while it connects") {
    support::silent_port broker{support::silent_port::kind::drops_packets};
    std::chrono::steady_clock::time_point begin;
    {
        const node_check check{settings_for("amqp://guest:guest@127.0.0.1:" + std::to_string(broker.number())),
                               "x.reader.trial.1"};
        broker.expect_client();
        begin = std::chrono::steady_clock::now();
    }
    CHECK(std::chrono::steady_clock::now() - begin < 2s); // less than the three seconds that the check would otherwise wait
}

TEST_CASE("a node check can be ended immediately even if the broker does not respond") {
    vhost_fixture fixture;
    support::tcp_gate gate{shared_broker().port()};
    gate.swallow();
    const auto begin = std::chrono::steady_clock::now();
    {
        const node_check check{settings_for(shared_broker().url_through(gate.port(), fixture.vhost)), "x.reader.trial.1"};
    }
    CHECK(std::chrono::steady_clock::now() - begin < 2s); // less than the three seconds that the check would otherwise wait
}

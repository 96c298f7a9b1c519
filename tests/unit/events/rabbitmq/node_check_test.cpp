#include "fixture.hpp"
#include "rabbitmq/node_check.hpp"

using namespace atrium;
using namespace atrium::events::rabbitmq;

// The tests with a cluster show that a node that is down is noticed.

TEST_CASE("the node check passes with a single node and leaves no queue behind") {
    place fixture;
    node_check check{settings_for(fixture.url), "x.reader.trial.1"};
    eventually([&] { return check.poll() != node_check::outcome::pending; });
    CHECK(check.poll() == node_check::outcome::up);
    CHECK(shared_broker().queues(fixture.vhost).empty());
}

TEST_CASE("the node check is not proven if the broker cannot be reached") {
    place fixture;
    support::tcp_gate gate{shared_broker().port()};
    gate.cut();
    node_check check{settings_for(shared_broker().url_through(gate.port(), fixture.vhost)), "x.reader.trial.1"};
    eventually([&] { return check.poll() != node_check::outcome::pending; });
    CHECK(check.poll() == node_check::outcome::not_proven);
}

TEST_CASE("a node check can be ended at once although the broker does not answer") {
    place fixture;
    support::tcp_gate gate{shared_broker().port()};
    gate.swallow();
    const auto begin = std::chrono::steady_clock::now();
    {
        const node_check check{settings_for(shared_broker().url_through(gate.port(), fixture.vhost)), "x.reader.trial.1"};
    }
    CHECK(std::chrono::steady_clock::now() - begin < 2s); // less than the three seconds that the check would otherwise wait
}

#include "fixture.hpp"
#include "rabbitmq/node_check.hpp"

using namespace atrium;
using namespace atrium::events::rabbitmq;

// That a node which is down is noticed is shown by the tests with a cluster.

TEST_CASE("a broker with one node has every node up, and its check leaves no queue behind") {
    place here;
    node_check check{settings_for(here.url), "x.reader.trial.1"};
    eventually([&] { return check.poll() != node_check::outcome::pending; });
    CHECK(check.poll() == node_check::outcome::up);
    CHECK(shared_broker().queues(here.vhost).empty());
}

TEST_CASE("a broker that cannot be asked does not prove that every node is up") {
    place here;
    support::tcp_gate gate{shared_broker().port()};
    gate.cut();
    node_check check{settings_for(shared_broker().url_through(gate.port(), here.vhost)), "x.reader.trial.1"};
    eventually([&] { return check.poll() != node_check::outcome::pending; });
    CHECK(check.poll() == node_check::outcome::not_proven);
}

TEST_CASE("a node check ends at once although the broker does not answer") {
    place here;
    support::tcp_gate gate{shared_broker().port()};
    gate.swallow();
    const auto begin = std::chrono::steady_clock::now();
    {
        const node_check check{settings_for(shared_broker().url_through(gate.port(), here.vhost)), "x.reader.trial.1"};
    }
    CHECK(std::chrono::steady_clock::now() - begin < 2s); // of the three that it would wait
}

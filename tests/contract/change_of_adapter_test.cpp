#include "node.hpp"

#include <support/catch.hpp>
#include <support/rabbitmq_broker.hpp>

using namespace atrium;
using namespace atrium::contract;

// The same database under the one adapter and then under the other: nothing is stranded, nothing is handled twice.

namespace {

adapter_maker without_broker() {
    // Nobody listens on a port that is held.
    static const support::held_port closed;
    return rabbitmq_in("none", {.url = "amqp://127.0.0.1:" + std::to_string(closed.number()), .bridges = {}});
}

events::settings forced() {
    auto s = node::quick();
    s.force_adapter = true;
    return s;
}

} // namespace

TEST_CASE("deliveries that wait in-process are handled after the change to RabbitMQ", "[broker]") {
    const auto vhost = support::shared_broker().new_vhost();
    temporary_directory folder;
    {
        node before{folder.path(), node::quick(), in_process};
        before.bus().declare({.name = "probe.reader", .topics = {"probe.#"}});
        before.start();
        before.publish("probe.made", "k", range(1, 5));
    }
    node n{folder.path(), node::quick(), rabbitmq_in(vhost)};
    n.note_all("probe.reader", {"probe.#"});
    n.start();
    n.publish("probe.made", "other", range(6, 9));
    eventually([&] { return n.numbers("probe.reader").size() == 9; });
    n.settle();
    CHECK(n.numbers("probe.reader", "k") == range(1, 5));
    CHECK(n.numbers("probe.reader", "other") == range(6, 9));
}

TEST_CASE("the change back is refused until a drain, and loses and repeats nothing then", "[broker]") {
    const auto vhost = support::shared_broker().new_vhost();
    temporary_directory folder;
    {
        node before{folder.path(), node::quick(), rabbitmq_in(vhost)};
        before.note_all("probe.reader", {"probe.#"});
        before.start();
        before.publish("probe.made", "k", range(1, 20));
    }
    {
        node refused{folder.path(), node::quick(), in_process};
        refused.note_all("probe.reader", {"probe.#"});
        CHECK_THROWS_WITH(refused.start(), Catch::Contains("atrium events drain"));
    }
    {
        node before{folder.path(), node::quick(), rabbitmq_in(vhost)};
        before.note_all("probe.reader", {"probe.#"});
        before.start();
        before.publish("probe.made", "k", range(21, 40));
        eventually([&] { return before.bus().broker()->connected_since.has_value(); });
        REQUIRE(run(before.bus().drain()));
        CHECK(support::shared_broker().queue("atrium.events.probe.reader", vhost)->messages() == 0);
        before.publish("probe.made", "k", range(41, 60)); // waits: nothing is sent any more
        CHECK(before.pending() >= 20);
    }
    node n{folder.path(), node::quick(), in_process};
    n.note_all("probe.reader", {"probe.#"});
    n.note_all("probe.newcomer", {"probe.#"}); // gets what is published after it, as ever
    n.start();
    n.publish("probe.made", "k", range(61, 70));
    n.settle();
    CHECK(n.numbers("probe.reader") == range(1, 70));
    CHECK(n.numbers("probe.newcomer") == range(61, 70));
}

TEST_CASE("a drain says so where the broker is away", "[broker]") {
    temporary_directory folder;
    node n{folder.path(), node::quick(), without_broker()};
    n.note_all("probe.reader", {"probe.#"});
    n.start();
    const auto drained = run(n.bus().drain());
    REQUIRE_FALSE(drained);
    CHECK(drained.error().code == errc::unavailable);
}

TEST_CASE("forced back in-process, what never left is handled, and only once when there is a broker again", "[broker]") {
    const auto vhost = support::shared_broker().new_vhost();
    temporary_directory folder;
    {
        node before{folder.path(), node::quick(), without_broker()};
        before.note_all("probe.reader", {"probe.#"});
        before.start();
        before.publish("probe.made", "k", range(1, 20));
    }
    {
        node between{folder.path(), forced(), in_process};
        between.note_all("probe.reader", {"probe.#"});
        between.start();
        between.settle();
        CHECK(between.numbers("probe.reader") == range(1, 20));
    }
    node n{folder.path(), node::quick(), rabbitmq_in(vhost)};
    n.note_all("probe.reader", {"probe.#"});
    n.start();
    n.publish("probe.made", "k", range(21, 25));
    eventually([&] { return n.numbers("probe.reader").size() >= 25; });
    n.settle();
    CHECK(n.numbers("probe.reader") == range(1, 25));
}

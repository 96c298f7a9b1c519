#include "node.hpp"

#include <support/catch.hpp>
#include <support/rabbitmq_broker.hpp>
#include <support/tcp_gate.hpp>

using namespace atrium;
using namespace atrium::contract;

// Tests with a database that is used with one adapter and then with the other: no event is left behind, and none is handled
// twice.

namespace {

adapter_maker unreachable_broker() {
    // The test reserves the port, so no program listens on it.
    static const support::held_port closed;
    return rabbitmq_in("none", {.url = "amqp://127.0.0.1:" + std::to_string(closed.number()), .bridges = {}});
}

events::settings forced_settings() {
    auto s = node::quick_settings();
    s.force_adapter = true;
    return s;
}

} // namespace

TEST_CASE("deliveries that wait in-process are handled after a change to RabbitMQ", "[broker]") {
    const auto vhost = support::shared_broker().new_vhost();
    temporary_directory folder;
    {
        node earlier{folder.path(), node::quick_settings(), in_process};
        earlier.bus().declare({.name = "probe.reader", .topics = {"probe.#"}});
        earlier.start();
        earlier.publish("probe.created", "k", range(1, 5));
    }
    node n{folder.path(), node::quick_settings(), rabbitmq_in(vhost)};
    n.note_all("probe.reader", {"probe.#"});
    n.start();
    n.publish("probe.created", "other", range(6, 9));
    eventually([&] { return n.numbers("probe.reader").size() == 9; });
    n.settle();
    CHECK(n.numbers("probe.reader", "k") == range(1, 5));
    CHECK(n.numbers("probe.reader", "other") == range(6, 9));
}

TEST_CASE("a change from RabbitMQ to in-process is refused until a drain, and then loses and repeats no event", "[broker]") {
    const auto vhost = support::shared_broker().new_vhost();
    temporary_directory folder;
    {
        node earlier{folder.path(), node::quick_settings(), rabbitmq_in(vhost)};
        earlier.note_all("probe.reader", {"probe.#"});
        earlier.start();
        earlier.publish("probe.created", "k", range(1, 20));
    }
    {
        node refused{folder.path(), node::quick_settings(), in_process};
        refused.note_all("probe.reader", {"probe.#"});
        CHECK_THROWS_WITH(refused.start(), Catch::Matchers::ContainsSubstring("atrium events drain"));
    }
    {
        node earlier{folder.path(), node::quick_settings(), rabbitmq_in(vhost)};
        earlier.note_all("probe.reader", {"probe.#"});
        earlier.start();
        earlier.publish("probe.created", "k", range(21, 40));
        eventually([&] { return earlier.bus().broker()->connected_since.has_value(); });
        REQUIRE(run(earlier.bus().drain()));
        eventually([&] { return support::shared_broker().queue("atrium.events.probe.reader", vhost)->messages() == 0; });
        earlier.publish("probe.created", "k", range(41, 60)); // these events wait, because the drain has stopped the relay
        CHECK(earlier.count_pending() >= 20);
    }
    node n{folder.path(), node::quick_settings(), in_process};
    n.note_all("probe.reader", {"probe.#"});
    n.note_all("probe.newcomer",
               {"probe.#"}); // like any new subscription, it gets only events that are published after it was recorded
    n.start();
    n.publish("probe.created", "k", range(61, 70));
    n.settle();
    CHECK(n.numbers("probe.reader") == range(1, 70));
    CHECK(n.numbers("probe.newcomer") == range(61, 70));
}

TEST_CASE("a scheduled event is delivered once, by the adapter that is running when the event is due", "[broker]") {
    const auto vhost = support::shared_broker().new_vhost();
    const temporary_directory folder;
    wrong_clock time{std::chrono::milliseconds{0}};
    const auto start = [&](const adapter_maker& make) {
        auto n = std::make_unique<node>(folder.path(), node::quick_settings(), make, time);
        n->note_all("probe.reader", {"probe.#"});
        n->start();
        return n;
    };
    const auto advance = [&] { time.offset = time.offset.load() + std::chrono::hours{1}; };
    const auto in_hours = [&](int hours) { return time.now() + std::chrono::hours{hours}; };
    start(in_process)->schedule(in_hours(1), "probe.created", "k", {1});
    {
        const auto n = start(rabbitmq_in(vhost));
        advance();
        eventually([&] { return n->numbers("probe.reader") == range(1, 1); });
        n->schedule(in_hours(1), "probe.created", "k", {2});
        n->schedule(in_hours(2), "probe.created", "k", {3});
        n->settle();
        REQUIRE(run(n->bus().drain()));
        advance(); // the event is due while the bus is drained, so it waits at the relay
        eventually([&] { return n->count_waiting("events.relay") == 1; });
    }
    const auto n = start(in_process);
    eventually([&] { return n->numbers("probe.reader") == range(1, 2); });
    advance();
    eventually([&] { return n->numbers("probe.reader") == range(1, 3); });
    n->settle();
    CHECK(n->numbers("probe.reader") == range(1, 3));
}

TEST_CASE("a drain fails with unavailable if the broker cannot be reached", "[broker]") {
    temporary_directory folder;
    node n{folder.path(), node::quick_settings(), unreachable_broker()};
    n.note_all("probe.reader", {"probe.#"});
    n.start();
    const auto drain_result = run(n.bus().drain());
    REQUIRE_FALSE(drain_result);
    CHECK(drain_result.error().code == errc::unavailable);
    CHECK_FALSE(n.bus().broker()->drained);
}

TEST_CASE("a failed drain does not change whether events are sent, and can be repeated", "[broker]") {
    const auto vhost = support::shared_broker().new_vhost();
    support::tcp_gate gate{support::shared_broker().port()};
    temporary_directory folder;
    node n{folder.path(), node::quick_settings(),
           rabbitmq_in(vhost, {.url = support::shared_broker().url_through(gate.port(), vhost), .bridges = {}})};
    n.note_all("probe.reader", {"probe.#"});
    n.start();
    eventually([&] { return n.bus().broker()->connected_since.has_value(); });
    gate.cut();
    REQUIRE_FALSE(run(n.bus().drain()));
    n.publish("probe.created", "k", range(1, 20));
    gate.open();
    eventually([&] { return n.numbers("probe.reader").size() == 20; });

    REQUIRE(run(n.bus().drain()));
    CHECK(n.bus().broker()->drained);
    n.publish("probe.created", "k", {21});
    gate.cut();
    REQUIRE_FALSE(run(n.bus().drain())); // the effect of the earlier drain remains: no event is sent
    gate.open();
    eventually([&] { return n.bus().broker()->connected_since.has_value(); });
    CHECK(n.count_waiting("events.relay") == 1);
}

TEST_CASE("events for a bridge are kept during a change of adapter, and sent when the bridge runs again", "[broker]") {
    const auto vhost = support::shared_broker().new_vhost();
    const events::rabbitmq::settings bridged{
        .url = {},
        .bridges = {
            {.queue = "plain", .direction = events::rabbitmq::bridge_direction::publish, .topics = {"probe.#"}, .topic = {}}}};
    auto unreachable = bridged;
    const support::held_port closed;
    unreachable.url = "amqp://127.0.0.1:" + std::to_string(closed.number());
    temporary_directory folder;
    {
        node earlier{folder.path(), node::quick_settings(), rabbitmq_in("none", unreachable)};
        earlier.note_all("probe.reader", {"probe.#"});
        earlier.start();
        earlier.publish("probe.created", "k", range(1, 5));
    }
    {
        node intermediate{folder.path(), forced_settings(), in_process};
        intermediate.note_all("probe.reader", {"probe.#"});
        intermediate.start();
        eventually([&] { return intermediate.numbers("probe.reader").size() == 5; });
        CHECK(intermediate.count_waiting("events.bridge_plain") == 5);
    }
    node n{folder.path(), node::quick_settings(), rabbitmq_in(vhost, bridged)};
    n.note_all("probe.reader", {"probe.#"});
    n.start();
    eventually([&] { return n.count_pending() == 0; });
    eventually([&] { return support::shared_broker().queue("plain", vhost)->messages() == 5; });
    CHECK(n.numbers("probe.reader") == range(1, 5));
}

TEST_CASE("topics that a subscription loses while the broker is unreachable are unbound after the next connection",
          "[broker]") {
    const auto vhost = support::shared_broker().new_vhost();
    temporary_directory folder;
    {
        node earlier{folder.path(), node::quick_settings(), rabbitmq_in(vhost)};
        earlier.note_all("probe.reader", {"probe.created", "probe.lost", "probe.back"});
        earlier.start();
        earlier.publish("probe.lost", "k", {1});
        earlier.settle();
    }
    for (const auto& [adapter, topics] :
         {std::pair{unreachable_broker(), std::vector<std::string>{"probe.created"}},
          std::pair{unreachable_broker(), std::vector<std::string>{"probe.created", "probe.back"}}}) {
        node intermediate{folder.path(), node::quick_settings(), adapter};
        intermediate.note_all("probe.reader", topics);
        intermediate.start();
    }
    node n{folder.path(), node::quick_settings(), rabbitmq_in(vhost)};
    n.note_all("probe.reader", {"probe.created", "probe.back"});
    n.start();
    eventually([&] { return n.bus().broker()->connected_since.has_value(); });
    n.publish("probe.lost", "k", {2});
    n.publish("probe.back", "k", {3});
    n.publish("probe.created", "k", {4});
    n.settle();
    CHECK(n.numbers("probe.reader") == std::vector<std::int64_t>{1, 3, 4});
}

TEST_CASE("after a forced change to in-process, unsent events are handled, and not again after the change back", "[broker]") {
    const auto vhost = support::shared_broker().new_vhost();
    temporary_directory folder;
    {
        node earlier{folder.path(), node::quick_settings(), unreachable_broker()};
        earlier.note_all("probe.reader", {"probe.#"});
        earlier.start();
        earlier.publish("probe.created", "k", range(1, 20));
    }
    {
        node intermediate{folder.path(), forced_settings(), in_process};
        intermediate.note_all("probe.reader", {"probe.#"});
        intermediate.start();
        intermediate.settle();
        CHECK(intermediate.numbers("probe.reader") == range(1, 20));
    }
    node n{folder.path(), node::quick_settings(), rabbitmq_in(vhost)};
    n.note_all("probe.reader", {"probe.#"});
    n.start();
    n.publish("probe.created", "k", range(21, 25));
    eventually([&] { return n.numbers("probe.reader").size() >= 25; });
    n.settle();
    CHECK(n.numbers("probe.reader") == range(1, 25));
}

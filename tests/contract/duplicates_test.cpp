#include "node.hpp"

#include <support/catch.hpp>
#include <support/python.hpp>
#include <support/rabbitmq_broker.hpp>
#include <support/tcp_gate.hpp>

using namespace atrium;
using namespace atrium::contract;
using support::shared_broker;

// Tests of what can happen only with a broker: it delivers a message twice, or delivers a message that is not an event.

namespace {

/// A Python program that publishes an event with the given number several times, then one with the next number.
constexpr std::string_view repeater = R"(
import pika, sys
channel = pika.BlockingConnection(pika.URLParameters(sys.argv[1])).channel()
channel.confirm_delivery()
number = int(sys.argv[3])
def publish(id, number):
    attributes = {"specversion": "1.0", "id": id, "source": "/elsewhere", "type": "probe.created",
                  "time": "2026-11-22T12:00:00Z", "subject": "k"}
    channel.basic_publish("atrium.events", "probe.created", '{"number":%d}' % number, pika.BasicProperties(
        message_id=id, content_type="application/json", headers={"cloudEvents_" + k: v for k, v in attributes.items()}))
for i in range(int(sys.argv[2])):
    publish("id-%d" % number, number)
publish("id-%d" % (number + 1), number + 1)
)";

/// A Python program that sends a body to a queue, without the properties of an event.
constexpr std::string_view stranger = R"(
import pika, sys
channel = pika.BlockingConnection(pika.URLParameters(sys.argv[1])).channel()
channel.confirm_delivery()
channel.basic_publish("", sys.argv[2], sys.argv[3])
)";

const std::string queue = "atrium.events.probe.reader";

} // namespace

TEST_CASE("an event that is published several times under one id is handled once, even after a restart", "[broker]") {
    const auto vhost = shared_broker().new_vhost();
    const auto url = shared_broker().url(vhost);
    temporary_directory folder;
    for (const std::int64_t first : {1, 1, 3}) {
        node n{folder.path(), node::quick_settings(), rabbitmq_in(vhost)};
        n.note_all("probe.reader", {"probe.#"});
        n.start();
        eventually(
            [&] { return n.bus().broker()->connected_since.has_value(); }); // when the node is connected, the queue exists
        support::run_python(repeater, {url, "3", std::to_string(first)});
        eventually([&] {
            const auto handled = n.numbers("probe.reader");
            return !handled.empty() && handled.back() == first + 1;
        });
        n.settle();
        CHECK(n.numbers("probe.reader") == range(1, first + 1));
        CHECK(n.dead_letters().empty());
    }
}

TEST_CASE("events that are redelivered because connections break are handled once and in order", "[broker]") {
    const auto vhost = shared_broker().new_vhost();
    support::tcp_gate gate{shared_broker().port()};
    temporary_directory folder;
    node n{folder.path(), node::quick_settings(),
           rabbitmq_in(vhost, {.url = shared_broker().url_through(gate.port(), vhost), .bridges = {}})};
    n.note_all("probe.reader", {"probe.#"});
    n.start();
    eventually([&] { return n.bus().broker()->connected_since.has_value(); });
    std::int64_t published = 0;
    for (int round = 0; round < 4; ++round) {
        for (int block = 0; block < 20; ++block, published += 10)
            n.publish("probe.created", "k", range(published, published + 9));
        eventually([&] { return static_cast<std::int64_t>(n.numbers("probe.reader").size()) > published - 150; });
        gate.cut();
        gate.open();
    }
    eventually([&] { return static_cast<std::int64_t>(n.numbers("probe.reader").size()) >= published; });
    n.settle();
    CHECK(n.numbers("probe.reader") == range(0, published - 1));
    CHECK(n.dead_letters().empty());
}

TEST_CASE("if a publisher is stopped while it sends events, each event either is at the broker or waits to be sent",
          "[broker]") {
    const auto vhost = shared_broker().new_vhost();
    temporary_directory folder;
    constexpr std::int64_t event_count = 5000;
    {
        node n{folder.path(), node::quick_settings(), rabbitmq_in(vhost, {.url = {}, .window = 100, .bridges = {}})};
        n.bus().declare(
            {.name = "probe.reader", .topics = {"probe.#"}}); // messages stay in its queue, because no process consumes them
        n.start();
        REQUIRE(run(n.store().write([&](storage::transaction& t) -> result<> {
            for (const auto number : range(1, event_count))
                n.bus().publish(t, {.topic = "probe.created", .key = std::to_string(number), .data = node::data(number)});
            return {};
        })));
        eventually([&] { return n.count_waiting("events.relay") < event_count - 200; });
    }
    const node restarted{folder.path(), node::quick_settings(), rabbitmq_in(vhost)};
    CHECK(shared_broker().queue(queue, vhost)->messages() + restarted.count_waiting("events.relay") == event_count);
}

TEST_CASE("a malformed message becomes a dead letter with its raw body, and does not block others", "[broker]") {
    const auto vhost = shared_broker().new_vhost();
    const auto url = shared_broker().url(vhost);
    temporary_directory folder;
    node n{folder.path(), node::quick_settings(), rabbitmq_in(vhost)};
    n.note_all("probe.reader", {"probe.#"});
    n.start();
    n.publish("probe.created", "k", {1});
    n.settle();
    support::run_python(stranger, {url, queue, "what is this?"});
    support::run_python(stranger, {url, queue, R"({"number":2})"});
    n.publish("probe.created", "k", {3});
    eventually([&] { return n.dead_letters().size() == 2; });
    n.settle(); // then the broker has no messages, which shows that both malformed ones were acknowledged

    CHECK(n.numbers("probe.reader") == std::vector<std::int64_t>{1, 3});
    for (const auto& dead : n.dead_letters()) {
        CHECK(dead.subscription == "probe.reader");
        CHECK(dead.last_error.find("application property") != std::string::npos);
    }
    const auto texts = n.dead_letters()[0].event.data + n.dead_letters()[1].event.data;
    CHECK(texts.find("what is this?") != std::string::npos);
    CHECK(texts.find(R"({\"number\":2})") != std::string::npos);
}

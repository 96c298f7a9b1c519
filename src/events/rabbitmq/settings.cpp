#include <config/schema.hpp>
#include <events/rabbitmq/settings.hpp>
#include <events/topic_pattern.hpp>

// Each function names all members of its struct. So if a member is added, the program does not compile until the member is
// declared here.

namespace atrium::events::rabbitmq {
namespace {

using namespace std::chrono_literals;

config::text_rule event_topic() {
    return {R"(a topic such as "orders.order_created")", is_topic};
}

config::text_rule broker_url() {
    return {R"(of the form "amqp://USER:PASSWORD@HOST:PORT/VHOST" or "amqps://...", special characters of a part )"
            R"(percent-encoded ("/" as %2F))",
            [](std::string_view text) { return check_url(text).has_value(); }, true};
}

void declare_bridge(config::schema& schema, bridge& bridge) {
    auto& [queue, direction, topics, topic, durable] = bridge;
    schema.text(".queue", queue, config::not_empty(), "A queue on the default exchange, declared with default arguments.");
    schema.choice(".direction", direction, {{"publish", bridge_direction::publish}, {"consume", bridge_direction::consume}},
                  "\"publish\" sends events of Atrium to the program. \"consume\" receives messages of the program as events.");
    schema.list(".topics", topics, config::not_empty(), "With publish: patterns of the topics to send.");
    schema.text(".topic", topic, event_topic(), "With consume: the topic of the events that the messages of the queue become.");
    schema.boolean(".durable", durable,
                   "Whether the queue survives a restart of the broker; the program must declare it the same way. RabbitMQ 4.3 "
                   "requires it.");
}

constexpr auto example_bridges = R"([[bus.rabbitmq.bridge]]        # a program that reads orders
queue = "order_created"
direction = "publish"
topics = ["orders.order_created"]

[[bus.rabbitmq.bridge]]        # a program that sends orders
queue = "orders_from_elsewhere"
direction = "consume"
durable = true                 # because that program declares its queue as durable
topic = "orders.order_created"
)";

/// Checks one bridge, independently of the others.
void check(const bridge& bridge, const std::string& name, std::vector<std::string>& faults) {
    if (bridge.queue.empty())
        faults.push_back(name + " has no queue");
    if (bridge.topics.empty() && bridge.topic.empty())
        faults.push_back(name + " has neither topics (to publish) nor a topic (to consume)");
    else if (bridge.direction == bridge_direction::publish ? bridge.topics.empty() : bridge.topic.empty())
        faults.push_back(name + " needs topics to publish, or a topic to consume, as its direction requires");
}

std::vector<std::string> faults_of(const std::vector<bridge>& bridges) {
    std::vector<std::string> faults;
    for (std::size_t i = 0; i < bridges.size(); ++i) {
        const auto name = "bus.rabbitmq.bridge[" + std::to_string(i) + "]";
        check(bridges[i], name, faults);
        // If one queue were used in both directions, a process would receive the events that it sends.
        for (std::size_t j = 0; j < i; ++j)
            if (bridges[j].queue == bridges[i].queue)
                faults.push_back(name + ".queue is " + bridges[i].queue + ", which is also the queue of bridge[" +
                                 std::to_string(j) + "]; each bridge needs a queue of its own");
    }
    return faults;
}

} // namespace

void declare(config::schema& schema, settings& settings) {
    auto& [url, exchange, window, prefetch, max_message, receive_memory, heartbeat, connect_timeout, ca_file, verify, bridges] =
        settings;
    schema.section("bus.rabbitmq",
                   "How to reach and use the broker. These keys have an effect only if bus.adapter is \"rabbitmq\".");
    schema.text("bus.rabbitmq.url", url, broker_url(),
                "Address of the broker, and the account to use there. The password is never logged.");
    schema.text("bus.rabbitmq.exchange", exchange, config::not_empty(),
                "Name of a durable topic exchange, which is created if it is missing. The names of Atrium's queues begin with "
                "this name.");
    schema.integer("bus.rabbitmq.window", window, 1, 100'000,
                   "Maximum number of messages that have been sent to the broker but not confirmed by it yet.");
    schema.integer("bus.rabbitmq.prefetch", prefetch, 1, 65'535,
                   "Maximum number of messages of one queue that have been received but not stored yet.");
    schema.integer("bus.rabbitmq.max_message", max_message, 64 * 1024, 128 * 1024 * 1024,
                   "Maximum size of a received message's body, in bytes. A larger message becomes a dead letter that contains "
                   "only the first 64 KiB of the body. Events of Atrium are far smaller.");
    schema.integer("bus.rabbitmq.receive_memory", receive_memory, 64 * 1024, 4'294'967'296,
                   "Maximum memory in bytes for the messages of one queue that have been received but not stored yet. The "
                   "last message may take the total beyond this limit. Nothing more is then read from this queue until "
                   "messages have been stored.");
    schema.duration("bus.rabbitmq.heartbeat", heartbeat, 1s, 10min,
                    "A connection that is silent for twice this time is considered lost.");
    schema.duration(
        "bus.rabbitmq.connect_timeout", connect_timeout, 100ms, 5min,
        "How long connecting to the broker may take, and how long the broker may take to respond to each step of the setup.");
    schema.text("bus.rabbitmq.ca_file", ca_file, config::not_empty(),
                "With amqps: a PEM file with the authorities that may have signed the broker's certificate.");
    schema.boolean("bus.rabbitmq.verify", verify,
                   "With amqps: whether the broker's certificate and its host name are checked.");
    schema.tables<bridge>("bus.rabbitmq.bridge", bridges, declare_bridge,
                          "Bridges to plain AMQP programs. Each bridge is one queue, which is declared with default arguments. "
                          "docs/rabbitmq.md describes which guarantees bridges give.",
                          example_bridges);
    schema.rule({"bus.rabbitmq.bridge"}, [&settings] { return faults_of(settings.bridges); });
}

} // namespace atrium::events::rabbitmq

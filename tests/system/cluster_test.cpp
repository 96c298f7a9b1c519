#include <support/at_rest.hpp>
#include <support/event_state.hpp>
#include <support/eventually.hpp>
#include <support/order_load.hpp>
#include <support/python.hpp>
#include <support/rabbitmq_broker.hpp>
#include <support/split_servers.hpp>

#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <vector>

// Tests users and orders with a cluster of three RabbitMQ nodes on this machine.

namespace {

using namespace atrium::support;
using namespace std::chrono_literals;

/// Declares a subscription's queue like an older version of Atrium. On RabbitMQ 4, this queue has a delivery limit, so Atrium
/// replaces it.
constexpr std::string_view declare_like_older_version = R"(
import pika, sys
channel = pika.BlockingConnection(pika.URLParameters(sys.argv[1])).channel()
channel.exchange_declare("atrium.events", "topic", durable=True)
channel.queue_declare("atrium.events.users.order_statistics", durable=True, arguments={
    "x-queue-type": "quorum", "x-single-active-consumer": True})
channel.queue_bind("atrium.events.users.order_statistics", "atrium.events", "orders.order_created")
)";

std::vector<std::string> settings_for(const rabbitmq_broker& node, const std::string& vhost) {
    return {"bus.adapter=rabbitmq", "bus.rabbitmq.url=" + node.url(vhost), "bus.rabbitmq.heartbeat=2s",
            "bus.rabbitmq.connect_timeout=5s"};
}

/// Waits until each replicated queue has a replica on all three nodes. Only then may the next node be stopped.
template <class Describe>
void expect_three_replicas(rabbitmq_broker& node, const std::string& vhost, Describe describe) {
    eventually(
        "each replicated queue has three replicas in contact", [&] { return node.has_replicas(3, vhost); }, 120s, describe);
}

/// Whether /readyz of the orders process reports a queue with a delivery limit, from which the broker may drop messages.
bool has_limited_queues(split_servers& servers) {
    const auto readyz = servers.orders_process().http().get("/readyz").json();
    return readyz.at("bus").at("broker").as_object().contains("limited_queues");
}

/// The names of the queues with which Atrium tests how the broker behaves (docs/rabbitmq.md).
std::vector<std::string> trial_queues(rabbitmq_broker& node, const std::string& vhost) {
    auto names = node.queue_names(vhost);
    std::erase_if(names, [](const std::string& name) { return name.find(".trial.") == std::string::npos; });
    return names;
}

/// Waits until Atrium has checked once more whether all nodes are up, and returns the name of the queue that the check has
/// declared and deleted.
std::string await_node_check(rabbitmq_broker& node, const std::string& vhost) {
    std::string queue;
    eventually([&] {
        for (const auto& name : trial_queues(node, vhost)) {
            // The last part of the name is a number if a check has declared the queue, and a UUID if a proof has declared it.
            const auto number = name.substr(name.rfind('.') + 1);
            if (number.find_first_not_of("0123456789") == std::string::npos)
                queue = name;
        }
        return !queue.empty();
    });
    eventually([&] { return std::ranges::count(trial_queues(node, vhost), queue) == 0; });
    return queue;
}

/// Declares a queue whose replicas are removed from all nodes that run, as if the nodes had gone down while the queue was being
/// deleted. It has no leader.
void leave_without_leader(const std::string& queue, const std::vector<rabbitmq_broker*>& running, const std::string& vhost) {
    run_python(R"(
import pika, sys
pika.BlockingConnection(pika.URLParameters(sys.argv[1])).channel().queue_declare(sys.argv[2], durable=True, arguments={
    "x-queue-type": "quorum", "x-quorum-initial-group-size": 3, "x-expires": 60000})
)",
               {running.front()->url(vhost), queue});
    for (auto* node : running)
        node->evaluate(find_quorum_queue(queue, vhost) + R"(_ = ra:force_delete_server(quorum_queues, {Process, node()}), "")");
}

} // namespace

TEST_CASE("a rolling restart of a cluster under load loses no event and counts none twice") {
    rabbitmq_broker first;
    rabbitmq_broker second{rabbitmq_broker::cluster_of{first}};
    rabbitmq_broker third{rabbitmq_broker::cluster_of{first}};
    const auto vhost = first.new_vhost();
    if (first.major_version() >= 4)
        run_python(declare_like_older_version, {first.url(vhost)});
    split_servers servers{settings_for(first, vhost), settings_for(third, vhost)};
    const auto describe = [&] { return describe_events({&servers.users_process(), &servers.orders_process()}, first, vhost); };
    order_load load{servers.users_process().port(), servers.orders_process().port(), std::random_device{}(), 20ms};
    load.expect_orders(50);
    for (auto* node : {&first, &second, &third}) {
        expect_three_replicas(*node, vhost, describe);
        node->stop();
        load.expect_orders(50);
        node->start();
        load.expect_orders(50);
    }
    expect_three_replicas(first, vhost, describe);
    CHECK(load.unanswered() == 0);
    const auto acknowledged = load.end();
    CHECK(acknowledged.refused.empty());
    eventually(
        "no event is on its way", [&] { return is_at_rest([&] { return servers.is_quiet(); }, first, vhost); }, 120s, describe);
    eventually([&] { return !has_limited_queues(servers); });
    check_nothing_lost(servers.users_process(), servers.orders_process(), acknowledged);
    servers.stop();
}

TEST_CASE("a queue with a delivery limit is replaced only while every node is up, and a node that returns loses no event") {
    rabbitmq_broker first;
    if (first.major_version() < 4) {
        WARN("RabbitMQ 3 has no default delivery limit; the test of replacing a queue in a cluster is skipped");
        return;
    }
    rabbitmq_broker second{rabbitmq_broker::cluster_of{first}};
    rabbitmq_broker third{rabbitmq_broker::cluster_of{first}};
    const auto vhost = first.new_vhost();
    run_python(declare_like_older_version, {first.url(vhost)});
    // Forces another election in the old queue. A replica of the old queue can win an election against the new queue only if it
    // has seen more elections. This is the danger that the test is about.
    first.restart();
    expect_three_replicas(first, vhost, [&] { return describe_events({}, first, vhost); });
    third.stop();
    split_servers servers{settings_for(first, vhost), settings_for(second, vhost)};
    const auto describe = [&] { return describe_events({&servers.users_process(), &servers.orders_process()}, first, vhost); };
    order_load load{servers.users_process().port(), servers.orders_process().port(), std::random_device{}(), 20ms};
    const auto log_shows = [&](std::string_view text) { return servers.users_process().log().find(text) != std::string::npos; };
    eventually([&] { return log_shows("before every node of the broker is up"); });
    load.expect_orders(50);
    CHECK(has_limited_queues(servers));
    third.start();
    eventually([&] { return !has_limited_queues(servers); }, 120s);
    load.expect_orders(50);
    const auto acknowledged = load.end();
    eventually(
        "no event is on its way", [&] { return is_at_rest([&] { return servers.is_quiet(); }, first, vhost); }, 120s, describe);
    check_nothing_lost(servers.users_process(), servers.orders_process(), acknowledged);
    servers.stop();
}

TEST_CASE("queues that a check of the nodes has left without a leader are deleted when every node is up") {
    rabbitmq_broker first;
    if (first.major_version() < 4) {
        WARN(
            "RabbitMQ 3 has no default delivery limit, so Atrium does not check whether every node is up; the test is skipped");
        return;
    }
    rabbitmq_broker second{rabbitmq_broker::cluster_of{first}};
    rabbitmq_broker third{rabbitmq_broker::cluster_of{first}};
    const auto vhost = first.new_vhost();
    run_python(declare_like_older_version, {first.url(vhost)});
    third.stop();
    split_servers servers{settings_for(first, vhost), settings_for(second, vhost)};
    order_load load{servers.users_process().port(), servers.orders_process().port(), std::random_device{}(), 20ms};
    const auto queue = await_node_check(first, vhost);
    leave_without_leader(queue, {&first, &second}, vhost);
    third.start();
    eventually([&] { return !has_limited_queues(servers); }, 120s);
    eventually([&] { return trial_queues(first, vhost).empty(); });
    CHECK(load.end().refused.empty());
    servers.stop();
}

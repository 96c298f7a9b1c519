#include <support/at_rest.hpp>
#include <support/order_load.hpp>
#include <support/rabbitmq_broker.hpp>
#include <support/split_servers.hpp>

#include <array>
#include <chrono>
#include <random>

// Three nodes of RabbitMQ on this machine, around which users and orders go on.

namespace {

using namespace atrium::support;
using namespace std::chrono_literals;

/// Whether each queue has all its members: only then may the next node be stopped.
bool is_whole(rabbitmq_broker& node, const std::string& vhost) {
    try {
        const auto missing =
            node.evaluate("integer_to_list(length([Q || Q <- rabbit_amqqueue:list(<<\"" + vhost +
                          "\">>), begin [{online, Nodes}] = rabbit_amqqueue:info(Q, [online]), length(Nodes) < 3 end]))");
        return missing == "0";
    } catch (const std::runtime_error&) {
        return false;
    }
}

} // namespace

TEST_CASE("a rolling restart of a cluster under load loses no event and counts none twice") {
    rabbitmq_broker first;
    rabbitmq_broker second{rabbitmq_broker::joins{first}};
    rabbitmq_broker third{rabbitmq_broker::joins{first}};
    const auto vhost = first.new_vhost();
    split_servers servers{{"bus.adapter=rabbitmq", "bus.rabbitmq.url=" + first.url(vhost), "bus.rabbitmq.heartbeat=2s",
                           "bus.rabbitmq.connect_timeout=5s"}};
    order_load load{servers.users_process().port(), servers.orders_process().port(), std::random_device{}(), 20ms};
    load.expect_orders(50);
    for (auto* node : {&first, &second, &third}) {
        eventually([&] { return is_whole(*node, vhost); }, 120s);
        node->stop();
        load.expect_orders(50);
        node->start();
        load.expect_orders(50);
    }
    eventually([&] { return is_whole(first, vhost); }, 120s);
    CHECK(load.unanswered() == 0);
    const auto promises = load.end();
    CHECK(promises.put_off.empty());
    eventually([&] { return is_at_rest([&] { return servers.is_quiet(); }, first, vhost); }, 120s);
    check_nothing_lost(servers.users_process(), servers.orders_process(), promises);
    servers.stop();
}

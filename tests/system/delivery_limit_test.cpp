#include <support/at_rest.hpp>
#include <support/event_state.hpp>
#include <support/order_load.hpp>
#include <support/python.hpp>
#include <support/rabbitmq_broker.hpp>
#include <support/split_with_broker.hpp>
#include <support/tcp_gate.hpp>

#include <boost/json.hpp>

#include <sys/resource.h>

#include <cstdlib>
#include <random>

// Tests queues with a delivery limit, from which the broker drops messages that were delivered too often. Since RabbitMQ 4.0,
// quorum queues have such a limit by default.

namespace {

using namespace atrium::support;
using namespace std::chrono_literals;

const std::string counted_queue = "atrium.events.users.order_statistics";

/// Declares a subscription's queue with a delivery limit. On RabbitMQ 4, it declares the queue like an older version of Atrium,
/// so that the default limit applies. RabbitMQ 3 has no default limit, so the queue gets the limit 7. The arguments are the
/// URL, the queue, the exchange, the topic and the major version of RabbitMQ.
constexpr std::string_view declare_limited = R"(
import pika, sys
channel = pika.BlockingConnection(pika.URLParameters(sys.argv[1])).channel()
channel.exchange_declare(sys.argv[3], "topic", durable=True)
arguments = {"x-queue-type": "quorum", "x-single-active-consumer": True}
if int(sys.argv[5]) < 4:
    arguments["x-delivery-limit"] = 7
channel.queue_declare(sys.argv[2], durable=True, arguments=arguments)
channel.queue_bind(sys.argv[2], sys.argv[3], sys.argv[4])
)";

int restart_count() {
    const char* const text = std::getenv("ATRIUM_RESTARTS"); // a longer run: ATRIUM_RESTARTS=40
    return text ? std::atoi(text) : 22;
}

/// Limits the size of the files of the process. The limit is enough for its log, but too small for its database, so no event
/// can be stored.
void fill_disk_of(running_server& server) {
    constexpr rlimit full{.rlim_cur = 12'288, .rlim_max = 12'288};
    REQUIRE(::prlimit(server.process().id(), RLIMIT_FSIZE, &full, nullptr) == 0);
}

/// The arguments of each queue as the broker has stored them, including the delivery limit. RabbitMQ 3.10 lists no limit if
/// none is set.
std::string arguments_of_queues(rabbitmq_broker& broker, const std::string& vhost) {
    return broker.control({"list_queues", "-p", vhost, "name", "arguments"});
}

} // namespace

TEST_CASE("orders are counted however often the users process is killed before it has stored their events") {
    auto& broker = shared_broker();
    const auto vhost = broker.new_vhost();
    split_servers servers{{"bus.adapter=rabbitmq", "bus.rabbitmq.url=" + broker.url(vhost)}};
    auto& users = servers.users_process();
    const auto ann = servers.create_user("ann");
    servers.place_order("ann", "tea");
    eventually([&] { return servers.find(ann).order_count == 1; });

    tcp_gate gate{broker.port()};
    users.set_settings({"bus.adapter=rabbitmq", "bus.rabbitmq.url=" + broker.url_through(gate.port(), vhost),
                        R"(modules.enabled=["users"])", "http.port=" + std::to_string(users.port())});
    users.stop();
    for (int i = 0; i < restart_count(); ++i) {
        INFO("restart " << i);
        gate.cut();
        users.start();
        fill_disk_of(users);
        for (int order = 0; i == 0 && order < 5; ++order)
            servers.place_order("ann", "tea");
        gate.open();
        eventually([&] { return users.log().find("cannot be stored") != std::string::npos || !users.process().runs(); });
        users.kill();
    }
    users.start();
    eventually([&] { return servers.find(ann).order_count == 6; });
    CHECK(users.http().get("/readyz").json().at("bus").at("dead_letters") == 0);
    servers.stop();
}

TEST_CASE("a queue with a delivery limit is replaced under load, and no event is lost or counted twice") {
    auto& broker = shared_broker();
    const auto vhost = broker.new_vhost();
    run_python(declare_limited, {broker.url(vhost), counted_queue, "atrium.events", "orders.order_created",
                                 std::to_string(broker.major_version())});
    split_servers servers{{"bus.adapter=rabbitmq", "bus.rabbitmq.url=" + broker.url(vhost)}};
    order_load load{servers.users_process().port(), servers.orders_process().port(), std::random_device{}(), 10ms};
    const auto broker_in_readyz = [&] {
        return servers.orders_process().http().get("/readyz").json().at("bus").at("broker").as_object();
    };
    eventually([&] { return boost::json::serialize(broker_in_readyz()).find(counted_queue) != std::string::npos; });
    load.expect_orders(50);
    eventually([&] { return !broker_in_readyz().contains("limited_queues"); });
    load.expect_orders(50);
    eventually([&] { return !broker.queue(counted_queue + ".interim", vhost); });
    load.expect_orders(50);

    const auto acknowledged = load.end();
    eventually(
        "no event is on its way", [&] { return is_at_rest([&] { return servers.is_quiet(); }, broker, vhost); }, 120s,
        [&] { return describe_events({&servers.users_process(), &servers.orders_process()}, broker, vhost); });
    check_nothing_lost(servers.users_process(), servers.orders_process(), acknowledged);
    const auto arguments = arguments_of_queues(broker, vhost);
    INFO("queues: " << arguments);
    CHECK(arguments.find(counted_queue) != std::string::npos);
    CHECK(arguments.find("\"x-delivery-limit\",7") == std::string::npos);
    const auto line =
        arguments.substr(arguments.find(counted_queue), arguments.substr(arguments.find(counted_queue)).find('\n'));
    CHECK((line.find("\"x-delivery-limit\",-1") != std::string::npos) == (broker.major_version() >= 4));
    servers.stop();
}

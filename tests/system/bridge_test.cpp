#include <support/process.hpp>
#include <support/python.hpp>
#include <support/rabbitmq_broker.hpp>
#include <support/running_server.hpp>

#include <boost/json/parse.hpp>

#include <algorithm>

// Tests AMQP programs in Python (with pika) that send events to the real server or receive events from it.

namespace {

using namespace atrium::support;

/// Receives orders and prints them, like the programs that were used before Atrium. The arguments are the URL and the number of
/// orders.
constexpr std::string_view reader = R"(
import json, pika, sys
channel = pika.BlockingConnection(pika.URLParameters(sys.argv[1])).channel()
channel.queue_declare("order_created")
print("ready")
for i, (method, properties, body) in enumerate(channel.consume("order_created", auto_ack=True), 1):
    order = json.loads(body)
    print(order["user"], order["product_name"])
    if i == int(sys.argv[2]):
        break
)";

/// Sends messages to a queue. The arguments are the URL, the queue and the bodies; "ID=BODY" also sends a message id.
constexpr std::string_view sender = R"(
import pika, sys
channel = pika.BlockingConnection(pika.URLParameters(sys.argv[1])).channel()
channel.queue_declare(sys.argv[2])
channel.confirm_delivery()
for text in sys.argv[3:]:
    id, _, body = text.rpartition("=")
    channel.basic_publish("", sys.argv[2], body, pika.BasicProperties(message_id=id) if id else None)
)";

/// Sends one order to a durable queue and waits for the broker's confirm. The arguments are the URL, the queue and the body.
constexpr std::string_view durable_sender = R"(
import pika, sys
channel = pika.BlockingConnection(pika.URLParameters(sys.argv[1])).channel()
channel.queue_declare(sys.argv[2], durable=True)
channel.confirm_delivery()
channel.basic_publish("", sys.argv[2], sys.argv[3], pika.BasicProperties(delivery_mode=2))
)";

/// Prints the product of the first order in a durable queue.
constexpr std::string_view durable_reader = R"(
import json, pika, sys
channel = pika.BlockingConnection(pika.URLParameters(sys.argv[1])).channel()
channel.queue_declare(sys.argv[2], durable=True)
for method, properties, body in channel.consume(sys.argv[2], auto_ack=True):
    print(json.loads(body)["product_name"])
    break
)";

/// Declares a durable queue. Bridges declare transient queues by default.
constexpr std::string_view durable_declarer = R"(
import pika, sys
pika.BlockingConnection(pika.URLParameters(sys.argv[1])).channel().queue_declare(sys.argv[2], durable=True)
)";

struct bridged_server {
    std::string url = shared_broker().url(shared_broker().new_vhost());
    running_server server;

    explicit bridged_server(const std::string& bridges)
        : server{{"bus.adapter=rabbitmq", "bus.rabbitmq.url=" + url, "bus.rabbitmq.bridge=" + bridges}} {}

    void send(const std::string& queue, std::vector<std::string> bodies) const {
        bodies.insert(bodies.begin(), {url, queue});
        run_python(sender, bodies);
    }
    [[nodiscard]] std::int64_t dead_letters() {
        return server.http().get("/readyz").json().at("bus").at("dead_letters").as_int64();
    }
};

const std::string publishing_bridge = R"({queue="order_created",direction="publish",topics=["orders.order_created"]})";
const std::string durable_publishing_bridge =
    R"({queue="order_created",direction="publish",topics=["orders.order_created"],durable=true})";
const std::string durable_consuming_bridge =
    R"({queue="from_the_shop",direction="consume",topic="orders.order_created",durable=true})";
const std::string consuming_bridge = R"({queue="from_the_shop",direction="consume",topic="orders.order_created"})";

} // namespace

TEST_CASE("a flood of malformed messages is logged with at most ten lines a minute, and each message becomes a dead letter") {
    bridged_server s{"[" + consuming_bridge + "]"};
    s.send("from_the_shop", std::vector<std::string>(300, "junk"));
    eventually([&] { return s.dead_letters() == 300; });
    const std::string line = "a message from the broker cannot become an event and is stored as a dead letter";
    s.server.expect_log(line);
    const auto log = s.server.log();
    int lines = 0;
    for (auto position = log.find(line); position != std::string::npos; position = log.find(line, position + 1))
        ++lines;
    CHECK(lines == 10);
}

TEST_CASE("a plain AMQP program reads user and product of every order") {
    bridged_server s{"[" + publishing_bridge + "]"};
    process python{python_command(reader, {s.url, "4"})};
    eventually([&] { return python.out().find("ready") != std::string::npos; });
    s.server.create_user("ann");
    s.server.create_user("bob");
    s.server.place_order("ann", "tea");
    s.server.place_order("bob", "milk");
    s.server.place_order("ann", "rice");

    SECTION("an order that is placed after the queue was deleted is read as well") {
        eventually([&] { return python.out().find("rice") != std::string::npos; });
        delete_queue(s.url, "order_created");
        python.signal(9);
        python.wait();
        s.server.place_order("bob", "salt");
        process second{python_command(reader, {s.url, "1"})};
        CHECK(second.wait() == 0);
        CHECK(second.out() == "ready\nbob salt\n");
    }
    SECTION("the orders of several users all arrive, in whatever sequence") {
        s.server.place_order("bob", "salt");
        CHECK(python.wait() == 0);
        auto lines = python.out();
        for (const auto* each : {"ann tea\n", "bob milk\n", "ann rice\n", "bob salt\n"})
            CHECK(lines.find(each) != std::string::npos);
        CHECK(std::ranges::count(lines, '\n') == 5);
    }
}

TEST_CASE(
    "orders from a plain program are counted for their users, once per message id, and malformed messages block nothing") {
    bridged_server s{"[" + consuming_bridge + "]"};
    const auto ann = s.server.create_user("ann");
    const auto bob = s.server.create_user("bob");

    s.send("from_the_shop", {
                                R"({"user": "ann", "product_name": "tea"})",
                                R"(no JSON)",
                                R"(n1={"user": "ann", "product_name": "milk"})",
                                R"(n1={"user": "ann", "product_name": "milk"})",
                                R"(["bob"])",
                                "  \n"
                                R"({"user": "bob", "product_name": "rice"})",
                                R"(n2={"user": "bob", "product_name": "salt", "user_id": )" + std::to_string(bob.id) + "}",
                                R"({"user": "zoe", "product_name": "salt"})",
                            });
    eventually([&] { return s.server.find(ann).order_count == 2 && s.server.find(bob).order_count == 2; });
    eventually([&] { return s.dead_letters() == 2; });
    s.server.place_order("ann", "salt");
    eventually([&] { return s.server.find(ann).order_count == 3; });
    s.server.expect_log("its body is not JSON");
    s.server.expect_log("its body is JSON, but not an object");

    delete_queue(s.url, "from_the_shop");
    s.server.place_order("ann", "salt");
    eventually([&] { return s.server.find(ann).order_count == 4; });
    s.send("from_the_shop", {R"({"user": "bob", "product_name": "tea"})"});
    eventually([&] { return s.server.find(bob).order_count == 3; });
    CHECK(s.dead_letters() == 2);
}

TEST_CASE("bridges whose queues exist with other arguments block nothing else, and the log contains advice") {
    bridged_server s{"[" + publishing_bridge + "]"};
    delete_queue(s.url, "order_created");
    for (const auto* queue : {"order_created", "from_the_shop"})
        run_python(durable_declarer, {s.url, queue});
    const auto restart_with = [&](const std::string& bridges) {
        s.server.set_settings({"bus.adapter=rabbitmq", "bus.rabbitmq.url=" + s.url, "bus.rabbitmq.bridge=[" + bridges + "]"});
        s.server.restart();
    };
    restart_with(publishing_bridge + "," + consuming_bridge);

    const auto ann = s.server.create_user("ann");
    s.server.place_order("ann", "tea");
    eventually([&] { return s.server.find(ann).order_count == 1; });
    for (const auto* queue : {"order_created", "from_the_shop"})
        eventually([&] {
            const auto log = s.server.log();
            const auto position = log.find(queue);
            return position != std::string::npos && log.find("what_to_do", position) != std::string::npos;
        });
    boost::json::value broker;
    eventually([&] {
        broker = s.server.http().get("/readyz").json().at("bus").at("broker");
        return broker.at("connected").as_bool();
    });
    for (const auto& bridge : broker.at("bridges").as_array()) {
        CHECK_FALSE(bridge.at("connected").as_bool());
        CHECK(bridge.at("trouble").as_string().find("the queue exists with other arguments") != std::string::npos);
    }

    CHECK(s.server.http().post("/events/drain", {}).status == 200); // messages of bridges need no drain
    restart_with(consuming_bridge); // the events of a bridge that was removed from the settings are kept
    CHECK(s.server.log().find("events wait for a bridge that does not run") != std::string::npos);
    CHECK(s.server.log().find("bridge_order_created") != std::string::npos);
    restart_with(publishing_bridge + "," + consuming_bridge);

    delete_queue(s.url, "order_created");
    delete_queue(s.url, "from_the_shop");
    process python{python_command(reader, {s.url, "1"})};
    CHECK(python.wait() == 0); // the program has received the order that was waiting in the journal
    CHECK(python.out() == "ready\nann tea\n");
}

TEST_CASE("messages in the queue of a durable bridge survive a restart of the broker") {
    bridged_server s{"[" + durable_publishing_bridge + "," + durable_consuming_bridge + "]"};
    const auto ann = s.server.create_user("ann");
    s.server.place_order("ann", "tea");
    const auto count_messages = [&] {
        const auto vhost = s.url.substr(s.url.rfind('/') + 1);
        const auto queue = shared_broker().queue("order_created", vhost);
        return queue ? queue->messages() : 0;
    };
    eventually([&] { return count_messages() == 1; });
    s.server.stop();
    run_python(durable_sender, {s.url, "from_the_shop", R"({"user": "ann", "product_name": "milk"})"});
    shared_broker().restart();
    CHECK(run_python(durable_reader, {s.url, "order_created"}) == "tea\n");
    s.server.start();
    eventually([&] { return s.server.find(ann).order_count == 2; });
    s.server.stop();
}

TEST_CASE("if a broker accepts only durable queues, /readyz names the setting that makes a bridge durable, and a durable "
          "bridge works") {
    if (shared_broker().major_version() < 4) {
        WARN("RabbitMQ 3 cannot refuse transient queues; the test is skipped");
        return;
    }
    rabbitmq_broker strict{rabbitmq_broker::tls::off, "deprecated_features.permit.transient_nonexcl_queues = false\n"};
    running_server server{{"bus.adapter=rabbitmq", "bus.rabbitmq.url=" + strict.url(),
                           "bus.rabbitmq.bridge=[" + publishing_bridge + "," + consuming_bridge + "]"}};
    const auto bridges = [&] { return server.http().get("/readyz").json().at("bus").at("broker").at("bridges").as_array(); };
    for (const std::size_t i : {0U, 1U})
        eventually([&] {
            const auto bridge = bridges().at(i);
            const auto& state = bridge.as_object();
            return state.contains("trouble") && state.at("trouble").as_string().find("durable = true") != std::string::npos &&
                   state.at("trouble").as_string().find("transient_nonexcl_queues") != std::string::npos;
        });
    server.create_user("ann");
    server.place_order("ann", "tea");
    server.set_settings({"bus.adapter=rabbitmq", "bus.rabbitmq.url=" + strict.url(),
                         "bus.rabbitmq.bridge=[" + durable_publishing_bridge + "," + durable_consuming_bridge + "]"});
    server.restart();
    CHECK(run_python(durable_reader, {strict.url(), "order_created"}) == "tea\n");
    server.stop();
}

#include <support/catch.hpp>
#include <support/eventually.hpp>
#include <support/process.hpp>
#include <support/python.hpp>
#include <support/rabbitmq_broker.hpp>
#include <support/tcp_gate.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <iostream>
#include <regex>
#include <string>

namespace {

using namespace atrium::support;

/// Publishes messages to a quorum queue. The arguments are the URL, the queue and the number of messages.
constexpr auto publish = R"(
import pika, sys
connection = pika.BlockingConnection(pika.URLParameters(sys.argv[1]))
channel = connection.channel()
channel.confirm_delivery()
channel.queue_declare(sys.argv[2], durable=True, arguments={"x-queue-type": "quorum"})
for number in range(int(sys.argv[3])):
    channel.basic_publish("", sys.argv[2], b"message", pika.BasicProperties(delivery_mode=2))
connection.close()
)";

/// Receives one message without acknowledging it, prints "held", and waits.
constexpr auto hold_one = R"(
import pika, sys
connection = pika.BlockingConnection(pika.URLParameters(sys.argv[1]))
channel = connection.channel()
channel.basic_qos(prefetch_count=1)
channel.basic_consume(sys.argv[2], lambda *message: print("held"))
channel.start_consuming()
)";

/// Publishes until the broker blocks the connection, and then prints "blocked".
constexpr auto publish_until_blocked = R"(
import pika, sys
connection = pika.BlockingConnection(pika.URLParameters(sys.argv[1]))
blocked = []
connection.add_on_connection_blocked_callback(lambda *_: blocked.append(True))
channel = connection.channel()
while not blocked:
    channel.basic_publish("", "nowhere", b"message")
    connection.process_data_events(0.05)
print("blocked")
)";

/// Declares a queue that is deleted with the connection, prints "declared", and waits.
constexpr auto own_exclusive_queue = R"(
import pika, sys
connection = pika.BlockingConnection(pika.URLParameters(sys.argv[1]))
channel = connection.channel()
channel.queue_declare("of one connection", exclusive=True)
channel.basic_consume("of one connection", lambda *message: None)
print("declared")
channel.start_consuming()
)";

bool serves(std::uint16_t port) {
    boost::asio::io_context context;
    boost::asio::ip::tcp::socket socket{context};
    boost::system::error_code failure;
    socket.connect({boost::asio::ip::address_v4::loopback(), port}, failure);
    return !failure;
}

} // namespace

TEST_CASE("the state of a queue has the exact numbers of messages and consumers") {
    auto& broker = shared_broker();
    const auto vhost = broker.new_vhost();
    CHECK(broker.queues(vhost).empty());
    CHECK_FALSE(broker.queue("of orders", vhost));

    run_python(publish, {broker.url(vhost), "of orders", "3"});
    const auto filled = broker.queue("of orders", vhost);
    REQUIRE(filled);
    CHECK(filled->quorum);
    CHECK(filled->ready == 3);
    CHECK(filled->consumers == 0);

    process consumer{python_command(hold_one, {broker.url(vhost), "of orders"})};
    eventually([&] { return consumer.out() == "held\n"; });
    const auto held = broker.queue("of orders", vhost);
    REQUIRE(held);
    CHECK(held->ready == 2);
    CHECK(held->unacknowledged == 1);
    CHECK(held->messages() == 3);
    CHECK(held->consumers == 1);
    CHECK(broker.queues().empty()); // the queue is in another virtual host
}

TEST_CASE("has_replicas ignores queues that are not replicated") {
    auto& broker = shared_broker();
    const auto vhost = broker.new_vhost();
    run_python(publish, {broker.url(vhost), "of orders", "1"});
    eventually([&] { return broker.has_replicas(1, vhost); });
    CHECK_FALSE(broker.has_replicas(2, vhost)); // there is only one node

    process owner{python_command(own_exclusive_queue, {broker.url(vhost)})};
    eventually([&] { return owner.out() == "declared\n"; });
    CHECK(broker.queue("of one connection", vhost));
    CHECK(broker.has_replicas(1, vhost));
    CHECK_FALSE(broker.has_replicas(2, vhost));
}

TEST_CASE("confirmed messages survive a stop and kill -9 of the broker") {
    auto& broker = shared_broker();
    const auto vhost = broker.new_vhost();
    const auto count_messages = [&] {
        const auto queue = broker.queue("kept", vhost);
        return queue ? queue->ready : -1;
    };
    run_python(publish, {broker.url(vhost), "kept", "10"});
    const auto port = broker.port();

    broker.restart();
    CHECK(count_messages() == 10);
    broker.kill();
    CHECK_FALSE(broker.runs());
    CHECK_THROWS(broker.evaluate("\"\""));
    broker.start();
    CHECK(count_messages() == 10);
    CHECK(broker.port() == port);
}

TEST_CASE("if a test has stopped the shared broker, it is started for the next test") {
    shared_broker().stop();
    CHECK(shared_broker().runs());
}

TEST_CASE("a memory alarm blocks publishers until it ends") {
    auto& broker = shared_broker();
    broker.set_memory_alarm(true);
    CHECK(run_python(publish_until_blocked, {broker.url()}) == "blocked\n");
    broker.set_memory_alarm(false);
    run_python(publish, {broker.url(broker.new_vhost()), "after", "1"});
}

TEST_CASE("`control` runs rabbitmqctl for this broker") {
    auto& broker = shared_broker();
    const auto vhost = broker.new_vhost();
    CHECK(broker.control({"list_vhosts"}).find(vhost) != std::string::npos);
    CHECK_THROWS(broker.control({"no_such_command"}));
}

TEST_CASE("a client reaches a broker through a gate until the gate is cut") {
    auto& broker = shared_broker();
    const auto vhost = broker.new_vhost();
    tcp_gate gate{broker.port()};
    run_python(publish, {broker.url_through(gate.port(), vhost), "through a gate", "2"});
    CHECK(broker.queue("through a gate", vhost)->ready == 2);
    gate.cut();
    CHECK_THROWS(run_python(publish, {broker.url_through(gate.port(), vhost), "through a gate", "2"}));
}

TEST_CASE(
    "two brokers have different ports, and a client accepts a TLS broker only if it trusts the authority of that broker") {
    auto& other = shared_broker();
    rabbitmq_broker broker{rabbitmq_broker::tls::on};
    CHECK(broker.port() != other.port());

    constexpr auto connect = R"(
import pika, ssl, sys
parameters = pika.URLParameters(sys.argv[1])
parameters.ssl_options = pika.SSLOptions(ssl.create_default_context(cafile=sys.argv[2]), "localhost")
pika.BlockingConnection(parameters).close()
)";
    run_python(connect, {broker.tls_url(), broker.authority().string()});
    CHECK_THROWS(run_python(connect, {broker.tls_url(), certificates{}.authority().string()}));
}

TEST_CASE("the process of a broker is the node itself, so a signal ends it immediately") {
    rabbitmq_broker broker;
    CHECK(broker.evaluate("os:getpid()") == std::to_string(broker.id()));
    eventually([&] { return broker.log().find("127.0.0.1:" + std::to_string(broker.port())) != std::string::npos; });
    broker.kill();
    CHECK_FALSE(serves(broker.port()));
}

// This is not a test: the next test case runs it in another process.
TEST_CASE("runs a broker until it is killed", "[.for the next]") {
    const rabbitmq_broker broker;
    std::cout << "port " << broker.port() << std::endl;
    for (;;)
        ::pause();
}

TEST_CASE("a broker is killed when the process that started it is killed") {
    const auto this_program = std::filesystem::read_symlink("/proc/self/exe").string();
    const temporary_directory files_of_owner; // this process owns the folder, because a killed owner cannot remove it
    process owner{{this_program, "runs a broker until it is killed"}, {"TMPDIR=" + files_of_owner.path().string()}};
    std::smatch port;
    std::string output;
    eventually(
        [&] {
            output = owner.out();
            return std::regex_search(output, port, std::regex{"port (\\d+)\n"}) || !owner.runs();
        },
        std::chrono::seconds{120});
    REQUIRE(!port.empty());
    const auto number = static_cast<std::uint16_t>(std::stoi(port[1]));
    CHECK(serves(number));
    owner.signal(SIGKILL);
    owner.wait();
    eventually([&] { return !serves(number); });
}

#include <support/certificates.hpp>
#include <support/client.hpp>
#include <support/held_port.hpp>
#include <support/process.hpp>
#include <support/rabbitmq_broker.hpp>
#include <support/running_server.hpp>
#include <support/silent_port.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/json.hpp>

#include <csignal>
#include <fstream>
#include <memory>

// Tests what operators do and see with the real program: a change of the adapter, a second process, a broker that refuses the
// server.

namespace {

using namespace atrium::support;

std::vector<std::string> broker_settings(const std::string& url) {
    return {"bus.adapter=rabbitmq", "bus.rabbitmq.url=" + url};
}

boost::json::object bus_in_readyz(running_server& server) {
    const auto ready = server.http().get("/readyz");
    INFO("answer: " << ready.body);
    REQUIRE(ready.status == 200); // /readyz returns 200 whatever happens to the broker
    return ready.json().at("bus").as_object();
}

boost::json::object broker_in_readyz(running_server& server) {
    return bus_in_readyz(server).at("broker").as_object();
}

bool is_connected(running_server& server) {
    return broker_in_readyz(server).at("connected").as_bool();
}

/// The exit status and the output of a command of the program.
struct command_result {
    int status;
    std::string out;
    std::string err;
};
command_result run_atrium(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), atrium_program());
    process atrium{arguments};
    const int status = atrium.wait();
    return {status, atrium.out(), atrium.err()};
}

command_result drain(std::uint16_t port) {
    return run_atrium({"events", "drain", "--set", "http.port=" + std::to_string(port)});
}

/// The arguments that start a server with the in-process adapter and the database of another server.
std::vector<std::string> serve_in_process(const running_server& other, const held_port& port) {
    return {"serve", "--set", "http.port=" + std::to_string(port.number()), "--set",
            "storage.path=" + other.database().string()};
}

/// A server on `localhost` that completes TLS handshakes, like the TLS port of a broker.
class tls_port {
public:
    tls_port() {
        eventually([this] { return openssl_.out().find("ACCEPT") != std::string::npos || !openssl_.runs(); });
        REQUIRE(openssl_.runs());
    }
    [[nodiscard]] std::string number() const { return std::to_string(port_.number()); }

private:
    certificates certificates_;
    held_port port_;
    process openssl_{{"openssl", "s_server", "-www", "-accept", "127.0.0.1:" + std::to_string(port_.number()), "-cert",
                      certificates_.certificate().string(), "-key", certificates_.key().string()}};
};

/// Checks what the log and /readyz of a server report if its broker cannot be used, and that neither contains a password.
void check_reported(const std::vector<std::string>& settings, std::string_view reason, std::string_view advice) {
    running_server server{settings};
    eventually([&] { return server.log().find("the broker cannot be used") != std::string::npos; });
    const auto log = server.log();
    INFO("log: " << log);
    CHECK(log.find(reason) != std::string::npos);
    CHECK(log.find(advice) != std::string::npos);
    CHECK(log.find("secret") == std::string::npos);

    std::string state; // the state of the broker, which contains the trouble of one of the connections
    eventually([&] {
        state = boost::json::serialize(broker_in_readyz(server));
        return state.find(advice) != std::string::npos;
    });
    CHECK(state.find("secret") == std::string::npos);

    server.create_user("ann");
    CHECK(server.place_order("ann", "tea").id == 1); // no request waits for the broker
    server.stop();
}

} // namespace

TEST_CASE("/readyz and /metrics show the state of the broker connection") {
    running_server server{broker_settings(shared_broker().url(shared_broker().new_vhost()))};
    // The broker may return events that are sent before all connections exist. These events would be sent twice, and the
    // numbers of messages below would differ.
    eventually([&] { return is_connected(server); });
    const auto ann = server.create_user("ann");
    for (int i = 0; i < 3; ++i)
        server.place_order("ann", "tea");
    eventually([&] { return server.find(ann).order_count == 3; });
    eventually([&] { return bus_in_readyz(server).at("pending") == 0; });
    eventually([&] { return broker_in_readyz(server).at("unacknowledged") == 0; });

    const auto bus = bus_in_readyz(server);
    CHECK(bus.at("oldest_pending_ms") == 0);
    const auto broker = broker_in_readyz(server);
    CHECK(broker.at("connected_since").is_string());
    for (const auto* number : {"unconfirmed", "unacknowledged", "reconnects", "redelivered"}) {
        CAPTURE(number);
        CHECK(broker.at(number) == 0);
    }

    const auto metrics = "\n" + server.http().get("/metrics").body;
    for (const auto* line : {
             R"(atrium_rabbitmq_connected{connection="atrium events.relay"} 1)",
             R"(atrium_rabbitmq_reconnects_total{connection="atrium events.relay"} 0)",
             R"(atrium_rabbitmq_unconfirmed{connection="atrium events.relay"} 0)",
             R"(atrium_rabbitmq_published_total{connection="atrium events.relay"} 4)",
             R"(atrium_rabbitmq_confirmed_total{connection="atrium events.relay"} 4)",
             R"(atrium_rabbitmq_received_total{connection="atrium users.order_statistics"} 3)",
             R"(atrium_rabbitmq_redelivered_total{connection="atrium users.order_statistics"} 0)",
             R"(atrium_events_pending{subscription="events.relay"} 0)",
             R"(atrium_events_oldest_pending_seconds{subscription="users.order_statistics"} 0)",
         })
        CHECK_THAT(metrics, Catch::Matchers::ContainsSubstring("\n" + std::string{line} + "\n"));
    server.stop();
}

TEST_CASE("a subscription to which an operator sends events again ignores those that it has received before") {
    running_server server{broker_settings(shared_broker().url(shared_broker().new_vhost()))};
    eventually([&] { return is_connected(server); });
    const auto ann = server.create_user("ann");
    server.place_order("ann", "tea");
    server.place_order("ann", "milk");
    eventually([&] { return server.find(ann).order_count == 2; });
    eventually([&] { return bus_in_readyz(server).at("pending") == 0; }); // a resend skips events that have not been sent

    const auto resent = server.http().post("/events/resend", {{"subscription", "users.order_statistics"}, {"from", 1}});
    INFO(resent.body);
    REQUIRE(resent.status / 100 == 2); // the status is 202 if the broker takes longer than a second
    CHECK(resent.json().at("matched") == 2);
    eventually([&] { return server.http().get(resent.header("Location")).json().at("done") == 2; });
    const auto command = run_atrium({"events", "resend", "users.order_statistics", "--topic", "orders.#", "--yes", "--set",
                                     "http.port=" + std::to_string(server.port())});
    INFO(command.err);
    CHECK(command.status == 0);
    CHECK(command.out == "sent again 2 of 2 events\n");

    const std::string received = R"(atrium_rabbitmq_received_total{connection="atrium users.order_statistics"} 6)";
    eventually([&] { return server.http().get("/metrics").body.find(received) != std::string::npos; });
    CHECK(server.find(ann).order_count == 2);
    server.stop();
}

TEST_CASE("`atrium events drain` drains the broker, and the other adapter continues with every event") {
    running_server server{broker_settings(shared_broker().url(shared_broker().new_vhost()))};
    const auto ann = server.create_user("ann");
    for (int i = 0; i < 20; ++i)
        server.place_order("ann", "tea");
    eventually([&] { return is_connected(server); });
    const auto refused = server.http().send("POST", "/events/drain", "", {{"Origin", "https://evil.example"}});
    CHECK(refused.status == 403);
    CHECK_FALSE(server.http().get("/readyz").json().at("drained").as_bool());
    CHECK(bus_in_readyz(server).at("ready").as_bool());

    const auto drained = drain(server.port());
    INFO(drained.err);
    REQUIRE(drained.status == 0);
    CHECK(drained.out.find("start it with the other bus.adapter") != std::string::npos);
    CHECK(broker_in_readyz(server).at("drained").as_bool());
    const auto ready = server.http().get("/readyz").json();
    CHECK(ready.at("drained").as_bool());
    CHECK(ready.at("ready").as_bool()); // requests are answered, and their changes are stored
    CHECK_FALSE(ready.at("bus").at("ready").as_bool());
    CHECK(ready.at("bus").at("detail").as_string().find("until the next start") != std::string::npos);

    server.place_order("ann", "milk"); // its event waits in the journal, like all events that have not been sent yet
    server.set_settings({"bus.adapter=in-process"});
    server.restart();
    eventually([&] { return server.find(ann).order_count == 21; });
    CHECK(bus_in_readyz(server).at("adapter") == "in-process");
    CHECK(bus_in_readyz(server).at("dead_letters") == 0);
    server.stop();
}

TEST_CASE(
    "without a drain, a server refuses to start with the other adapter and gives advice, unless it is started with --force") {
    running_server server{broker_settings(shared_broker().url(shared_broker().new_vhost()))};
    server.create_user("ann");
    server.place_order("ann", "tea");
    server.stop();

    const held_port port;
    const auto refused = run_atrium(serve_in_process(server, port));
    CHECK(refused.status == 1);
    CHECK(refused.err.find("`atrium events drain`") != std::string::npos);
    CHECK(refused.err.find("bus.adapter=\"rabbitmq\"") != std::string::npos);
    CHECK(refused.err.find("--force") != std::string::npos);

    auto command = serve_in_process(server, port);
    command.insert(command.begin(), atrium_program());
    command.emplace_back("--force");
    process forced{command};
    eventually([&] { return forced.err().find("listening on") != std::string::npos || !forced.runs(); });
    REQUIRE(forced.runs());
    CHECK(client{port.number()}.get("/readyz").json().at("bus").at("adapter") == "in-process");
    forced.signal(SIGTERM);
    CHECK(forced.wait() == 0);

    server.set_settings({});
    server.start(); // the in-process adapter ran last, so the server starts without --force
    server.stop();
}

TEST_CASE("`atrium events drain` reports why it failed, and gives advice") {
    const held_port closed_port;
    const auto without_server = drain(closed_port.number());
    CHECK(without_server.status == 1);
    CHECK(without_server.err.find("start it first") != std::string::npos);

    running_server server{broker_settings("amqp://guest:secret@127.0.0.1:" + std::to_string(closed_port.number()))};
    const auto without_broker = drain(server.port());
    CHECK(without_broker.status == 1);
    CHECK(without_broker.err.find("start RabbitMQ there") != std::string::npos);
    CHECK(without_broker.err.find("secret") == std::string::npos);
    server.expect_log("the drain has failed; events are sent as before");
    server.stop();
}

TEST_CASE("`atrium events drain` also works with a server on an IPv6 address") {
    namespace asio = boost::asio;
    asio::io_context context;
    boost::system::error_code failure;
    asio::ip::tcp::acceptor probe{context};
    probe.open(asio::ip::tcp::v6(), failure);
    if (!failure)
        probe.bind({asio::ip::address_v6::loopback(), 0}, failure);
    if (failure)
        return; // this machine has no IPv6
    running_server server{{"http.address=::1"}};
    const auto drained =
        run_atrium({"events", "drain", "--set", "http.address=::1", "--set", "http.port=" + std::to_string(server.port())});
    INFO(drained.err);
    CHECK(drained.status == 0); // with the in-process adapter, there is nothing to drain
    server.stop();
}

TEST_CASE(
    "a second process with the same subscriptions is a standby, reports this, and takes over if the first one is killed") {
    const auto url = shared_broker().url(shared_broker().new_vhost());
    running_server first{broker_settings(url)};
    eventually([&] { return is_connected(first); });
    running_server second{broker_settings(url)};
    eventually([&] { return is_connected(second); });
    CHECK(broker_in_readyz(first).at("standby").as_array().empty());
    const auto standby = boost::json::serialize(broker_in_readyz(second).at("standby"));
    for (const auto* name : {"users.order_statistics", "orders.user_names", "orders.user_departure"})
        CHECK(standby.find(name) != std::string::npos);
    second.expect_log("this one stands by");

    first.kill();
    eventually([&] { return broker_in_readyz(second).at("standby").as_array().empty(); });
    const auto ann = second.create_user("ann");
    second.place_order("ann", "tea");
    eventually([&] { return second.find(ann).order_count == 1; });
    second.stop();
}

TEST_CASE("a broker that refuses the server is reported with advice and without a password, and blocks no request") {
    const auto port = std::to_string(shared_broker().port());
    check_reported(broker_settings("amqp://guest:secret@127.0.0.1:" + port), R"(refused the login of user \"guest\")",
                   "check user and password in bus.rabbitmq.url");
    shared_broker().control({"add_user", "visitor", "secret"});
    check_reported(broker_settings("amqp://visitor:secret@127.0.0.1:" + port), R"(virtual host)",
                   "rabbitmqctl set_permissions");
}

TEST_CASE("TLS errors are reported with advice and without a password, and block no request") {
    const tls_port encrypted;
    const certificates stranger;
    auto untrusted = broker_settings("amqps://guest:secret@localhost:" + encrypted.number());
    untrusted.push_back("bus.rabbitmq.ca_file=" + stranger.authority().string());
    check_reported(untrusted, "is not signed by an authority in", "bus.rabbitmq.ca_file");
    untrusted.back() = "bus.rabbitmq.ca_file=/no/such/file.pem";
    check_reported(untrusted, "cannot read certificates from /no/such/file.pem", "to a file of PEM certificates");

    check_reported(broker_settings("amqp://guest:secret@localhost:" + encrypted.number()),
                   "closed the connection before the login", "must begin with amqps://");
    auto not_encrypted = broker_settings("amqps://guest:secret@127.0.0.1:" + std::to_string(shared_broker().port()));
    check_reported(not_encrypted, "does not complete a TLS handshake", "5671");
}

TEST_CASE("a server stops immediately while it connects to a broker that drops its packets") {
    silent_port broker{silent_port::kind::drops_packets};
    auto settings = broker_settings("amqp://guest:guest@127.0.0.1:" + std::to_string(broker.number()));
    settings.emplace_back("bus.rabbitmq.connect_timeout=30s");
    running_server server{settings};
    constexpr int connections = 4; // one connection of the relay, and one for each of the three subscriptions
    eventually([&] { return broker.waiting() == connections; });
    std::unique_ptr<process> running_drain;
    SECTION("without a drain") {}
    SECTION("while a drain connects as well") {
        running_drain = std::make_unique<process>(std::vector<std::string>{atrium_program(), "events", "drain", "--set",
                                                                           "http.port=" + std::to_string(server.port())});
        eventually([&] { return broker.waiting() > connections; });
    }
    const auto begin = std::chrono::steady_clock::now();
    server.stop();
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{8});
}

TEST_CASE("a server stops immediately while its name service does not respond") {
    using boost::asio::ip::udp;
    boost::asio::io_context context;
    udp::socket name_service{context, udp::v4()};
    boost::system::error_code failure;
    name_service.bind({boost::asio::ip::make_address_v4("127.0.0.2"), 53}, failure);
    if (failure) {
        WARN("this system does not let us bind port 53 (" + failure.message() + "); the test is skipped");
        return;
    }
    const temporary_directory folder;
    const auto file = folder / "resolv.conf";
    std::ofstream{file} << "nameserver 127.0.0.2\noptions timeout:30 attempts:1\n";
    auto settings = broker_settings("amqp://guest:guest@broker.example:5672");
    settings.emplace_back("bus.rabbitmq.connect_timeout=60s");
    running_server server{
        settings,
        {"unshare", "--mount", "sh", "-c", "mount --bind " + file.string() + R"( /etc/resolv.conf && exec "$@")", "sh"}};
    eventually([&] { return name_service.available() > 0; });
    const auto begin = std::chrono::steady_clock::now();
    server.stop();
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{10});
}

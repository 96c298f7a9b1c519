#include "fixture.hpp"

#include <support/held_port.hpp>
#include <support/silent_port.hpp>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <future>

using namespace atrium;
using namespace atrium::events;
using namespace atrium::events::rabbitmq;

namespace {

/// Tries to connect, and returns the error.
broker_error error_of_connecting(const connection_settings& s) {
    try {
        plain_connection c{s};
    } catch (const broker_error& e) {
        return e;
    }
    throw std::logic_error{"connecting has not failed"};
}

/// While this object exists, this process has only one free file descriptor.
class last_descriptor {
public:
    last_descriptor() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const int next = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
        ::close(next);
        auto limit = before_;
        limit.rlim_cur = static_cast<rlim_t>(next) + 1;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
    ~last_descriptor() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    last_descriptor(const last_descriptor&) = delete;
    last_descriptor& operator=(const last_descriptor&) = delete;

private:
    rlimit before_{};
};

template <class F>
broker_error error_of(F f) {
    try {
        f();
    } catch (const broker_error& e) {
        return e;
    }
    throw std::logic_error{"the function has not failed"};
}

} // namespace

TEST_CASE("a message goes to the queues bound to its topic, is confirmed, and is delivered unchanged") {
    const vhost_fixture fixture;
    plain_connection c{fixture.url};
    one_queue().declare(c.connection);
    one_queue().declare(c.connection);
    c.connection.select_confirms();
    const message m{.routing_key = "orders.order_created",
                    .content_type = "application/json",
                    .message_id = "id-1",
                    .timestamp = 1'800'000'000,
                    .priority = 7,
                    .persistent = true,
                    .headers = {{"cloudEvents_id", "id-1"}, {"other", "ä"}},
                    .body = std::string(500'000, 'x')}; // larger than one frame
    c.connection.publish("x", m.routing_key, m);
    const auto confirm = c.next<incoming::confirm>();
    CHECK(confirm.tag == 1);
    CHECK_FALSE(confirm.refused);

    c.connection.set_prefetch(10);
    c.connection.consume("x.reader", "me");
    const auto arrival = c.next<incoming::delivery>();
    CHECK(arrival.consumer == "me");
    CHECK(arrival.tag == 1);
    CHECK_FALSE(arrival.redelivered);
    CHECK(arrival.content.routing_key == m.routing_key);
    CHECK(arrival.content.content_type == m.content_type);
    CHECK(arrival.content.message_id == m.message_id);
    CHECK(arrival.content.timestamp == m.timestamp);
    CHECK(arrival.content.priority == 7);
    CHECK(arrival.content.persistent);
    REQUIRE(arrival.content.headers.size() == 2);
    CHECK(arrival.content.headers[1].name == "other");
    CHECK(arrival.content.headers[1].value == "ä");
    CHECK(arrival.content.body == m.body);
    CHECK(c.connection.inspect_queue("x.reader").consumers == 1);
    c.connection.acknowledge(1);
    eventually([&] { return fixture.messages("x.reader") == 0; });
    CHECK(shared_broker().queue("x.reader", fixture.vhost)->quorum);
}

TEST_CASE("a message that is not routed to any queue is returned before it is confirmed") {
    const vhost_fixture fixture;
    plain_connection c{fixture.url};
    one_queue().declare(c.connection);
    c.connection.select_confirms();
    c.connection.publish("x", "users.user_created", {.message_id = "id-1", .body = "{}"});
    CHECK(c.next<incoming::returned>().content.message_id == "id-1");
    CHECK(c.next<incoming::confirm>().tag == 1);
}

TEST_CASE("declaring a topology removes its stale bindings") {
    const vhost_fixture fixture;
    plain_connection c{fixture.url};
    auto previous = one_queue();
    previous.queues[0].patterns.push_back("users.#");
    previous.declare(c.connection);
    auto current = one_queue();
    current.stale = {{"x.reader", "users.#"}, {"x.reader", "never.there"}};
    current.declare(c.connection);
    c.connection.select_confirms();
    c.connection.publish("x", "users.user_created", {.message_id = "id-1", .body = "{}"});
    CHECK(c.next<incoming::returned>().content.message_id == "id-1");
    CHECK(current.takes("orders.order_created"));
    CHECK_FALSE(current.takes("users.user_created"));
}

TEST_CASE("another thread can end the wait for data from the broker") {
    const vhost_fixture fixture;
    auto s = settings_for(fixture.url);
    s.heartbeat = 240s; // a wait ends by itself after a quarter of this time
    plain_connection c{s};
    auto later = std::async(std::launch::async, [&] { c.wake.notify(); });
    const auto end = from_now(30s);
    while (c.connection.wait(60s, false).readable) // takes the data that follows the login
        (void)c.connection.take();
    later.get();
    CHECK(std::chrono::steady_clock::now() < end);
    CHECK(c.connection.wait(0ms, true).writable);
}

TEST_CASE("an idle connection stays open for several heartbeat intervals") {
    const vhost_fixture fixture;
    plain_connection c{fixture.url};
    for (const auto end = from_now(4s); std::chrono::steady_clock::now() < end;) {
        c.connection.wait(1s, false);
        REQUIRE_FALSE(c.connection.take());
    }
    one_queue().declare(c.connection);
}

TEST_CASE("the error for a refused login has advice and does not show the password") {
    const auto e =
        error_of_connecting(settings_for(shared_broker().url_through(shared_broker().port(), "/", "guest:wrongsecret")));
    CHECK(std::string{e.what()} == "the broker refused the login of user \"guest\"");
    CHECK(e.advice() == "check user and password in bus.rabbitmq.url");
    CHECK(e.needs_manual_fix());
    CHECK(std::string{e.what()}.find("secret") == std::string::npos);
}

TEST_CASE("the error for a missing virtual host has advice and contains the name of the virtual host") {
    const auto e = error_of_connecting(settings_for(shared_broker().url("nowhere")));
    CHECK_THAT(e.what(), Catch::Matchers::ContainsSubstring("nowhere"));
    CHECK_THAT(e.advice(), Catch::Matchers::ContainsSubstring("add_vhost"));
    CHECK(e.needs_manual_fix());
}

TEST_CASE("the error for a user without permissions has advice") {
    const vhost_fixture fixture;
    shared_broker().control({"add_user", fixture.vhost + "-user", "secret"});
    shared_broker().control({"set_permissions", "-p", fixture.vhost, fixture.vhost + "-user", "", "", ""});
    plain_connection c{shared_broker().url_through(shared_broker().port(), fixture.vhost, fixture.vhost + "-user:secret")};
    const auto e = error_of([&] { one_queue().declare(c.connection); });
    CHECK_THAT(e.what(), Catch::Matchers::ContainsSubstring("ACCESS_REFUSED"));
    CHECK_THAT(e.advice(), Catch::Matchers::ContainsSubstring("set_permissions"));
    CHECK(e.needs_manual_fix());
}

TEST_CASE("an unreachable broker is reported as a temporary error") {
    const support::held_port closed_port;
    const auto e = error_of_connecting(settings_for("amqp://127.0.0.1:" + std::to_string(closed_port.number())));
    CHECK_THAT(e.what(), Catch::Matchers::ContainsSubstring("refuses connections"));
    CHECK_FALSE(e.needs_manual_fix());
    CHECK_THAT(error_of_connecting(settings_for("amqp://no-such-host.invalid")).what(),
               Catch::Matchers::ContainsSubstring("not known"));
}

TEST_CASE("connecting to a silent host fails after the connect timeout") {
    support::tcp_gate gate{shared_broker().port()};
    gate.swallow();
    auto s = settings_for(shared_broker().url_through(gate.port()));
    s.connect_timeout = 300ms;
    CHECK_THAT(error_of_connecting(s).what(), Catch::Matchers::ContainsSubstring("does not answer"));
}

TEST_CASE("the advice for a queue that exists with other arguments contains the name of the queue") {
    const vhost_fixture fixture;
    plain_connection first{fixture.url};
    first.connection.declare_queue("x.reader", broker_connection::queue_kind::plain);
    plain_connection c{fixture.url};
    const auto e = error_of([&] { one_queue().declare(c.connection); });
    CHECK_THAT(e.what(), Catch::Matchers::ContainsSubstring("PRECONDITION_FAILED"));
    CHECK_THAT(e.advice(), Catch::Matchers::ContainsSubstring("delete the queue x.reader after draining it"));
    CHECK(e.needs_manual_fix());
}

TEST_CASE("a half-open connection is reported as dead after two heartbeats") {
    const vhost_fixture fixture;
    support::tcp_gate gate{shared_broker().port()};
    plain_connection c{shared_broker().url_through(gate.port(), fixture.vhost)};
    one_queue().declare(c.connection);
    gate.swallow();
    const auto begin = std::chrono::steady_clock::now();
    const auto e = error_of([&] {
        for (;;) {
            c.connection.wait(1s, false);
            (void)c.connection.take();
        }
    });
    CHECK_THAT(e.what(), Catch::Matchers::ContainsSubstring("two heartbeats"));
    CHECK(std::chrono::steady_clock::now() - begin < 10s);
}

TEST_CASE("sending a message to a broker that reads nothing fails after a limited time") {
    const vhost_fixture fixture;
    support::tcp_gate gate{shared_broker().port()};
    auto s = settings_for(shared_broker().url_through(gate.port(), fixture.vhost));
    s.connect_timeout = 2s;
    plain_connection c{s};
    one_queue().declare(c.connection);
    gate.swallow();
    const message large{.message_id = "id-1", .body = std::string(64 * 1024 * 1024, 'x')};
    const auto begin = std::chrono::steady_clock::now();
    (void)error_of([&] { c.connection.publish("x", "orders.order_created", large); });
    CHECK(std::chrono::steady_clock::now() - begin < 20s);
}

TEST_CASE("the watchdog's deadline for all calls ends a call to a broker that does not respond") {
    const vhost_fixture fixture;
    support::tcp_gate gate{shared_broker().port()};
    auto s = settings_for(shared_broker().url_through(gate.port(), fixture.vhost));
    s.heartbeat = 60s;
    s.connect_timeout = 60s;
    plain_connection c{s};
    gate.swallow();
    const auto begin = std::chrono::steady_clock::now();
    c.guard.end_by(from_now(300ms));
    (void)error_of([&] { one_queue().declare(c.connection); });
    CHECK(std::chrono::steady_clock::now() - begin < 20s);
}

TEST_CASE("a TLS connection fails immediately, with the reason, if no file descriptor is left for the watchdog") {
    const support::silent_port port{support::silent_port::kind::sends_nothing};
    auto s = settings_for("amqps://127.0.0.1:" + std::to_string(port.number()));
    s.verify = false;
    const wake_event wake;
    watchdog guard;
    const auto begin = std::chrono::steady_clock::now();
    {
        const last_descriptor only_the_socket;
        CHECK_THROWS_WITH((broker_connection{s, wake, guard}), Catch::Matchers::ContainsSubstring("cannot be watched"));
    }
    CHECK(std::chrono::steady_clock::now() - begin < s.connect_timeout);
}

TEST_CASE("a broker is reached through TLS only if its certificate is valid or is not verified") {
    support::rabbitmq_broker broker{support::rabbitmq_broker::tls::on};
    auto s = settings_for(broker.tls_url());
    s.ca_file = broker.authority().string();
    {
        plain_connection c{s};
        one_queue().declare(c.connection);
        c.connection.select_confirms();
        c.connection.publish("x", "orders.order_created", {.message_id = "id-1", .body = std::string(200'000, 'x')});
        CHECK(c.next<incoming::confirm>().tag == 1);
        c.connection.consume("x.reader", "me");
        CHECK(c.next<incoming::delivery>().content.body.size() == 200'000);
    }

    const support::certificates stranger;
    s.ca_file = stranger.authority().string();
    auto e = error_of_connecting(s);
    CHECK_THAT(e.advice(), Catch::Matchers::ContainsSubstring("bus.rabbitmq.ca_file"));
    CHECK(e.needs_manual_fix());

    s.ca_file = "/no/such/file.pem";
    CHECK_THAT(error_of_connecting(s).what(), Catch::Matchers::ContainsSubstring("/no/such/file.pem"));

    s.ca_file = broker.authority().string();
    s.url.host = "127.0.0.1"; // the certificate does not contain this name
    e = error_of_connecting(s);
    CHECK_THAT(e.what(), Catch::Matchers::ContainsSubstring("another host name"));

    s.verify = false;
    plain_connection unverified{s};
    unverified.connection.close();

    s.url.tls = false; // connects to the TLS port without TLS
    CHECK_THAT(error_of_connecting(s).advice(), Catch::Matchers::ContainsSubstring("amqps://"));
}

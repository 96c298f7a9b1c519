#include "fixture.hpp"

#include <support/process.hpp>
#include <support/silent_port.hpp>

using namespace atrium;
using namespace atrium::events;
using namespace atrium::events::rabbitmq;
using support::silent_port;

// Tests that a stop does not wait for a connection attempt.

namespace {

connection_settings patient_settings(const std::string& url) {
    auto s = settings_for(url);
    s.connect_timeout = 60s;
    s.heartbeat = 60s;
    s.verify = false;
    return s;
}

/// Stops a publisher while it is connecting, and expects it to end long before the deadline of the stop. `is_connecting`
/// returns once the publisher has begun to connect.
template <class Connecting>
void expect_prompt_stop(const connection_settings& s, Connecting is_connecting) {
    const system_clock time;
    metrics::registry metrics;
    publisher_log t;
    publisher p{s, {one_queue(), "x"}, 100, t.callbacks(), {time, metrics, {}}};
    p.start();
    p.send(orders(1, 3));
    is_connecting();
    const auto begin = std::chrono::steady_clock::now();
    p.stop(from_now(50s));
    CHECK(std::chrono::steady_clock::now() - begin < 10s);
    CHECK(t.settled_count() == 0);
}

} // namespace

TEST_CASE("stopping a publisher ends its attempt to connect to a host that drops packets, is silent or stops within a frame") {
    using kind = silent_port::kind;
    for (const auto k : {kind::drops_packets, kind::sends_nothing, kind::stops_within_a_frame}) {
        CAPTURE(static_cast<int>(k));
        silent_port port{k};
        expect_prompt_stop(patient_settings("amqp://127.0.0.1:" + std::to_string(port.number())),
                           [&] { port.expect_client(); });
    }
}

TEST_CASE("stopping a publisher ends an unanswered TLS handshake, and the TCP connection attempt before it") {
    using kind = silent_port::kind;
    silent_port dropping{kind::drops_packets};
    expect_prompt_stop(patient_settings("amqps://127.0.0.1:" + std::to_string(dropping.number())),
                       [&] { dropping.expect_client(); });
    silent_port silent{kind::sends_nothing};
    expect_prompt_stop(patient_settings("amqps://127.0.0.1:" + std::to_string(silent.number())), [&] {
        CHECK_THROWS(silent.expect_client()); // the first connection only checks that the host answers, and sends nothing
        silent.expect_client();
    });
}

TEST_CASE("stopping a publisher ends its login at a broker whose responses do not arrive") {
    vhost_fixture fixture;
    support::tcp_gate gate{shared_broker().port()};
    gate.delay(1s);
    expect_prompt_stop(patient_settings(shared_broker().url_through(gate.port(), fixture.vhost)), [&] {
        eventually([&] { return gate.connections() == 1; });
        gate.swallow();
    });
}

TEST_CASE("stopping a publisher ends its wait for a queue that does not respond") {
    const vhost_fixture fixture;
    plain_connection earlier{fixture.url};
    one_queue().declare(earlier.connection);
    shared_broker().suspend_queue("x.reader", fixture.vhost);
    expect_prompt_stop(patient_settings(fixture.url),
                       [&] { eventually([&] { return shared_broker().is_queue_awaited("x.reader", fixture.vhost); }); });
    shared_broker().resume_queue("x.reader", fixture.vhost);
}

TEST_CASE("connecting fails after the connect timeout, at whatever step it hangs") {
    using kind = silent_port::kind;
    for (const auto k : {kind::drops_packets, kind::sends_nothing, kind::stops_within_a_frame}) {
        CAPTURE(static_cast<int>(k));
        const silent_port port{k};
        auto s = settings_for("amqp://127.0.0.1:" + std::to_string(port.number()));
        s.connect_timeout = 300ms;
        try {
            plain_connection c{s};
            FAIL("connecting has not failed");
        } catch (const broker_error& e) {
            CHECK_THAT(e.what(), Catch::Matchers::ContainsSubstring("does not answer"));
        }
    }
}

#include "consumer_fixture.hpp"

#include <thread>

using namespace atrium;
using namespace atrium::events;
using namespace atrium::events::rabbitmq;

TEST_CASE("messages arrive in order, and are removed from the broker when they are acknowledged") {
    vhost_fixture fixture;
    publish(fixture, 1, 1000);
    inbox arrivals{inbox::acknowledgment::immediate};
    consumer c{settings_for(fixture.url), reader(50), arrivals.callback(), fixture.services};
    arrivals.source = &c;
    c.start();
    eventually([&] { return arrivals.count() == 1000; });
    const auto all = arrivals.all();
    for (std::size_t i = 0; i < all.size(); ++i)
        REQUIRE(all[i].content.message_id == order(static_cast<std::int64_t>(i + 1)).id);
    CHECK(all[0].generation == 1);
    eventually([&] { return fixture.messages("x.reader") == 0; });
    eventually([&] { return c.state().unacknowledged == 0; });
    CHECK(role_of(c) == consumer::role::active);
    c.stop(from_now(10s));
    CHECK(role_of(c) == consumer::role::absent);
}

TEST_CASE("messages can be acknowledged in any order, but the broker removes only those before the first unacknowledged one") {
    vhost_fixture fixture;
    publish(fixture, 1, 10);
    inbox arrivals{inbox::acknowledgment::never};
    consumer c{settings_for(fixture.url), reader(), arrivals.callback(), fixture.services};
    c.start();
    eventually([&] { return arrivals.count() == 10; });
    c.acknowledge(1, std::vector<std::uint64_t>{10, 9, 3, 2});
    c.acknowledge(1, std::vector<std::uint64_t>{1});
    eventually([&] { return fixture.messages("x.reader") == 7; });
    eventually([&] { return c.state().unacknowledged == 7; });
    c.acknowledge(1, std::vector<std::uint64_t>{4, 5, 6, 7, 8});
    eventually([&] { return fixture.messages("x.reader") == 0; });
}

TEST_CASE("no more unacknowledged messages arrive than the prefetch allows") {
    vhost_fixture fixture;
    publish(fixture, 1, 50);
    inbox arrivals{inbox::acknowledgment::never};
    consumer c{settings_for(fixture.url), reader(20), arrivals.callback(), fixture.services};
    c.start();
    eventually([&] { return arrivals.count() == 20; });
    eventually([&] {
        const auto queue = shared_broker().queue("x.reader", fixture.vhost);
        return queue->ready == 30 && queue->unacknowledged == 20;
    });
    c.acknowledge(1, tags_of(arrivals.all()));
    eventually([&] { return arrivals.count() == 40; });
}

TEST_CASE("a consumer reads no more messages while the unacknowledged ones fill its memory limit") {
    vhost_fixture fixture;
    plain_connection program{fixture.url};
    one_queue().declare(program.connection);
    for (int i = 1; i <= 40; ++i)
        program.connection.publish("x", "orders.made", {.message_id = std::to_string(i), .body = std::string(100'000, 'x')});
    eventually([&] { return fixture.messages("x.reader") == 40; });
    inbox arrivals{inbox::acknowledgment::never};
    auto input = reader(500);
    input.max_bytes = 1'000'000;
    auto connection = settings_for(fixture.url);
    connection.heartbeat = 60s;
    consumer c{connection, input, arrivals.callback(), fixture.services};
    c.start();
    eventually([&] { return arrivals.count() == 10; });
    for (std::size_t stored = 0; stored < 40; stored = arrivals.count()) {
        CHECK(arrivals.count() - stored <= 10);
        c.acknowledge(1, tags_of(arrivals.all()));
        eventually([&] { return arrivals.count() > stored; });
    }
    c.acknowledge(1, tags_of(arrivals.all()));
    eventually([&] { return fixture.messages("x.reader") == 0; });
    CHECK(c.state().connection.reconnects == 0);
    c.stop(from_now(10s));
}

TEST_CASE("a consumer whose memory stays full disconnects and gets its messages again") {
    vhost_fixture fixture;
    plain_connection program{fixture.url};
    one_queue().declare(program.connection);
    for (int i = 1; i <= 20; ++i)
        program.connection.publish("x", "orders.made", {.message_id = std::to_string(i), .body = std::string(100'000, 'x')});
    eventually([&] { return fixture.messages("x.reader") == 20; });
    inbox arrivals{inbox::acknowledgment::immediate};
    auto input = reader(500);
    input.max_bytes = 500'000;
    consumer c{settings_for(fixture.url), input, arrivals.callback(), fixture.services};
    arrivals.source = &c;
    c.pause();
    c.start();
    eventually([&] { return c.state().connection.last_error.find("no more fit into memory") != std::string::npos; });
    CHECK(arrivals.count() == 0);
    c.resume();
    eventually([&] { return arrivals.ids().size() == 20; });
    eventually([&] { return fixture.messages("x.reader") == 0; });
    c.stop(from_now(10s));
}

TEST_CASE("unacknowledged messages come again, in order, after a broken connection") {
    vhost_fixture fixture;
    publish(fixture, 1, 20);
    support::tcp_gate gate{shared_broker().port()};
    inbox arrivals{inbox::acknowledgment::never};
    consumer c{settings_for(shared_broker().url_through(gate.port(), fixture.vhost)), reader(), arrivals.callback(),
               fixture.services};
    c.start();
    eventually([&] { return arrivals.count() == 20; });
    c.acknowledge(1, std::vector<std::uint64_t>{1, 2, 3, 4, 5});
    eventually([&] { return fixture.messages("x.reader") == 15; });
    gate.cut();
    gate.open();
    eventually([&] { return arrivals.count() == 35; });
    const auto all = arrivals.all();
    for (std::size_t i = 20; i < all.size(); ++i) {
        REQUIRE(all[i].content.message_id == order(static_cast<std::int64_t>(i - 20 + 6)).id);
        REQUIRE(all[i].redelivered);
        REQUIRE(all[i].generation == 2);
    }
    CHECK(c.state().connection.reconnects == 1);
    c.acknowledge(1, tags_of(all)); // changes nothing, because connection 1 has ended
    c.acknowledge(2, std::vector<std::uint64_t>{1});
    eventually([&] { return fixture.messages("x.reader") == 14; });
}

TEST_CASE("a consumer abandons a half-open connection, and gets the messages through a new one") {
    vhost_fixture fixture;
    support::tcp_gate gate{shared_broker().port()};
    inbox arrivals{inbox::acknowledgment::immediate};
    consumer c{settings_for(shared_broker().url_through(gate.port(), fixture.vhost)), reader(), arrivals.callback(),
               fixture.services};
    arrivals.source = &c;
    c.start();
    eventually([&] { return role_of(c) == consumer::role::active; });
    gate.swallow();
    publish(fixture, 1, 20);
    eventually([&] { return c.state().connection.last_error.find("heartbeats") != std::string::npos; });
    gate.cut();
    gate.open();
    gate.pass();
    eventually([&] { return arrivals.ids().size() == 20; });
    eventually([&] { return fixture.messages("x.reader") == 0; });
}

TEST_CASE("a paused consumer hands over nothing and keeps its connection") {
    vhost_fixture fixture;
    inbox arrivals{inbox::acknowledgment::immediate};
    consumer c{settings_for(fixture.url), reader(), arrivals.callback(), fixture.services};
    arrivals.source = &c;
    c.pause();
    c.start();
    eventually([&] { return role_of(c) == consumer::role::active; });
    const auto connected_since = c.state().connection.connected_since;
    publish(fixture, 1, 20);
    eventually([&] { return c.state().unacknowledged == 20; });
    std::this_thread::sleep_for(3s); // the connection must stay open for three heartbeat intervals
    CHECK(arrivals.count() == 0);
    CHECK(c.state().paused);
    c.resume();
    eventually([&] { return arrivals.count() == 20; });
    CHECK(c.state().connection.connected_since == connected_since);
    eventually([&] { return fixture.messages("x.reader") == 0; });
}

TEST_CASE("stopping a consumer waits until the received messages are acknowledged, and leaves the others at the broker") {
    vhost_fixture fixture;
    publish(fixture, 1, 20);
    inbox arrivals{inbox::acknowledgment::never};
    consumer c{settings_for(fixture.url), reader(5), arrivals.callback(), fixture.services};
    c.start();
    eventually([&] { return arrivals.count() == 5; });
    std::thread later{[&] { c.acknowledge(1, std::vector<std::uint64_t>{1, 2, 3, 4, 5}); }};
    c.stop(from_now(30s));
    later.join();
    eventually([&] { // the broker updates its counts with a delay
        const auto queue = shared_broker().queue("x.reader", fixture.vhost);
        return queue->ready == 15 && queue->unacknowledged == 0 && queue->consumers == 0;
    });
}

TEST_CASE("stopping a consumer ends at the deadline if no message is acknowledged") {
    vhost_fixture fixture;
    publish(fixture, 1, 20);
    inbox arrivals{inbox::acknowledgment::never};
    consumer c{settings_for(fixture.url), reader(), arrivals.callback(), fixture.services};
    c.start();
    eventually([&] { return arrivals.count() == 20; });
    const auto begin = std::chrono::steady_clock::now();
    c.stop(from_now(300ms));
    CHECK(std::chrono::steady_clock::now() - begin < 10s);
    eventually([&] { return shared_broker().queue("x.reader", fixture.vhost)->ready == 20; });
}

TEST_CASE("a consumer gets its unacknowledged messages again after a restart of the broker") {
    vhost_fixture fixture;
    publish(fixture, 1, 10);
    inbox arrivals{inbox::acknowledgment::never};
    consumer c{settings_for(fixture.url), reader(), arrivals.callback(), fixture.services};
    c.start();
    eventually([&] { return arrivals.count() == 10; });
    shared_broker().restart();
    eventually([&] { return arrivals.count() == 20; });
    const auto all = arrivals.all();
    c.acknowledge(all.back().generation, tags_of({all.begin() + 10, all.end()}));
    eventually([&] { return fixture.messages("x.reader") == 0; });
}

TEST_CASE("a consumer of a plain AMQP program's queue receives that program's messages") {
    vhost_fixture fixture;
    inbox arrivals{inbox::acknowledgment::immediate};
    const source plain{.topology = {.exchange = {}, .queues = {}, .stale = {}, .plain_queues = {"order_created"}},
                       .subscription = "bridge",
                       .queue = "order_created",
                       .single_active = false,
                       .prefetch = 10};
    consumer c{settings_for(fixture.url), plain, arrivals.callback(), fixture.services};
    arrivals.source = &c;
    c.start();
    eventually([&] { return role_of(c) == consumer::role::active; });
    plain_connection program{fixture.url};
    program.connection.declare_queue("order_created", broker_connection::queue_kind::plain);
    program.connection.publish("", "order_created", {.body = R"({"user":"anna"})"});
    eventually([&] { return arrivals.count() == 1; });
    CHECK(arrivals.all()[0].content.body == R"({"user":"anna"})");
    CHECK(arrivals.all()[0].content.message_id.empty());
    eventually([&] { return fixture.messages("order_created") == 0; });
}

TEST_CASE("messages that were delivered forty times without an acknowledgment are still in the queue") {
    vhost_fixture fixture;
    publish(fixture, 1, 5);
    for (int i = 0; i < 40; ++i) {
        inbox arrivals{inbox::acknowledgment::never};
        consumer c{settings_for(fixture.url), reader(), arrivals.callback(), fixture.services};
        c.start();
        eventually([&] { return arrivals.count() == 5; });
        c.stop(from_now(0ms));
    }
    CHECK(fixture.messages("x.reader") == 5);
}

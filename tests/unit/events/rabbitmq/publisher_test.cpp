#include "fixture.hpp"
#include "rabbitmq/wire.hpp"

#include <support/captured_stderr.hpp>

#include <algorithm>
#include <numeric>

using namespace atrium;
using namespace atrium::events;
using namespace atrium::events::rabbitmq;

namespace {

destination exchange_destination() {
    return {.topology = one_queue(), .exchange = "x"};
}

std::set<std::int64_t> numbers(std::int64_t first, std::int64_t last) {
    std::set<std::int64_t> all;
    for (auto n = first; n <= last; ++n)
        all.insert(n);
    return all;
}

std::set<std::string> ids_of(const std::set<std::int64_t>& seqs) {
    std::set<std::string> ids;
    for (const auto seq : seqs)
        ids.insert(order(seq).id);
    return ids;
}

std::set<std::string> as_set(const std::vector<std::string>& ids) {
    return {ids.begin(), ids.end()};
}

} // namespace

TEST_CASE("sent events are settled once and are in the queue in order") {
    vhost_fixture fixture;
    publisher_log t;
    publisher p{settings_for(fixture.url), exchange_destination(), 100, t.callbacks(), fixture.services};
    p.start();
    p.send(orders(1, 400));
    p.send(orders(401, 1000));
    eventually([&] { return t.settled_count() == 1000; });
    CHECK(t.repeated() == 0);
    eventually([&] { return p.state().unconfirmed == 0 && p.state().waiting == 0; });
    CHECK(p.state().connection.connected_since);
    p.stop(from_now(10s));

    const auto ids = ids_in(fixture.url, "x.reader", 1000);
    std::vector<std::string> expected;
    for (std::int64_t seq = 1; seq <= 1000; ++seq)
        expected.push_back(order(seq).id);
    CHECK(ids == expected);
}

TEST_CASE("a published message contains the event that was sent") {
    vhost_fixture fixture;
    publisher_log t;
    publisher p{settings_for(fixture.url), exchange_destination(), 100, t.callbacks(), fixture.services};
    p.start();
    p.send({order(1)});
    eventually([&] { return t.settled_count() == 1; });
    plain_connection c{fixture.url};
    c.connection.consume("x.reader", "check");
    const auto e = wire::read(c.next<incoming::delivery>().content);
    REQUIRE(e);
    CHECK(e->id == order(1).id);
    CHECK(e->key == order(1).key);
    CHECK(e->data == order(1).data);
    CHECK(e->time == order(1).time);
}

TEST_CASE("events that are sent while the broker cannot be reached arrive when it is back") {
    vhost_fixture fixture;
    support::tcp_gate gate{shared_broker().port()};
    gate.cut();
    publisher_log t;
    publisher p{settings_for(shared_broker().url_through(gate.port(), fixture.vhost)), exchange_destination(), 100,
                t.callbacks(), fixture.services};
    p.start();
    p.send(orders(1, 10));
    eventually([&] { return p.state().connection.last_error.find("refuses") != std::string::npos; });
    CHECK_FALSE(p.state().connection.connected_since);
    gate.open();
    eventually([&] { return t.settled_count() == 10; });
    CHECK(p.state().connection.reconnects == 0);
}

TEST_CASE("no event is lost if connections break while events are sent") {
    vhost_fixture fixture;
    support::tcp_gate gate{shared_broker().port()};
    publisher_log t;
    publisher p{settings_for(shared_broker().url_through(gate.port(), fixture.vhost)), exchange_destination(), 200,
                t.callbacks(), fixture.services};
    p.start();
    constexpr std::int64_t batch = 500;
    for (std::int64_t round = 0; round < 6; ++round) {
        p.send(orders(round * batch + 1, (round + 1) * batch));
        const auto goal = static_cast<std::size_t>(round * batch + batch / 3);
        eventually([&] { return t.settled_count() > goal; });
        gate.cut();
        gate.open();
    }
    eventually([&] { return t.settled_count() == 6 * batch; });
    CHECK(t.settled() == numbers(1, 6 * batch));
    CHECK(t.repeated() == 0);
    CHECK(p.state().connection.reconnects > 0);
    CHECK(as_set(ids_in(fixture.url, "x.reader", 6 * batch)) == ids_of(numbers(1, 6 * batch)));
}

TEST_CASE("confirms that arrive together with the end of the connection still settle their events") {
    vhost_fixture fixture;
    publisher_log t;
    auto callbacks = t.callbacks();
    std::atomic<int> ends = 0;
    callbacks.settled = [&, settled = callbacks.settled](std::vector<event_seq> seqs) {
        settled(std::move(seqs));
        if (ends++ < 3) { // blocks the publisher, which then reads further confirms and the end of the connection together
            shared_broker().evaluate("begin timer:sleep(100), [rabbit_networking:close_connection(Pid, \"test\") || "
                                     "Pid <- rabbit_networking:connections()], timer:sleep(100), \"\" end");
        }
    };
    publisher p{settings_for(fixture.url), exchange_destination(), 500, callbacks, fixture.services};
    p.start();
    p.send(orders(1, 2000));
    eventually([&] { return t.settled_count() == 2000; });
    CHECK(p.state().connection.reconnects > 0);
    CHECK(t.repeated() == 0);
}

TEST_CASE("a half-open connection is abandoned, and its events are sent again") {
    vhost_fixture fixture;
    support::tcp_gate gate{shared_broker().port()};
    publisher_log t;
    publisher p{settings_for(shared_broker().url_through(gate.port(), fixture.vhost)), exchange_destination(), 200,
                t.callbacks(), fixture.services};
    p.start();
    p.send(orders(1, 10));
    eventually([&] { return t.settled_count() == 10; });
    gate.swallow();
    p.send(orders(11, 500));
    eventually([&] { return p.state().connection.last_error.find("heartbeats") != std::string::npos; });
    gate.cut();
    gate.open();
    gate.pass();
    eventually([&] { return t.settled_count() == 500; });
    CHECK(as_set(ids_in(fixture.url, "x.reader", 500)) == ids_of(numbers(1, 500)));
}

TEST_CASE("after kill -9 of the broker, settled events are in the queue and the others are sent again") {
    vhost_fixture fixture;
    publisher_log t;
    publisher p{settings_for(fixture.url), exchange_destination(), 200, t.callbacks(), fixture.services};
    p.start();
    eventually([&] { return p.state().connection.connected_since.has_value(); });
    // RabbitMQ 3.10 writes its list of quorum queues to disk half a second late, so the new queue would not survive the kill.
    // The following call makes RabbitMQ write the list now.
    shared_broker().evaluate("begin [dets:sync(Table) || Table <- dets:all()], \"\" end");
    p.send(orders(1, 3000));
    eventually([&] { return t.settled_count() > 500; });
    shared_broker().kill();
    shared_broker().start();
    eventually([&] { return t.settled_count() == 3000; });
    CHECK(t.settled() == numbers(1, 3000));
    CHECK(as_set(ids_in(fixture.url, "x.reader", 3000)) == ids_of(numbers(1, 3000)));
}

TEST_CASE("the first events reach every queue even if another connection has just recorded a binding") {
    if (shared_broker().major_version() < 4) {
        WARN("RabbitMQ 3 routes by a binding as soon as it is recorded; this test is skipped");
        return;
    }
    vhost_fixture fixture;
    plain_connection earlier{fixture.url};
    auto both = one_queue();
    both.queues.push_back({"x.other", {"orders.order_created"}});
    both.declare(earlier.connection);
    // Simulates a binding that another connection has recorded, but that the exchange uses only half a second later.
    shared_broker().evaluate("begin [B] = [B || B <- rabbit_binding:list(<<\"" + fixture.vhost +
                             "\">>), element(3, B) =:= <<\"orders.#\">>], "
                             "ok = rabbit_db_topic_exchange:delete([B]), "
                             "spawn(fun() -> timer:sleep(500), rabbit_db_topic_exchange:set(B) end), \"\" end");
    publisher_log t;
    publisher p{settings_for(fixture.url), {.topology = both, .exchange = "x"}, 100, t.callbacks(), fixture.services};
    p.start();
    p.send(orders(1, 5));
    eventually([&] { return t.settled_count() == 5; });
    eventually([&] { return fixture.messages("x.other") == 5; });
    CHECK(fixture.messages("x.reader") == 5);
    p.stop(from_now(10s));
}

TEST_CASE("an event for which no queue is bound is settled, and counted as returned") {
    vhost_fixture fixture;
    publisher_log t;
    publisher p{settings_for(fixture.url), exchange_destination(), 100, t.callbacks(), fixture.services};
    p.start();
    auto unrouted = order(1);
    unrouted.topic = "users.user_created";
    p.send({unrouted, order(2)});
    eventually([&] { return t.settled_count() == 2; });
    CHECK(p.state().returned == 1);
    eventually([&] { return fixture.messages("x.reader") == 1; });
}

TEST_CASE("a deleted queue is declared again for the next event") {
    vhost_fixture fixture;
    publisher_log t;
    publisher p{settings_for(fixture.url), exchange_destination(), 100, t.callbacks(), fixture.services};
    p.start();
    p.send({order(1)});
    eventually([&] { return t.settled_count() == 1; });
    shared_broker().control({"delete_queue", "-p", fixture.vhost, "x.reader"});
    p.send(orders(2, 50));
    eventually([&] { return t.settled_count() == 50; });
    CHECK(p.state().returned > 0);
    CHECK(as_set(ids_in(fixture.url, "x.reader", 49)) == ids_of(numbers(2, 50)));
}

TEST_CASE("while a broker is short of memory, the publisher waits and reports the reason, and it continues afterwards") {
    vhost_fixture fixture;
    publisher_log t;
    publisher p{settings_for(fixture.url), exchange_destination(), 100, t.callbacks(), fixture.services};
    p.start();
    p.send({order(1)});
    eventually([&] { return t.settled_count() == 1; });
    shared_broker().set_memory_alarm(true);
    p.send(orders(2, 1000)); // the broker reports the alarm when it receives the first of these messages
    eventually([&] { return !p.state().blocked_reason.empty(); });
    CHECK(p.state().waiting > 0);
    shared_broker().set_memory_alarm(false);
    eventually([&] { return t.settled_count() == 1000; });
    CHECK(p.state().blocked_reason.empty());
    CHECK(p.state().connection.reconnects == 0);
}

TEST_CASE("an event that AMQP cannot carry is reported as unsendable and does not block others") {
    vhost_fixture fixture;
    publisher_log t;
    publisher p{settings_for(fixture.url), exchange_destination(), 100, t.callbacks(), fixture.services};
    p.start();
    auto impossible = order(1);
    impossible.key = std::string(200'000, 'x');
    p.send({impossible, order(2)});
    eventually([&] { return t.settled_count() == 1; });
    CHECK(t.unsendable() == std::set<std::int64_t>{1});
    CHECK(t.settled() == std::set<std::int64_t>{2});
}

TEST_CASE("stopping a publisher waits for outstanding confirms") {
    vhost_fixture fixture;
    support::tcp_gate gate{shared_broker().port()};
    publisher_log t;
    publisher p{settings_for(shared_broker().url_through(gate.port(), fixture.vhost)), exchange_destination(), 100,
                t.callbacks(), fixture.services};
    p.start();
    eventually([&] { return p.state().connection.connected_since.has_value(); });
    gate.delay(200ms);
    p.send(orders(1, 50));
    eventually([&] { return p.state().unconfirmed == 50; });
    p.stop(from_now(30s));
    CHECK(t.settled_count() == 50);
}

TEST_CASE("stopping a publisher ends at the deadline if no confirm arrives") {
    vhost_fixture fixture;
    support::tcp_gate gate{shared_broker().port()};
    publisher_log t;
    auto s = settings_for(shared_broker().url_through(gate.port(), fixture.vhost));
    s.heartbeat = 60s;
    publisher p{s, exchange_destination(), 100, t.callbacks(), fixture.services};
    p.start();
    eventually([&] { return p.state().connection.connected_since.has_value(); });
    gate.swallow();
    p.send(orders(1, 50));
    eventually([&] { return p.state().unconfirmed == 50; });
    const auto begin = std::chrono::steady_clock::now();
    p.stop(from_now(500ms));
    CHECK(std::chrono::steady_clock::now() - begin < 10s);
    CHECK(t.settled_count() == 0);
}

TEST_CASE("a publisher for plain AMQP programs sends to a queue with default arguments") {
    vhost_fixture fixture;
    publisher_log t;
    const topology plain{.exchange = {}, .queues = {}, .stale = {}, .plain_queues = {"order_created"}};
    publisher p{settings_for(fixture.url), {plain, "", "order_created"}, 100, t.callbacks(), fixture.services};
    p.start();
    p.send(orders(1, 3));
    eventually([&] { return t.settled_count() == 3; });
    eventually([&] { return fixture.messages("order_created") == 3; });
    CHECK_FALSE(shared_broker().queue("order_created", fixture.vhost)->quorum);
    plain_connection c{fixture.url};
    c.connection.declare_queue("order_created", broker_connection::queue_kind::plain);
    c.connection.consume("order_created", "plain");
    CHECK(c.next<incoming::delivery>().content.body == order(1).data);
}

TEST_CASE("each change of a publisher's connection is logged once, with advice and without the password") {
    vhost_fixture fixture;
    support::tcp_gate gate{shared_broker().port()};
    shared_broker().control({"add_user", fixture.vhost + "-logger", "deeplyhidden"});
    shared_broker().control({"set_permissions", "-p", fixture.vhost, fixture.vhost + "-logger", ".*", ".*", ".*"});
    const support::captured_stderr captured;
    const environment loud{fixture.time, fixture.metrics, logger{log_settings{.level = log_level::debug}, "rabbitmq"}};
    {
        publisher_log t;
        publisher p{
            settings_for(shared_broker().url_through(gate.port(), fixture.vhost, fixture.vhost + "-logger:deeplyhidden")),
            exchange_destination(), 100, t.callbacks(), loud};
        p.start();
        p.send({order(1)});
        eventually([&] { return t.settled_count() == 1; });
        gate.cut();
        eventually([&] { return captured.text().find("cannot be used") != std::string::npos; });
        gate.open();
        eventually([&] { return p.state().connection.reconnects == 1; });
        shared_broker().control({"change_password", fixture.vhost + "-logger", "another"});
        gate.cut();
        gate.open();
        eventually([&] { return captured.text().find("check user and password") != std::string::npos; });
        p.stop(from_now(1s));
    }
    loud.log.flush(60s);
    const auto text = captured.text();
    CAPTURE(text);
    const auto count = [&](std::string_view part) {
        int n = 0;
        for (auto position = text.find(part); position != std::string::npos; position = text.find(part, position + 1))
            ++n;
        return n;
    };
    CHECK(count("connected to the broker") == 2);
    CHECK(count("connection to the broker is lost") == 2);
    CHECK(count("deeplyhidden") == 0);
    CHECK(count("refuses connections") <= 2);
}

TEST_CASE("a queue with a delivery limit is logged once even though it is declared on each connection") {
    vhost_fixture fixture;
    support::run_python(declare_limited, {fixture.url});
    support::tcp_gate gate{shared_broker().port()};
    const support::captured_stderr captured;
    const environment loud{fixture.time, fixture.metrics, logger{log_settings{.level = log_level::info}, "rabbitmq"}};
    publisher_log t;
    publisher p{settings_for(shared_broker().url_through(gate.port(), fixture.vhost)), exchange_destination(), 100,
                t.callbacks(), loud};
    p.start();
    for (std::uint64_t i = 0; i < 3; ++i) {
        eventually([&] { return p.state().connection.connected_since && p.state().connection.reconnects == i; });
        CHECK(p.state().limited == std::vector<std::string>{"x.reader"});
        gate.cut();
        eventually([&] { return !p.state().connection.connected_since; });
        gate.open();
    }
    p.stop(from_now(1s));
    loud.log.flush(60s);
    const auto text = captured.text();
    CAPTURE(text);
    const std::string_view line = "a queue drops messages that were delivered too often";
    const auto first = text.find(line);
    CHECK(first != std::string::npos);
    CHECK(text.find(line, first + 1) == std::string::npos);
}

TEST_CASE("an event that is too large for the broker becomes unsendable, and the others are sent") {
    support::rabbitmq_broker small{support::rabbitmq_broker::tls::off, "max_message_size = 10000\n"};
    const system_clock time;
    metrics::registry metrics;
    publisher_log t;
    publisher p{settings_for(small.url()), exchange_destination(), 100, t.callbacks(), {time, metrics, {}}};
    p.start();
    auto all = orders(1, 20);
    for (const std::size_t large : {4U, 11U})
        all[large].data = R"({"text":")" + std::string(20'000, 'x') + "\"}";
    p.send(all);
    eventually([&] { return t.settled_count() == 18; });
    CHECK(t.unsendable() == std::set<std::int64_t>{5, 12});
    CHECK(t.repeated() == 0);
    p.stop(from_now(10s));
}

TEST_CASE("an event whose attributes do not fit into a frame of the broker becomes unsendable, and the others are sent") {
    support::rabbitmq_broker small{support::rabbitmq_broker::tls::off, "frame_max = 8192\n"};
    system_clock time;
    metrics::registry metrics;
    publisher_log t;
    publisher p{settings_for(small.url()), exchange_destination(), 100, t.callbacks(), {time, metrics, {}}};
    p.start();
    auto all = orders(1, 3);
    all[1].key = std::string(20'000, 'k');
    p.send(all);
    eventually([&] { return t.settled_count() == 2; });
    CHECK(t.unsendable() == std::set<std::int64_t>{2});
    p.stop(from_now(10s));
}

TEST_CASE("a publisher whose channel hangs reconnects and continues") {
    vhost_fixture fixture;
    publisher_log t;
    publisher p{settings_for(fixture.url), exchange_destination(), 100, t.callbacks(), fixture.services};
    p.start();
    p.send({order(1)});
    eventually([&] { return t.settled_count() == 1; });
    // Simulates a channel whose queue was deleted and declared again: nothing is confirmed.
    const auto pid =
        shared_broker().evaluate("[Channel] = [Pid || Pid <- rabbit_channel:list(), [{vhost, <<\"" + fixture.vhost +
                                 "\">>}, {number, 1}] =:= rabbit_channel:info(Pid, [vhost, number])], "
                                 "ok = sys:suspend(Channel), pid_to_list(Channel)");
    p.send({order(2)});
    eventually([&] { return !p.state().connection.connected_since || p.state().connection.reconnects > 0; });
    CHECK_THAT(p.state().connection.last_error, Catch::Matchers::ContainsSubstring("does not confirm"));
    shared_broker().evaluate("exit(list_to_pid(\"" + pid + "\"), kill), \"\"");
    eventually([&] { return t.settled_count() == 2; });
    p.stop(from_now(10s));
}

#include "consumer_fixture.hpp"

#include <thread>

using namespace atrium;
using namespace atrium::events;
using namespace atrium::events::rabbitmq;

TEST_CASE("a queue with a delivery limit is read in order and replaced by one without a limit") {
    const auto limit = GENERATE(from_range(existing_limits()));
    CAPTURE(limit);
    vhost_fixture fixture;
    support::run_python(declare_queue, {fixture.url, "x.reader", limit, "bound"});
    publisher_log t;
    publisher p{settings_for(fixture.url), {one_queue(), "x"}, 500, t.callbacks(), fixture.services};
    p.start();
    p.send(orders(1, 500));
    eventually([&] { return t.settled_count() == 500; });
    CHECK(p.state().limited == std::vector<std::string>{"x.reader"});

    inbox arrivals{inbox::acknowledgment::immediate};
    consumer c{settings_for(fixture.url), probing_reader(p), arrivals.callback(), fixture.services};
    SECTION("by one process") {
        arrivals.source = &c;
        c.pause(); // pauses, so that the replacement cannot end before it is observed
        c.start();
        eventually([&] { return c.state().moving == "x.reader"; });
        c.resume();
        for (std::size_t sent = 500; sent < 1500; sent += 25) { // sends events before, during and after each step
            p.send(orders(static_cast<std::int64_t>(sent) + 1, static_cast<std::int64_t>(sent) + 25));
            eventually([&] { return t.settled_count() == sent + 25; });
        }
    }
    SECTION("by the next process if the first one ends during the replacement") {
        inbox lost{inbox::acknowledgment::never}; // the first process stores nothing
        consumer first{settings_for(fixture.url), probing_reader(p), lost.callback(), fixture.services};
        first.start();
        eventually([&] { return first.state().moving == "x.reader" && lost.count() == 500; });
        p.send(orders(501, 1000));
        eventually([&] { return t.settled_count() == 1000; });
        first.stop(from_now(0ms));
        arrivals.source = &c;
        c.start();
        p.send(orders(1001, 1500));
    }
    SECTION("by one of two processes, and the other takes over afterwards") {
        inbox others{inbox::acknowledgment::immediate};
        consumer other{settings_for(fixture.url), probing_reader(p), others.callback(), fixture.services};
        arrivals.source = &c;
        others.source = &other;
        c.start();
        eventually([&] { return role_of(c) == consumer::role::active; });
        other.start();
        p.send(orders(501, 1500));
        eventually([&] { return p.state().limited.empty(); });
        eventually([&] { return first_ids(arrivals).size() + first_ids(others).size() >= 1500; });
        eventually([&] { return !shared_broker().queue("x.reader.interim", fixture.vhost); });
        other.stop(from_now(10s));
        p.send(orders(1501, 1600));
        eventually([&] { return arrivals.ids().contains(order(1600).id); });
        c.stop(from_now(10s));
        p.stop(from_now(10s));
        eventually([&] { return fixture.messages("x.reader") == 0; });
        auto all = arrivals.ids();
        all.merge(others.ids());
        const auto expected = ids_of_orders(1, 1600);
        CHECK(all == std::set<std::string>{expected.begin(), expected.end()});
        CHECK(std::ranges::is_sorted(numbers_of(first_ids(arrivals))));
        CHECK(std::ranges::is_sorted(numbers_of(first_ids(others))));
        return;
    }
    eventually([&] { return arrivals.ids().size() == 1500; });
    CHECK(first_ids(arrivals) == ids_of_orders(1, 1500));
    eventually([&] { return p.state().limited.empty(); });
    eventually([&] { return !shared_broker().queue("x.reader.interim", fixture.vhost); });
    eventually([&] { return c.state().moving.empty() && role_of(c) == consumer::role::active; });
    p.send(orders(1501, 1510));
    eventually([&] { return arrivals.ids().contains(order(1510).id); });
    c.stop(from_now(10s));
    p.stop(from_now(10s));
    CHECK(shared_broker().queues(fixture.vhost).size() == 1);
}

TEST_CASE("messages that reach the old queue after a mark of the replacement are handed over before the queue is deleted") {
    vhost_fixture fixture;
    support::run_python(declare_queue, {fixture.url, "x.reader", "3", "bound"});
    publisher_log t;
    publisher p{settings_for(fixture.url), {one_queue(), "x"}, 500, t.callbacks(), fixture.services};
    plain_connection late_sender{fixture.url};
    p.start();
    p.send(orders(1, 5));
    eventually([&] { return t.settled_count() == 5; });
    // After the first mark, sends a message only to the base queue, like a node of the broker that does not know the interim
    // queue yet.
    auto input = probing_reader(p);
    bool is_first = true; // used on the publisher's thread
    input.send_probe = [&, send = input.send_probe](std::string queue, std::string id, std::function<void()> sent) {
        send(std::move(queue), std::move(id), [&, sent = std::move(sent)] {
            if (std::exchange(is_first, false))
                late_sender.connection.publish("", "x.reader", {.message_id = "behind", .body = "{}"});
            sent();
        });
    };
    inbox arrivals{inbox::acknowledgment::immediate};
    consumer c{settings_for(fixture.url), input, arrivals.callback(), fixture.services};
    arrivals.source = &c;
    c.start();
    eventually([&] { return p.state().limited.empty(); });
    eventually([&] { return !shared_broker().queue("x.reader.interim", fixture.vhost); });
    CHECK(arrivals.ids().contains("behind"));
    c.stop(from_now(10s));
    p.stop(from_now(10s));
}

TEST_CASE("a trial queue that loses returned messages is deleted, and the queue with a delivery limit stays in use") {
    vhost_fixture fixture;
    support::run_python(declare_queue, {fixture.url, "x.reader", "3", "bound"});
    // Simulates a queue without a limit in a half-upgraded cluster: a message is dropped when it is first returned.
    shared_broker().control({"set_policy", "-p", fixture.vhost, "lossy", R"(^x\.reader\.(trial|interim))",
                             R"({"delivery-limit":0})", "--apply-to", "queues"});
    publisher_log t;
    publisher p{settings_for(fixture.url), {one_queue(), "x"}, 500, t.callbacks(), fixture.services};
    p.start();
    inbox arrivals{inbox::acknowledgment::immediate};
    consumer c{settings_for(fixture.url), probing_reader(p), arrivals.callback(), fixture.services};
    arrivals.source = &c;
    c.start();
    p.send(orders(1, 5));
    eventually([&] { return shared_broker().queues(fixture.vhost).size() == 2; });
    eventually([&] { return shared_broker().queues(fixture.vhost).size() == 1; });
    CHECK(shared_broker().queue("x.reader", fixture.vhost));
    CHECK(c.state().moving.empty());
    p.send(orders(6, 10));
    eventually([&] { return arrivals.ids().size() == 10; });
    CHECK(first_ids(arrivals) == ids_of_orders(1, 10));
    CHECK(p.state().limited == std::vector<std::string>{"x.reader"});
    c.stop(from_now(10s));
    p.stop(from_now(10s));
}

TEST_CASE("the next process finishes a replacement that a killed process has begun, and no event is lost or out of order") {
    struct row {
        std::string moment; ///< the moment when the process was killed
        std::string base;
        std::string base_binding;
        std::string interim_binding;
    };
    const auto each = GENERATE(row{"before the interim queue was bound", "limited", "bound", "unbound"},
                               row{"before the first mark came", "limited", "bound", "bound"},
                               row{"before the base queue was deleted", "limited", "unbound", "bound"},
                               row{"between deleting and declaring", "missing", "", "bound"},
                               row{"between declaring and binding", "unlimited", "unbound", "bound"},
                               row{"before the interim queue was read", "unlimited", "bound", "bound"},
                               row{"before the interim queue was deleted", "unlimited", "bound", "unbound"});
    CAPTURE(each.moment);
    vhost_fixture fixture;
    if (each.base != "missing")
        support::run_python(declare_queue,
                            {fixture.url, "x.reader", each.base == "limited" ? "3" : no_limit(), each.base_binding});
    support::run_python(declare_queue, {fixture.url, "x.reader.interim", no_limit(), each.interim_binding});
    plain_connection earlier{fixture.url}; // this connection declares nothing
    publish_plainly(earlier, 1, 10);
    const auto waiting = [&] { return std::max(fixture.messages("x.reader"), fixture.messages("x.reader.interim")); };
    eventually([&] { return waiting() == 10; });

    publisher_log t;
    publisher p{settings_for(fixture.url), {one_queue(), "x"}, 500, t.callbacks(), fixture.services};
    p.start();
    inbox arrivals{inbox::acknowledgment::immediate};
    consumer c{settings_for(fixture.url), probing_reader(p), arrivals.callback(), fixture.services};
    arrivals.source = &c;
    SECTION("without another event") {
        c.start();
        eventually([&] { return arrivals.ids().size() == 10; });
    }
    SECTION("while events are published") {
        p.send(orders(11, 20));
        eventually([&] { return t.settled_count() == 10; });
        c.start();
        p.send(orders(21, 500));
        eventually([&] { return arrivals.ids().size() == 500; });
    }
    CHECK(std::ranges::is_sorted(numbers_of(first_ids(arrivals))));
    eventually([&] { return !shared_broker().queue("x.reader.interim", fixture.vhost) && p.state().limited.empty(); });
    p.send(orders(501, 510));
    eventually([&] { return arrivals.ids().contains(order(510).id); });
    c.stop(from_now(10s));
    p.stop(from_now(10s));
    eventually([&] { return fixture.messages("x.reader") == 0; });
}

TEST_CASE("events that are published during a replacement reach the interim queue, even if it is not bound yet") {
    vhost_fixture fixture;
    support::run_python(declare_queue, {fixture.url, "x.reader", "3", "unbound"});
    support::run_python(declare_queue, {fixture.url, "x.reader.interim", no_limit(), "unbound"});
    publish(fixture, 1, 5); // the interim queue may be unbound because only a newer version subscribes to "orders.#"
    CHECK(fixture.messages("x.reader") == 0);
    eventually([&] { return fixture.messages("x.reader.interim") == 5; });
}

TEST_CASE("if the active consumer ends during a replacement, one of two standby consumers takes over even if no event comes") {
    const bool has_begun = GENERATE(true, false);
    CAPTURE(has_begun); // whether the replacement has begun when the consumers connect
    vhost_fixture fixture;
    support::run_python(declare_queue, {fixture.url, "x.reader", "3", has_begun ? "unbound" : "bound"});
    auto patient = settings_for(fixture.url);
    patient.heartbeat = 60s;
    plain_connection old{patient}; // a process of an older version has the active consumer
    old.connection.consume("x.reader", "old");
    const auto begin = [&] { support::run_python(declare_queue, {fixture.url, "x.reader.interim", no_limit(), "bound"}); };
    if (has_begun)
        begin();
    publisher_log t;
    publisher p{settings_for(fixture.url), {one_queue(), "x"}, 500, t.callbacks(), fixture.services};
    p.start();
    inbox arrivals{inbox::acknowledgment::immediate};
    inbox others{inbox::acknowledgment::immediate};
    consumer c{settings_for(fixture.url), probing_reader(p), arrivals.callback(), fixture.services};
    consumer other{settings_for(fixture.url), probing_reader(p), others.callback(), fixture.services};
    arrivals.source = &c;
    others.source = &other;
    c.start();
    // The two consumers must check at different times. Otherwise neither would find the other one subscribed, and this test
    // would not cover the case in which each of them believes that the other one is active.
    std::this_thread::sleep_for(consumer::check_interval / 2);
    other.start();
    eventually([&] { return role_of(c) == consumer::role::standby && role_of(other) == consumer::role::standby; });
    if (!has_begun) {
        begin();
        old.connection.unbind("x.reader", "x", "orders.#");
    }
    publish_plainly(old, 1, 10);
    eventually([&] { return fixture.messages("x.reader.interim") == 10; });
    old.connection.close();
    eventually([&] { return arrivals.ids().size() + others.ids().size() == 10; }, 120s);
    eventually([&] { return !shared_broker().queue("x.reader.interim", fixture.vhost) && p.state().limited.empty(); });
    c.stop(from_now(10s));
    other.stop(from_now(10s));
    p.stop(from_now(10s));
}

TEST_CASE("no event is lost if a process of an older version declares the queue before its interim queue was read") {
    vhost_fixture fixture;
    support::run_python(declare_queue, {fixture.url, "x.reader.interim", no_limit(), "bound"});
    plain_connection old{fixture.url};
    publish_plainly(old, 1, 5);
    eventually([&] { return fixture.messages("x.reader.interim") == 5; });
    support::run_python(declare_queue, {fixture.url, "x.reader", "3", "bound"});
    publish_plainly(old, 6, 10);
    eventually([&] { return fixture.messages("x.reader") == 5; });
    publisher_log t;
    publisher p{settings_for(fixture.url), {one_queue(), "x"}, 500, t.callbacks(), fixture.services};
    p.start();
    inbox arrivals{inbox::acknowledgment::immediate};
    consumer c{settings_for(fixture.url), probing_reader(p), arrivals.callback(), fixture.services};
    arrivals.source = &c;
    c.start();
    eventually([&] { return arrivals.ids().size() == 10; });
    eventually([&] { return !shared_broker().queue("x.reader.interim", fixture.vhost) && p.state().limited.empty(); });
    c.stop(from_now(10s));
    p.stop(from_now(10s));
    eventually([&] { return fixture.messages("x.reader") == 0; });
}

TEST_CASE("a probe shows whether a queue keeps a returned message") {
    vhost_fixture fixture;
    using outcome = redelivery_proof::outcome;
    const auto [limit, expected] =
        GENERATE(Catch::Generators::table<std::string, outcome>({{"0", outcome::lost}, {"5", outcome::kept}}));
    CAPTURE(limit);
    support::run_python(declare_queue, {fixture.url, "x.new", limit, "unbound"});
    plain_connection c{fixture.url};
    const auto topology = one_queue();
    topology.declare(c.connection);
    c.connection.bind("x.new", probe_exchange("x"), "x.new");
    redelivery_proof proof{settings_for(fixture.url), "x", "x.new"};
    auto found = proof.poll();
    for (; found == outcome::pending; found = proof.poll())
        proof.wait();
    CHECK(found == expected);
    eventually([&] { return fixture.messages("x.new") == 0; });
}

TEST_CASE("a standby takes no part in a replacement until a message shows that it is active") {
    vhost_fixture fixture;
    support::run_python(declare_queue, {fixture.url, "x.reader", "3", "bound"});
    publisher_log t;
    publisher p{settings_for(fixture.url), {one_queue(), "x"}, 500, t.callbacks(), fixture.services};
    p.start();
    plain_connection old{fixture.url}; // a process of an older version: it sends no probes and replaces nothing
    one_queue().declare(old.connection);
    old.connection.consume("x.reader", "old");
    inbox arrivals{inbox::acknowledgment::immediate};
    consumer c{settings_for(fixture.url), probing_reader(p), arrivals.callback(), fixture.services};
    arrivals.source = &c;
    c.start();
    eventually([&] { return role_of(c) == consumer::role::standby; });
    p.send(orders(1, 5));
    for (int i = 1; i <= 5; ++i) {
        const auto d = old.next<incoming::delivery>();
        CHECK(d.content.message_id == order(i).id);
        old.connection.acknowledge(d.tag);
    }
    CHECK(c.state().moving.empty());
    CHECK_FALSE(shared_broker().queue("x.reader.interim", fixture.vhost));
    old.connection.close();
    p.send(orders(6, 10));
    eventually([&] { return arrivals.ids().contains(order(10).id) && p.state().limited.empty(); });
    c.stop(from_now(10s));
    p.stop(from_now(10s));
}

#include "fixture.hpp"
#include "rabbitmq/wire.hpp"

#include <support/python.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

using namespace atrium;
using namespace atrium::events;
using namespace atrium::events::rabbitmq;

namespace {

/// Puts orders into the queue.
void publish(place& here, std::int64_t first, std::int64_t last) {
    told t;
    publisher p{settings_for(here.url), {one_queue(), "x"}, 500, t.callbacks(), here.around};
    p.start();
    p.send(orders(first, last));
    eventually([&] { return t.number() == static_cast<std::size_t>(last - first + 1); });
    p.stop(in(10s));
}

consumer::role role_of(const consumer& c) {
    return c.state().role;
}

/// Declares the quorum queue argv[2]; with argv[3] as its delivery limit, unless that is "none"; bound to orders, if argv[4] is
/// "bound".
constexpr std::string_view declare_queue = R"(
import pika, sys
url, queue, limit, bound = sys.argv[1:]
channel = pika.BlockingConnection(pika.URLParameters(url)).channel()
arguments = {"x-queue-type": "quorum", "x-single-active-consumer": True}
if limit != "none":
    arguments["x-delivery-limit"] = int(limit)
channel.exchange_declare("x", "topic", durable=True)
channel.queue_declare(queue, durable=True, arguments=arguments)
if bound == "bound":
    channel.queue_bind(queue, "x", "orders.#")
)";

/// The limits with which "x.reader" may exist: that of an operator and, on RabbitMQ 4, that of an older Atrium, which declares
/// none and gets the default.
std::vector<std::string> existing_limits() {
    return shared_broker().major_version() < 4 ? std::vector<std::string>{"3"} : std::vector<std::string>{"none", "3"};
}

/// The limit of a queue that has none, for `declare_queue`.
std::string no_limit() {
    return shared_broker().major_version() < 4 ? "none" : "-1";
}

/// From a program that declares and binds nothing.
void publish_plainly(plain_connection& program, std::int64_t first, std::int64_t last) {
    for (const auto& one : orders(first, last))
        program.connection.publish("x", one.topic, *wire::write(one));
}

/// The numbers of the orders, in the order in which they came first.
std::vector<std::int64_t> numbers_of(const std::vector<std::string>& ids) {
    std::vector<std::int64_t> numbers;
    for (const auto& id : ids)
        numbers.push_back(std::stoll(id.substr(3)));
    return numbers;
}

/// A reader whose probes go out on a publisher's connection, as in the bus.
source probing_reader(publisher& through) {
    auto from = reader();
    from.send_probe = [&through](std::string queue, std::string id, std::function<void()> sent) {
        through.probe(std::move(queue), std::move(id), std::move(sent));
    };
    return from;
}

/// The ids in the order in which they came first.
std::vector<std::string> first_ids(const inbox& got) {
    std::vector<std::string> ids;
    std::set<std::string> seen;
    for (const auto& one : got.all())
        if (seen.insert(one.content.message_id).second)
            ids.push_back(one.content.message_id);
    return ids;
}

std::vector<std::string> ids_of_orders(std::int64_t first, std::int64_t last) {
    std::vector<std::string> ids;
    for (auto seq = first; seq <= last; ++seq)
        ids.push_back(order(seq).id);
    return ids;
}

std::vector<std::uint64_t> tags_of(const std::vector<received>& all) {
    std::vector<std::uint64_t> tags;
    std::ranges::transform(all, std::back_inserter(tags), &received::tag);
    return tags;
}

} // namespace

TEST_CASE("messages arrive in order, and leave the broker when they are acknowledged") {
    place here;
    publish(here, 1, 1000);
    inbox got{true};
    consumer c{settings_for(here.url), reader(50), got.callback(), here.around};
    got.from = &c;
    c.start();
    eventually([&] { return got.number() == 1000; });
    const auto all = got.all();
    for (std::size_t i = 0; i < all.size(); ++i)
        REQUIRE(all[i].content.message_id == order(static_cast<std::int64_t>(i + 1)).id);
    CHECK(all[0].generation == 1);
    eventually([&] { return here.messages("x.reader") == 0; });
    eventually([&] { return c.state().unacknowledged == 0; });
    CHECK(role_of(c) == consumer::role::active);
    c.stop(in(10s));
    CHECK(role_of(c) == consumer::role::absent);
}

TEST_CASE("acknowledgements in any order reach the broker as far as there is no gap") {
    place here;
    publish(here, 1, 10);
    inbox got{false};
    consumer c{settings_for(here.url), reader(), got.callback(), here.around};
    c.start();
    eventually([&] { return got.number() == 10; });
    c.acknowledge(1, std::vector<std::uint64_t>{10, 9, 3, 2});
    c.acknowledge(1, std::vector<std::uint64_t>{1});
    eventually([&] { return here.messages("x.reader") == 7; });
    CHECK(c.state().unacknowledged == 7);
    c.acknowledge(1, std::vector<std::uint64_t>{4, 5, 6, 7, 8});
    eventually([&] { return here.messages("x.reader") == 0; });
}

TEST_CASE("no more arrives than the prefetch allows") {
    place here;
    publish(here, 1, 50);
    inbox got{false};
    consumer c{settings_for(here.url), reader(20), got.callback(), here.around};
    c.start();
    eventually([&] { return got.number() == 20; });
    eventually([&] {
        const auto queue = shared_broker().queue("x.reader", here.vhost);
        return queue->ready == 30 && queue->unacknowledged == 20;
    });
    c.acknowledge(1, tags_of(got.all()));
    eventually([&] { return got.number() == 40; });
}

TEST_CASE("what was not acknowledged comes again, in order, after a broken connection") {
    place here;
    publish(here, 1, 20);
    support::tcp_gate gate{shared_broker().port()};
    inbox got{false};
    consumer c{settings_for(shared_broker().url_through(gate.port(), here.vhost)), reader(), got.callback(), here.around};
    c.start();
    eventually([&] { return got.number() == 20; });
    c.acknowledge(1, std::vector<std::uint64_t>{1, 2, 3, 4, 5});
    eventually([&] { return here.messages("x.reader") == 15; });
    gate.cut();
    gate.open();
    eventually([&] { return got.number() == 35; });
    const auto all = got.all();
    for (std::size_t i = 20; i < all.size(); ++i) {
        REQUIRE(all[i].content.message_id == order(static_cast<std::int64_t>(i - 20 + 6)).id);
        REQUIRE(all[i].redelivered);
        REQUIRE(all[i].generation == 2);
    }
    CHECK(c.state().connection.reconnects == 1);
    c.acknowledge(1, tags_of(all)); // of a connection that is gone
    c.acknowledge(2, std::vector<std::uint64_t>{1});
    eventually([&] { return here.messages("x.reader") == 14; });
}

TEST_CASE("a half-open connection is left, and its messages come again") {
    place here;
    support::tcp_gate gate{shared_broker().port()};
    inbox got{true};
    consumer c{settings_for(shared_broker().url_through(gate.port(), here.vhost)), reader(), got.callback(), here.around};
    got.from = &c;
    c.start();
    eventually([&] { return role_of(c) == consumer::role::active; });
    gate.swallow();
    publish(here, 1, 20);
    eventually([&] { return c.state().connection.last_error.find("heartbeats") != std::string::npos; });
    gate.cut();
    gate.open();
    gate.pass();
    eventually([&] { return got.ids().size() == 20; });
    eventually([&] { return here.messages("x.reader") == 0; });
}

TEST_CASE("while it is paused nothing arrives, and the connection stands") {
    place here;
    inbox got{true};
    consumer c{settings_for(here.url), reader(), got.callback(), here.around};
    got.from = &c;
    c.pause();
    c.start();
    eventually([&] { return role_of(c) == consumer::role::active; });
    const auto since = c.state().connection.connected_since;
    publish(here, 1, 20);
    eventually([&] { return c.state().unacknowledged == 20; });
    std::this_thread::sleep_for(3s); // three heartbeats pass: that is what is to be survived
    CHECK(got.number() == 0);
    CHECK(c.state().paused);
    c.resume();
    eventually([&] { return got.number() == 20; });
    CHECK(c.state().connection.connected_since == since);
    eventually([&] { return here.messages("x.reader") == 0; });
}

TEST_CASE("stopping waits until what has arrived is acknowledged, and leaves the rest to the broker") {
    place here;
    publish(here, 1, 20);
    inbox got{false};
    consumer c{settings_for(here.url), reader(5), got.callback(), here.around};
    c.start();
    eventually([&] { return got.number() == 5; });
    std::thread later{[&] { c.acknowledge(1, std::vector<std::uint64_t>{1, 2, 3, 4, 5}); }};
    c.stop(in(30s));
    later.join();
    eventually([&] { // the broker counts by and by
        const auto queue = shared_broker().queue("x.reader", here.vhost);
        return queue->ready == 15 && queue->unacknowledged == 0 && queue->consumers == 0;
    });
}

TEST_CASE("stopping ends at its deadline where nothing is acknowledged") {
    place here;
    publish(here, 1, 20);
    inbox got{false};
    consumer c{settings_for(here.url), reader(), got.callback(), here.around};
    c.start();
    eventually([&] { return got.number() == 20; });
    const auto begin = std::chrono::steady_clock::now();
    c.stop(in(300ms));
    CHECK(std::chrono::steady_clock::now() - begin < 10s);
    eventually([&] { return shared_broker().queue("x.reader", here.vhost)->ready == 20; });
}

TEST_CASE("a second consumer stands by, and takes over in order when the first leaves") {
    place here;
    inbox first_got{true};
    inbox second_got{true};
    auto first = std::make_unique<consumer>(settings_for(here.url), reader(), first_got.callback(), here.around);
    first_got.from = first.get();
    first->start();
    eventually([&] { return role_of(*first) == consumer::role::active; });
    consumer second{settings_for(here.url), reader(), second_got.callback(), here.around};
    second_got.from = &second;
    second.start();
    eventually([&] { return role_of(second) == consumer::role::standby; });
    publish(here, 1, 20);
    eventually([&] { return first_got.number() == 20; });
    CHECK(second_got.number() == 0);

    first->stop(in(10s));
    eventually([&] { return role_of(second) == consumer::role::active; }); // it looks; nothing arrives
    publish(here, 21, 40);
    eventually([&] { return second_got.number() == 20; });
}

TEST_CASE("a consumer whose queue is deleted declares it again and goes on") {
    place here;
    inbox got{true};
    consumer c{settings_for(here.url), reader(), got.callback(), here.around};
    got.from = &c;
    c.start();
    eventually([&] { return role_of(c) == consumer::role::active; });
    shared_broker().control({"delete_queue", "-p", here.vhost, "x.reader"});
    eventually([&] { return c.state().connection.reconnects == 1; });
    CHECK_THAT(c.state().connection.last_error, Catch::Contains("ended the consumer"));
    publish(here, 1, 5);
    eventually([&] { return got.number() == 5; });
}

TEST_CASE("messages that were received during a pause are handed over although their queue was deleted") {
    place here;
    publish(here, 1, 20);
    inbox got{true};
    consumer c{settings_for(here.url), reader(), got.callback(), here.around};
    got.from = &c;
    c.pause();
    c.start();
    eventually([&] { return c.state().unacknowledged == 20; });
    shared_broker().control({"delete_queue", "-p", here.vhost, "x.reader"});
    eventually([&] { return c.state().connection.reconnects == 1; });
    publish(here, 21, 30);
    CHECK(got.number() == 0);
    c.resume();
    eventually([&] { return got.number() == 30; });
    CHECK(first_ids(got) == ids_of_orders(1, 30));
    eventually([&] { return here.messages("x.reader") == 0; });
}

TEST_CASE("a consumer outlives a restart of the broker") {
    place here;
    publish(here, 1, 10);
    inbox got{false};
    consumer c{settings_for(here.url), reader(), got.callback(), here.around};
    c.start();
    eventually([&] { return got.number() == 10; });
    shared_broker().restart();
    eventually([&] { return got.number() == 20; });
    const auto all = got.all();
    c.acknowledge(all.back().generation, tags_of({all.begin() + 10, all.end()}));
    eventually([&] { return here.messages("x.reader") == 0; });
}

TEST_CASE("a consumer of a plain program's queue takes what that program sends") {
    place here;
    inbox got{true};
    const source plain{.topology = {.exchange = {}, .queues = {}, .stale = {}, .plain_queues = {"order_created"}},
                       .subscription = "bridge",
                       .queue = "order_created",
                       .single_active = false,
                       .prefetch = 10};
    consumer c{settings_for(here.url), plain, got.callback(), here.around};
    got.from = &c;
    c.start();
    eventually([&] { return role_of(c) == consumer::role::active; });
    plain_connection program{here.url};
    program.connection.declare_queue("order_created", broker_connection::queue_kind::plain);
    program.connection.publish("", "order_created", {.body = R"({"user":"anna"})"});
    eventually([&] { return got.number() == 1; });
    CHECK(got.all()[0].content.body == R"({"user":"anna"})");
    CHECK(got.all()[0].content.message_id.empty());
    eventually([&] { return here.messages("order_created") == 0; });
}

TEST_CASE("messages that were delivered forty times without an acknowledgement are still in the queue") {
    place here;
    publish(here, 1, 5);
    for (int i = 0; i < 40; ++i) {
        inbox got{false};
        consumer c{settings_for(here.url), reader(), got.callback(), here.around};
        c.start();
        eventually([&] { return got.number() == 5; });
        c.stop(in(0ms));
    }
    CHECK(here.messages("x.reader") == 5);
}

TEST_CASE("a queue with a delivery limit is read in order, replaced by one without, and deleted") {
    const auto limit = GENERATE(from_range(existing_limits()));
    CAPTURE(limit);
    place here;
    support::run_python(declare_queue, {here.url, "x.reader", limit, "bound"});
    told t;
    publisher p{settings_for(here.url), {one_queue(), "x"}, 500, t.callbacks(), here.around};
    p.start();
    p.send(orders(1, 500));
    eventually([&] { return t.number() == 500; });
    CHECK(p.state().limited == std::vector<std::string>{"x.reader"});

    inbox got{true};
    consumer c{settings_for(here.url), probing_reader(p), got.callback(), here.around};
    SECTION("by one process") {
        got.from = &c;
        c.pause(); // so that it cannot be done with the queue before it is seen
        c.start();
        eventually([&] { return c.state().moving == "x.reader"; });
        c.resume();
        for (std::size_t sent = 500; sent < 1500; sent += 25) { // before, during and after each step
            p.send(orders(static_cast<std::int64_t>(sent) + 1, static_cast<std::int64_t>(sent) + 25));
            eventually([&] { return t.number() == sent + 25; });
        }
    }
    SECTION("by the next process, if the first ends in the middle") {
        inbox lost{false}; // it stores nothing
        consumer first{settings_for(here.url), probing_reader(p), lost.callback(), here.around};
        first.start();
        eventually([&] { return first.state().moving == "x.reader" && lost.number() == 500; });
        p.send(orders(501, 1000));
        eventually([&] { return t.number() == 1000; });
        first.stop(in(0ms));
        got.from = &c;
        c.start();
        p.send(orders(1001, 1500));
    }
    SECTION("by one of two processes, and the other takes over after that") {
        inbox others{true};
        consumer other{settings_for(here.url), probing_reader(p), others.callback(), here.around};
        got.from = &c;
        others.from = &other;
        c.start();
        eventually([&] { return role_of(c) == consumer::role::active; });
        other.start();
        p.send(orders(501, 1500));
        eventually([&] { return p.state().limited.empty(); });
        eventually([&] { return first_ids(got).size() + first_ids(others).size() >= 1500; });
        eventually([&] { return !shared_broker().queue("x.reader.interim", here.vhost); });
        other.stop(in(10s));
        p.send(orders(1501, 1600));
        eventually([&] { return got.ids().contains(order(1600).id); });
        c.stop(in(10s));
        p.stop(in(10s));
        CHECK(here.messages("x.reader") == 0);
        auto all = got.ids();
        all.merge(others.ids());
        const auto expected = ids_of_orders(1, 1600);
        CHECK(all == std::set<std::string>{expected.begin(), expected.end()});
        CHECK(std::ranges::is_sorted(numbers_of(first_ids(got))));
        CHECK(std::ranges::is_sorted(numbers_of(first_ids(others))));
        return;
    }
    eventually([&] { return got.ids().size() == 1500; });
    CHECK(first_ids(got) == ids_of_orders(1, 1500));
    eventually([&] { return p.state().limited.empty(); });
    eventually([&] { return !shared_broker().queue("x.reader.interim", here.vhost); });
    eventually([&] { return c.state().moving.empty() && role_of(c) == consumer::role::active; });
    p.send(orders(1501, 1510));
    eventually([&] { return got.ids().contains(order(1510).id); });
    c.stop(in(10s));
    p.stop(in(10s));
    CHECK(shared_broker().queues(here.vhost).size() == 1);
}

TEST_CASE("messages behind a mark are handed over before the queue is deleted") {
    place here;
    support::run_python(declare_queue, {here.url, "x.reader", "3", "bound"});
    told t;
    publisher p{settings_for(here.url), {one_queue(), "x"}, 500, t.callbacks(), here.around};
    plain_connection behind{here.url};
    p.start();
    p.send(orders(1, 5));
    eventually([&] { return t.number() == 5; });
    // To this queue alone, behind the first mark, as through a node that does not know of the interim queue yet.
    auto from = probing_reader(p);
    bool is_first = true; // the publisher's thread
    from.send_probe = [&, send = from.send_probe](std::string queue, std::string id, std::function<void()> sent) {
        send(std::move(queue), std::move(id), [&, sent = std::move(sent)] {
            if (std::exchange(is_first, false))
                behind.connection.publish("", "x.reader", {.message_id = "behind", .body = "{}"});
            sent();
        });
    };
    inbox got{true};
    consumer c{settings_for(here.url), from, got.callback(), here.around};
    got.from = &c;
    c.start();
    eventually([&] { return p.state().limited.empty(); });
    eventually([&] { return !shared_broker().queue("x.reader.interim", here.vhost); });
    CHECK(got.ids().contains("behind"));
    c.stop(in(10s));
    p.stop(in(10s));
}

TEST_CASE("a new queue that loses what is returned to it is deleted, and the queue with a limit is read on") {
    place here;
    support::run_python(declare_queue, {here.url, "x.reader", "3", "bound"});
    // What a queue without a limit is in a half-upgraded cluster: with its first return a message is dropped.
    shared_broker().control({"set_policy", "-p", here.vhost, "lossy", R"(^x\.reader\.(trial|interim))",
                             R"({"delivery-limit":0})", "--apply-to", "queues"});
    told t;
    publisher p{settings_for(here.url), {one_queue(), "x"}, 500, t.callbacks(), here.around};
    p.start();
    inbox got{true};
    consumer c{settings_for(here.url), probing_reader(p), got.callback(), here.around};
    got.from = &c;
    c.start();
    p.send(orders(1, 5));
    eventually([&] { return shared_broker().queues(here.vhost).size() == 2; });
    eventually([&] { return shared_broker().queues(here.vhost).size() == 1; });
    CHECK(shared_broker().queue("x.reader", here.vhost));
    CHECK(c.state().moving.empty());
    p.send(orders(6, 10));
    eventually([&] { return got.ids().size() == 10; });
    CHECK(first_ids(got) == ids_of_orders(1, 10));
    CHECK(p.state().limited == std::vector<std::string>{"x.reader"});
    c.stop(in(10s));
    p.stop(in(10s));
}

TEST_CASE("a replacement whose process was killed is finished by the next one, and no event is lost or out of order") {
    struct row {
        std::string left; ///< when it was killed
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
    CAPTURE(each.left);
    place here;
    if (each.base != "missing")
        support::run_python(declare_queue,
                            {here.url, "x.reader", each.base == "limited" ? "3" : no_limit(), each.base_binding});
    support::run_python(declare_queue, {here.url, "x.reader.interim", no_limit(), each.interim_binding});
    plain_connection earlier{here.url}; // declares nothing
    publish_plainly(earlier, 1, 10);
    const auto waiting = [&] { return std::max(here.messages("x.reader"), here.messages("x.reader.interim")); };
    eventually([&] { return waiting() == 10; });

    told t;
    publisher p{settings_for(here.url), {one_queue(), "x"}, 500, t.callbacks(), here.around};
    p.start();
    inbox got{true};
    consumer c{settings_for(here.url), probing_reader(p), got.callback(), here.around};
    got.from = &c;
    SECTION("without another event") {
        c.start();
        eventually([&] { return got.ids().size() == 10; });
    }
    SECTION("while events are published") {
        p.send(orders(11, 20));
        eventually([&] { return t.number() == 10; });
        c.start();
        p.send(orders(21, 500));
        eventually([&] { return got.ids().size() == 500; });
    }
    CHECK(std::ranges::is_sorted(numbers_of(first_ids(got))));
    eventually([&] { return !shared_broker().queue("x.reader.interim", here.vhost) && p.state().limited.empty(); });
    p.send(orders(501, 510));
    eventually([&] { return got.ids().contains(order(510).id); });
    c.stop(in(10s));
    p.stop(in(10s));
    CHECK(here.messages("x.reader") == 0);
}

TEST_CASE("what is published while a queue is being replaced reaches the interim queue, which may not be bound yet") {
    place here;
    support::run_python(declare_queue, {here.url, "x.reader", "3", "unbound"});
    support::run_python(declare_queue, {here.url, "x.reader.interim", no_limit(), "unbound"});
    publish(here, 1, 5); // "orders.#" may be a topic that only a newer version asks for
    CHECK(here.messages("x.reader") == 0);
    eventually([&] { return here.messages("x.reader.interim") == 5; });
}

TEST_CASE("two standby consumers find out which of them is active although no event comes") {
    const bool has_begun = GENERATE(true, false);
    CAPTURE(has_begun); // when the consumers connect
    place here;
    support::run_python(declare_queue, {here.url, "x.reader", "3", has_begun ? "unbound" : "bound"});
    auto patient = settings_for(here.url);
    patient.heartbeat = 60s;
    plain_connection old{patient}; // an older process is the active one
    old.connection.consume("x.reader", "old");
    const auto begin = [&] { support::run_python(declare_queue, {here.url, "x.reader.interim", no_limit(), "bound"}); };
    if (has_begun)
        begin();
    told t;
    publisher p{settings_for(here.url), {one_queue(), "x"}, 500, t.callbacks(), here.around};
    p.start();
    inbox got{true};
    inbox others{true};
    consumer c{settings_for(here.url), probing_reader(p), got.callback(), here.around};
    consumer other{settings_for(here.url), probing_reader(p), others.callback(), here.around};
    got.from = &c;
    others.from = &other;
    c.start();
    std::this_thread::sleep_for(consumer::check_interval / 2); // if both looked at once, they would find no other
    other.start();
    eventually([&] { return role_of(c) == consumer::role::standby && role_of(other) == consumer::role::standby; });
    if (!has_begun) {
        begin();
        old.connection.unbind("x.reader", "x", "orders.#");
    }
    publish_plainly(old, 1, 10);
    eventually([&] { return here.messages("x.reader.interim") == 10; });
    old.connection.close();
    eventually([&] { return got.ids().size() + others.ids().size() == 10; }, 120s);
    eventually([&] { return !shared_broker().queue("x.reader.interim", here.vhost) && p.state().limited.empty(); });
    c.stop(in(10s));
    other.stop(in(10s));
    p.stop(in(10s));
}

TEST_CASE("an older process that has declared the queue again before its interim queue was read loses no event") {
    place here;
    support::run_python(declare_queue, {here.url, "x.reader.interim", no_limit(), "bound"});
    plain_connection old{here.url};
    publish_plainly(old, 1, 5);
    eventually([&] { return here.messages("x.reader.interim") == 5; });
    support::run_python(declare_queue, {here.url, "x.reader", "3", "bound"});
    publish_plainly(old, 6, 10);
    eventually([&] { return here.messages("x.reader") == 5; });
    told t;
    publisher p{settings_for(here.url), {one_queue(), "x"}, 500, t.callbacks(), here.around};
    p.start();
    inbox got{true};
    consumer c{settings_for(here.url), probing_reader(p), got.callback(), here.around};
    got.from = &c;
    c.start();
    eventually([&] { return got.ids().size() == 10; });
    eventually([&] { return !shared_broker().queue("x.reader.interim", here.vhost) && p.state().limited.empty(); });
    c.stop(in(10s));
    p.stop(in(10s));
    CHECK(here.messages("x.reader") == 0);
}

TEST_CASE("a probe shows whether a queue keeps a message that is returned to it") {
    place here;
    using outcome = redelivery_proof::outcome;
    const auto [limit, expected] = GENERATE(table<std::string, outcome>({{"0", outcome::lost}, {"5", outcome::kept}}));
    CAPTURE(limit);
    support::run_python(declare_queue, {here.url, "x.new", limit, "unbound"});
    plain_connection c{here.url};
    const auto topology = one_queue();
    topology.declare(c.connection);
    c.connection.bind("x.new", probe_exchange("x"), "x.new");
    redelivery_proof proof{settings_for(here.url), "x", "x.new"};
    auto found = proof.poll();
    for (; found == outcome::pending; found = proof.poll())
        proof.wait();
    CHECK(found == expected);
    eventually([&] { return here.messages("x.new") == 0; });
}

TEST_CASE("a standby takes no part in a replacement, and a message that has come decides who is active") {
    place here;
    support::run_python(declare_queue, {here.url, "x.reader", "3", "bound"});
    told t;
    publisher p{settings_for(here.url), {one_queue(), "x"}, 500, t.callbacks(), here.around};
    p.start();
    plain_connection old{here.url}; // an older process: it sends no probes and replaces nothing
    one_queue().declare(old.connection);
    old.connection.consume("x.reader", "old");
    inbox got{true};
    consumer c{settings_for(here.url), probing_reader(p), got.callback(), here.around};
    got.from = &c;
    c.start();
    eventually([&] { return role_of(c) == consumer::role::standby; });
    p.send(orders(1, 5));
    for (int i = 1; i <= 5; ++i) {
        const auto one = old.next<incoming::delivery>();
        CHECK(one.content.message_id == order(i).id);
        old.connection.acknowledge(one.tag);
    }
    CHECK(c.state().moving.empty());
    CHECK_FALSE(shared_broker().queue("x.reader.interim", here.vhost));
    old.connection.close();
    p.send(orders(6, 10));
    eventually([&] { return got.ids().contains(order(10).id) && p.state().limited.empty(); });
    c.stop(in(10s));
    p.stop(in(10s));
}

TEST_CASE("a consumer that the broker has forgotten without a word subscribes again") {
    place here;
    inbox got{true};
    consumer c{settings_for(here.url), reader(), got.callback(), here.around};
    got.from = &c;
    c.start();
    eventually([&] { return role_of(c) == consumer::role::active; });
    // What is left of a consumer whose queue was deleted and declared again at once.
    const std::string removal = shared_broker().major_version() < 4 ? "cancel" : "remove";
    shared_broker().evaluate(
        "[begin {ok, {_, Consumers}, _} = ra:leader_query(amqqueue:get_pid(Q), fun rabbit_fifo:query_consumers/1), "
        "[{ok, _, _} = ra:process_command(amqqueue:get_pid(Q), rabbit_fifo:make_checkout({Tag, Pid}, " +
        removal +
        ", #{})) "
        "|| Consumer <- maps:values(Consumers), {Pid, Tag} <- [{element(1, Consumer), element(2, Consumer)}]] end || Q <- "
        "rabbit_amqqueue:list(<<\"" +
        here.vhost + "\">>)], \"\"");
    eventually([&] { return shared_broker().queue("x.reader", here.vhost)->consumers == 0; });
    publish(here, 1, 5);
    eventually([&] { return got.number() == 5; });
    CHECK_THAT(c.state().connection.last_error, Catch::Contains("nothing reaches the consumer"));
    eventually([&] { return here.messages("x.reader") == 0; });
}

TEST_CASE("a consumer whose messages stay with the broker as delivered finds out by a probe") {
    place here;
    told t;
    publisher p{settings_for(here.url), {one_queue(), "x"}, 500, t.callbacks(), here.around};
    p.start();
    inbox got{true};
    consumer c{settings_for(here.url), probing_reader(p), got.callback(), here.around};
    got.from = &c;
    c.start();
    eventually([&] { return role_of(c) == consumer::role::active; });
    p.send({order(100)}); // from then on it is known to be the active one, and may send probes
    eventually([&] { return got.ids().size() == 1; });
    // The process between the queue and the connection hangs: the queue counts a consumer, and messages as delivered to it.
    const auto channel = "[Channel] = [Pid || Pid <- rabbit_channel:list(), [{consumer_count, 1}, {vhost, <<\"" + here.vhost +
                         "\">>}] =:= rabbit_channel:info(Pid, [consumer_count, vhost])], ";
    const auto pid = shared_broker().evaluate(channel + "ok = sys:suspend(Channel), pid_to_list(Channel)");
    p.send(orders(1, 5));
    eventually([&] { return shared_broker().queue("x.reader", here.vhost)->unacknowledged >= 5; });
    eventually([&] { return c.state().connection.reconnects > 0 || !c.state().connection.connected_since; });
    shared_broker().evaluate("exit(list_to_pid(\"" + pid + "\"), kill), \"\"");
    eventually([&] { return got.ids().size() == 6; });
    eventually([&] { return here.messages("x.reader") == 0; });
    c.stop(in(10s));
}

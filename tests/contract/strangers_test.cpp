#include "../unit/events/rabbitmq/fixture.hpp"
#include "node.hpp"
#include "rabbitmq/wire.hpp"

#include <support/catch.hpp>
#include <support/memory.hpp>

#include <algorithm>

using namespace atrium;
using namespace atrium::contract;
using events::rabbitmq::plain_connection;
using events::rabbitmq::wire::write;
using support::shared_broker;
using namespace std::chrono_literals;
using broker_settings = events::rabbitmq::settings;

// Tests of situations that only a broker makes possible, such as events that it cannot carry, and messages of other programs
// that cannot be stored.

namespace {

struct broker_fixture {
    std::string vhost = shared_broker().new_vhost();
    plain_connection program{shared_broker().url(vhost)}; ///< a program other than Atrium
    temporary_directory folder;

    [[nodiscard]] adapter_maker adapter(broker_settings s = {.url = {}, .bridges = {}}) const {
        return rabbitmq_in(vhost, std::move(s));
    }
};

/// Whether the node is connected, which means that its queues exist.
bool is_connected(node& n) {
    return n.bus().broker()->connected_since.has_value();
}

events::event foreign_event(std::int64_t number, const std::string& source, const std::string& key) {
    return {.id = std::to_string(number),
            .source = source,
            .topic = "probe.created",
            .key = key,
            .time = *parse_rfc3339("2026-11-22T12:00:00Z"),
            .traceparent = {},
            .data = node::data(number),
            .replay = {}};
}

/// The dead letters without those in which a receiver reports that events have not arrived and cannot be sent. It reports this
/// a few seconds after a later event has arrived, so most tests end before.
std::vector<events::dead_letter> letters_without_losses(node& n) {
    auto letters = n.dead_letters();
    std::erase_if(letters, [](const auto& letter) { return letter.event.topic == "events.lost_at_broker"; });
    return letters;
}

} // namespace

TEST_CASE("sixty foreign messages of 8 MiB become dead letters without using much memory", "[broker]") {
    constexpr std::string_view sender = R"(
import pika, sys
channel = pika.BlockingConnection(pika.URLParameters(sys.argv[1])).channel()
channel.confirm_delivery()
for i in range(60):
    channel.basic_publish("atrium.events", "probe.created", b'{"number":' + b"1" * (8 << 20) + b"}", pika.BasicProperties(
        message_id="id-%d" % i, content_type="application/json"))
)";
    const broker_fixture fixture;
    node n{fixture.folder.path(), node::quick_settings(), fixture.adapter()};
    n.note_all("probe.reader", {"probe.#"});
    n.start();
    eventually([&] { return is_connected(n); });
    const auto memory_before = support::reset_peak_memory();
    support::run_python(sender, {shared_broker().url(fixture.vhost)});
    n.publish("probe.created", "k", {2}); // published after the foreign messages
    eventually([&] { return n.dead_letters().size() == 60; }, 120s);
    n.settle();
    CHECK(support::peak_memory() - memory_before < 64 * 1024 * 1024);
    CHECK(n.numbers("probe.reader") == range(2, 2));
    const auto letter = n.dead_letters().front();
    CHECK_THAT(letter.event.data, Catch::Matchers::ContainsSubstring(R"("body_size":8388619)"));
    CHECK_THAT(letter.last_error, Catch::Matchers::ContainsSubstring("bus.rabbitmq.max_message"));
    CHECK(letter.event.data.size() < 200'000);
}

TEST_CASE("an event that AMQP cannot carry becomes a dead letter of the relay and of its receiver, and others are sent",
          "[broker]") {
    const broker_fixture fixture;
    node n{fixture.folder.path(), node::quick_settings(), fixture.adapter()};
    n.note_all("probe.all", {"#"});
    n.start();
    std::vector<std::string> too_long;
    for (char c = 'a'; c < 'k'; ++c)
        too_long.emplace_back(70'000, c);
    for (int round = 0; round < 2; ++round)
        for (const auto& key : too_long)
            n.publish("probe.created", key, {1});
    n.publish("probe.created", "k", {2});
    n.settle();

    CHECK(n.numbers("probe.all") == range(2, 2));
    const auto letters = letters_without_losses(n);
    CHECK(letters.size() == 20);
    for (const auto& letter : letters)
        CHECK(letter.subscription == "events.relay");

    eventually([&] { return n.metric("atrium_events_lost_total") == 20; });
    for (const auto& letter : n.dead_letters())
        if (letter.event.topic == "events.lost_at_broker") {
            CHECK(letter.subscription == "probe.all");
            CHECK_THAT(letter.last_error, Catch::Matchers::ContainsSubstring("RabbitMQ cannot carry them"));
        }
}

TEST_CASE("a bridge accepts JSON with blanks around it, and an unacceptable message blocks no other", "[broker]") {
    broker_fixture fixture;
    broker_settings s{
        .url = {},
        .bridges = {{.queue = "plain",
                     .direction = events::rabbitmq::bridge_direction::consume,
                     .topics = {},
                     .topic = "probe.created"},
                    {.queue = "odd", .direction = events::rabbitmq::bridge_direction::consume, .topics = {}, .topic = "Odd"}}};
    node n{fixture.folder.path(), node::quick_settings(), fixture.adapter(s)};
    n.note_all("probe.all", {"probe.#"});
    n.start();
    for (const auto* queue : {"plain", "odd"})
        fixture.program.connection.declare_queue(queue, events::rabbitmq::broker_connection::queue_kind::plain);
    fixture.program.connection.publish("", "plain", {.body = " \r\n\t{\"number\":1}\n"});
    fixture.program.connection.publish("", "odd", {.body = "{\"number\":2}"}); // no event can have the topic "Odd"
    fixture.program.connection.publish("", "plain", {.body = "{\"number\":3}"});
    eventually([&] { return n.numbers("probe.all").size() == 2 && n.dead_letters().size() == 1; });

    auto numbers = n.numbers("probe.all");
    std::ranges::sort(numbers);
    CHECK(numbers == std::vector<std::int64_t>{1, 3});
    CHECK(n.dead_letters()[0].subscription == "events.bridge_odd");
    const auto retried = n.retry(n.dead_letters()[0]); // skipped, because no subscription could handle the message
    CHECK(retried.done == 0);
    CHECK(retried.skipped == 1);
    eventually([&] { return n.count_pending() == 0; }); // the event that reports the retry is sent
    CHECK_THAT(n.dead_letters()[0].last_error, Catch::Matchers::ContainsSubstring("topic \"Odd\""));
}

TEST_CASE("an event that is removed before it is sent becomes a dead letter and does not block its key", "[broker]") {
    broker_fixture fixture;
    {
        node n{fixture.folder.path(), node::quick_settings(), fixture.adapter()};
        n.note_all("probe.all", {"probe.#"});
        n.start();
        eventually([&] { return is_connected(n); });
        n.bus().stop(std::chrono::steady_clock::now() + std::chrono::seconds{10});
        n.publish("probe.created", "k", range(1, 4)); // these events stay in the journal
        const auto removed = run(n.store().write([](storage::transaction& t) -> result<std::int64_t> {
            const storage::acting_as as{t, "events"};
            return t.execute("DELETE FROM events_log WHERE json_extract(data, '$.number') IN (1, 3)");
        }));
        REQUIRE(removed.value() == 2);
    }
    node n{fixture.folder.path(), node::quick_settings(), fixture.adapter()};
    n.note_all("probe.all", {"probe.#"});
    n.start();
    eventually([&] { return n.numbers("probe.all").size() == 2 && letters_without_losses(n).size() == 2; });
    CHECK(n.numbers("probe.all") == std::vector<std::int64_t>{2, 4});
    for (const auto& letter : letters_without_losses(n)) {
        CHECK(letter.subscription == "events.relay");
        CHECK(letter.event.key == "k");
        CHECK_THAT(letter.last_error, Catch::Matchers::ContainsSubstring("the journal does not hold its event any more"));
    }
    n.settle();
}

TEST_CASE("an event that has the id of an event from another source becomes a dead letter and is not ignored as a repetition",
          "[broker]") {
    broker_fixture fixture;
    node n{fixture.folder.path(), node::quick_settings(), fixture.adapter()};
    n.note_all("probe.all", {"probe.#"});
    n.start();
    eventually([&] { return is_connected(n); });
    auto& sender = fixture.program.connection;
    sender.publish("atrium.events", "probe.created", *write(foreign_event(1, "/one", "a")));
    sender.publish("atrium.events", "probe.created", *write(foreign_event(1, "/one", "a"))); // the same event again
    sender.publish("atrium.events", "probe.created", *write(foreign_event(1, "/two", "b")));
    sender.publish("atrium.events", "probe.created", *write(foreign_event(2, "/two", "b")));
    eventually([&] { return n.numbers("probe.all") == range(1, 2) && n.dead_letters().size() == 1; });
    CHECK_THAT(n.dead_letters()[0].last_error, Catch::Matchers::ContainsSubstring("belongs to another event, from /one"));
    n.settle();
}

TEST_CASE("a broker queue that does not respond blocks no other queue and is reported", "[broker]") {
    broker_fixture fixture;
    const std::string stuck = "atrium.events.probe.stuck";
    const auto start_node = [&] {
        auto n =
            std::make_unique<node>(fixture.folder.path(), node::quick_settings(),
                                   fixture.adapter({.url = {}, .connect_timeout = std::chrono::seconds{1}, .bridges = {}}));
        n->note_all("probe.free", {"probe.#"});
        n->note_all("probe.stuck", {"probe.#"});
        n->start();
        return n;
    };
    {
        const auto earlier = start_node();
        eventually([&] { return is_connected(*earlier); });
    }
    shared_broker().suspend_queue(stuck, fixture.vhost);
    const auto n = start_node();
    plain_connection sender{shared_broker().url(fixture.vhost)};
    for (const auto* queue : {"atrium.events.probe.free", "atrium.events.probe.stuck"})
        for (std::int64_t number = 1; number <= 10; ++number)
            sender.connection.publish("", queue, *write(foreign_event(number, "/one", "k")));
    eventually([&] { return n->numbers("probe.free") == range(1, 10); });
    eventually([&] { return n->bus().broker()->trouble.find(stuck) != std::string::npos; });
    CHECK_FALSE(is_connected(*n));
    CHECK(n->numbers("probe.stuck").empty());

    shared_broker().resume_queue(stuck, fixture.vhost);
    eventually([&] { return n->numbers("probe.stuck") == range(1, 10); });
    eventually([&] { return is_connected(*n); });
    n->settle();
    CHECK(n->numbers("probe.free") == range(1, 10));
}

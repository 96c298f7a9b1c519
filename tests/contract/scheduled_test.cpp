#include "node.hpp"

#include <events/feed.hpp>
#include <support/catch.hpp>

#include <algorithm>

using namespace atrium;
using namespace atrium::contract;
using namespace std::chrono_literals;

// Tests events with `deliver_at`, which subscriptions get when the clock reaches that time. The tests move the clock.

namespace {

using numbers = std::vector<std::int64_t>;

struct schedule_fixture {
    temporary_directory folder;
    wrong_clock time{0ms};

    [[nodiscard]] timestamp after(std::chrono::milliseconds delay) const { return time.now() + delay; }
    void advance(std::chrono::milliseconds duration) { time.offset = time.offset.load() + duration; }

    [[nodiscard]] std::unique_ptr<node> start(const std::vector<std::string>& subscriptions = {"probe.reader"}) {
        auto n = std::make_unique<node>(folder.path(), node::quick_settings(), adapter_under_test, time);
        for (const auto& name : subscriptions)
            n->note_all(name, {"probe.#"});
        n->start();
        return n;
    }
};

void expect(const node& n, const numbers& expected) {
    eventually([&] { return n.numbers("probe.reader").size() >= expected.size(); });
    CHECK(n.numbers("probe.reader") == expected);
}

} // namespace

TEST_CASE("a scheduled event is delivered when the clock reaches its time, and not before", "[contract]") {
    schedule_fixture fixture;
    const auto n = fixture.start();
    n->schedule(fixture.after(2h), "probe.created", "a", {1});
    n->schedule(fixture.after(1h), "probe.created", "b", {2});
    n->publish("probe.created", "c", {3});
    expect(*n, {3});
    CHECK(n->count_scheduled() == 2);
    CHECK(n->metric("atrium_events_scheduled") == 2);
    n->settle(); // returns although two events are scheduled

    fixture.advance(1h);
    expect(*n, {3, 2}); // shows that the bus has read the clock, and has not delivered the other event
    n->settle();
    CHECK(n->count_scheduled() == 1);

    fixture.advance(1h);
    expect(*n, {3, 2, 1});
    n->settle();
    CHECK(n->count_scheduled() == 0);
}

TEST_CASE("an event that is already due is delivered immediately", "[contract]") {
    schedule_fixture fixture;
    const auto n = fixture.start();
    n->schedule(fixture.time.now(), "probe.created", "k", {1});
    n->schedule(fixture.after(-24h), "probe.created", "k", {2});
    n->schedule({}, "probe.created", "k", {3});
    expect(*n, range(1, 3));
    CHECK(n->count_scheduled() == 0);
}

TEST_CASE("followers of the journal get a scheduled event as soon as it is published", "[contract]") {
    schedule_fixture fixture;
    const auto n = fixture.start();
    n->schedule(fixture.after(1h), "probe.created", "k", {1});
    const auto seen = [&]() -> awaitable<result<std::vector<events::event>>> {
        const auto follower = co_await n->bus().feed().follow(events::topic_pattern{"#"}, events::event_seq{0});
        co_return co_await (*follower)->next();
    };
    const auto found = run(seen()).value();
    REQUIRE(found.size() == 1);
    CHECK(found[0].data == node::data(1));
    CHECK(n->numbers("probe.reader").empty());
}

TEST_CASE("scheduled events of a key are handled by due time, and those with equal due times in the order of publication",
          "[contract]") {
    schedule_fixture fixture;
    const auto n = fixture.start();
    const auto soon = fixture.after(1h);
    n->schedule(soon + 2h, "probe.created", "k", {1});
    n->schedule(soon, "probe.created", "k", {2, 3});
    n->schedule(soon + 1h, "probe.created", "k", {4});
    n->schedule(soon, "probe.created", "k", {5});
    n->publish("probe.created", "k", {6}); // published before the others are due, so handled before them
    expect(*n, {6});

    fixture.advance(4h);
    expect(*n, {6, 2, 3, 5, 4, 1});
    n->publish("probe.created", "k", {7});
    expect(*n, {6, 2, 3, 5, 4, 1, 7});
}

TEST_CASE("a scheduled event is handled after the events of its key that wait when it becomes due", "[contract]") {
    schedule_fixture fixture;
    {
        node n{fixture.folder.path(), node::quick_settings(), adapter_under_test, fixture.time};
        n.bus().declare({.name = "probe.reader", .topics = {"probe.#"}});
        n.note_all("probe.witness", {"probe.#"});
        n.start();
        n.schedule(fixture.after(1h), "probe.created", "k", {3});
        n.publish("probe.created", "k", {1, 2});
        fixture.advance(1h);
        eventually([&] { return n.numbers("probe.witness") == range(1, 3); });
        n.publish("probe.created", "k", {4});
        eventually([&] { return n.numbers("probe.witness") == range(1, 4); });
    }
    const auto n = fixture.start({"probe.reader", "probe.witness"});
    expect(*n, range(1, 4));
}

TEST_CASE("if more events are due at the same time than one commit delivers, each is handled once and in order", "[contract]") {
    schedule_fixture fixture;
    const auto n = fixture.start({"probe.reader", "probe.second"});
    const auto due = fixture.after(1h);
    n->schedule(due, "probe.created", "even", range(1, 500));
    n->schedule(due, "probe.created", "odd", range(501, 1000));
    fixture.advance(1h);
    n->publish("probe.created", "other", {0});
    eventually([&] { return n->count_scheduled() == 0; });
    n->settle();
    for (const auto* name : {"probe.reader", "probe.second"}) {
        CHECK(n->numbers(name, "even") == range(1, 500));
        CHECK(n->numbers(name, "odd") == range(501, 1000));
        CHECK(n->numbers(name, "other") == numbers{0});
    }
}

TEST_CASE("a scheduled event survives restarts, and one that has become due in the meantime is delivered once after the start",
          "[contract]") {
    schedule_fixture fixture;
    const auto due = fixture.after(1h);
    fixture.start()->schedule(due, "probe.created", "k", {1});
    {
        const auto n = fixture.start();
        n->publish("probe.created", "k", {2});
        expect(*n, {2});
        CHECK(n->count_scheduled() == 1);
    }
    fixture.advance(1h);
    {
        const auto n = fixture.start();
        expect(*n, {2, 1});
    }
    const auto n = fixture.start();
    n->publish("probe.created", "k", {3});
    expect(*n, {2, 1, 3});
}

TEST_CASE("if the clock is set back, a scheduled event waits until the clock reaches its time again", "[contract]") {
    schedule_fixture fixture;
    const auto n = fixture.start();
    const auto due = fixture.after(1h);
    n->schedule(due, "probe.created", "late", {1});
    fixture.advance(-1h);
    n->schedule(fixture.after(30min), "probe.created", "early", {2});
    fixture.advance(30min);
    expect(*n, {2});
    fixture.advance(1h); // more than an hour after the publication, but the clock shows half an hour before the due time
    n->schedule(fixture.after(10min), "probe.created", "early", {3});
    fixture.advance(10min);
    expect(*n, {2, 3});
    fixture.advance(20min);
    expect(*n, {2, 3, 1});
}

TEST_CASE("if the clock is set forward, events that are due by the new time are delivered, and later ones keep their own time",
          "[contract]") {
    schedule_fixture fixture;
    const auto n = fixture.start();
    n->schedule(fixture.after(24h * 365), "probe.created", "k", {1});
    fixture.advance(24h * 365);
    expect(*n, {1});
    n->schedule(fixture.after(1h), "probe.created", "k", {2});
    fixture.advance(-24h * 365);
    n->schedule(fixture.after(1h), "probe.created", "k", {3});
    fixture.advance(1h);
    expect(*n, {1, 3});
    fixture.advance(24h * 365);
    expect(*n, {1, 3, 2});
}

TEST_CASE("a subscription gets scheduled events published after it began, or all if it starts from `earliest`, each when due",
          "[contract]") {
    schedule_fixture fixture;
    fixture.start()->schedule(fixture.after(1h), "probe.created", "k", {1});

    node n{fixture.folder.path(), node::quick_settings(), adapter_under_test, fixture.time};
    n.note_all("probe.reader", {"probe.#"});
    n.note_all("probe.newcomer", {"probe.#"});
    n.note_all("probe.archaeologist", {"probe.#"}, events::start_from::earliest);
    n.start();
    n.publish("probe.created", "k", {2});
    eventually([&] { return n.numbers("probe.archaeologist") == numbers{2}; });
    fixture.advance(1h);
    eventually([&] { return n.numbers("probe.archaeologist") == numbers{2, 1}; });
    expect(n, {2, 1});
    n.settle();
    CHECK(n.numbers("probe.newcomer") == numbers{2});
}

TEST_CASE("a scheduled event whose handler always fails is retried and becomes a dead letter, and later events of its key are "
          "handled",
          "[contract]") {
    schedule_fixture fixture;
    node n{fixture.folder.path(), node::quick_settings(), adapter_under_test, fixture.time};
    n.bus().subscribe({.name = "probe.reader", .topics = {"#"}},
                      [](storage::transaction& t, const events::event& e) -> result<> {
                          node::write_note(t, "probe.reader", e);
                          if (e.data == node::data(1))
                              return error{errc::conflict, "never"};
                          return {};
                      });
    n.start();
    n.schedule(fixture.after(1h), "probe.created", "k", {1, 2});
    fixture.advance(1h);
    expect(n, {2});
    REQUIRE(n.dead_letters().size() == 1);
    CHECK(n.dead_letters()[0].attempts == 3);
    CHECK(n.dead_letters()[0].event.data == node::data(1));
}

#include "node.hpp"

#include <support/catch.hpp>

#include <algorithm>
#include <atomic>

using namespace atrium;
using namespace atrium::contract;

// Tests of promises 3 and 5 in docs/events.md: an effect happens once, and an event that cannot be handled becomes a dead
// letter and is not dropped.

namespace {

/// Subscribes a handler that writes a note of each event, but fails for the event with the number `unlucky` as long as `fails`
/// is true. The handler counts in `runs` how often it runs for that event.
void note_all_but(node& n, const std::string& name, std::int64_t unlucky, const std::atomic<bool>& fails,
                  std::atomic<int>& runs) {
    n.bus().subscribe({.name = name, .topics = {"probe.#"}},
                      [&, name, unlucky](storage::transaction& t, const events::event& e) -> result<> {
                          n.write_note(t, name, e); // undone if the handler fails
                          if (e.data != n.data(unlucky))
                              return {};
                          ++runs;
                          if (fails)
                              return error{errc::conflict, "number " + std::to_string(unlucky) + " brings bad luck"};
                          return {};
                      });
}

} // namespace

TEST_CASE("a failed delivery is retried, and its effect happens once", "[contract]") {
    temporary_directory folder;
    node n{folder.path()};
    std::atomic<int> runs = 0;
    n.bus().subscribe({.name = "probe.third_time", .topics = {"#"}},
                      [&](storage::transaction& t, const events::event& e) -> result<> {
                          n.write_note(t, "probe.third_time", e);
                          if (++runs < 3)
                              throw std::runtime_error{"not yet"};
                          return {};
                      });
    n.start();
    n.publish("probe.created", "k", {1});
    n.settle();

    CHECK(runs == 3);
    CHECK(n.numbers("probe.third_time") == range(1, 1));
    CHECK(n.dead_letters().empty());
}

TEST_CASE("a failing event blocks its own key and no other", "[contract]") {
    temporary_directory folder;
    auto patient = node::quick_settings();
    patient.retry = {.attempts = 1000, .first_delay = std::chrono::milliseconds{1}, .max_delay = std::chrono::milliseconds{2}};
    node n{folder.path(), patient};
    std::atomic<bool> fails = true;
    std::atomic<int> runs = 0;
    note_all_but(n, "probe.picky", 1, fails, runs);
    n.start();
    n.publish("probe.created", "blocked", {1, 2, 3});
    n.publish("probe.created", "free", {4, 5, 6});

    eventually([&] { return n.numbers("probe.picky", "free") == range(4, 6) && runs > 3; });
    eventually([&] { return n.count_waiting("probe.picky") == 3; });
    CHECK(n.numbers("probe.picky", "blocked").empty());

    fails = false;
    n.settle();
    CHECK(n.numbers("probe.picky", "blocked") == range(1, 3));
}

TEST_CASE("a failing delivery does not affect the other deliveries of its batch, and its handler runs once for each attempt",
          "[contract]") {
    temporary_directory folder;
    {
        node n{folder.path()};
        n.bus().declare({.name = "probe.mixed", .topics = {"probe.#"}});
        n.start();
        for (const auto number : range(1, 60))
            n.publish("probe.created", "k" + std::to_string(number), {number});
        eventually(
            [&] { return n.count_waiting("events.relay") == 0; }); // if there is a broker, all events are now waiting there
    }
    node n{folder.path()};
    const std::atomic<bool> fails = true;
    std::atomic<int> runs = 0;
    note_all_but(n, "probe.mixed", 30, fails, runs);
    n.start();
    n.settle();

    CHECK(runs == node::quick_settings().retry.attempts);
    CHECK(n.dead_letters().size() == 1);
    auto handled = n.numbers("probe.mixed");
    std::ranges::sort(handled);
    auto expected = range(1, 60);
    std::erase(expected, 30);
    CHECK(handled == expected);
}

TEST_CASE("a delivery whose event is missing in the event log becomes a dead letter and does not block its key", "[contract]") {
    const bool is_asynchronous = GENERATE(false, true);
    temporary_directory folder;
    {
        node n{folder.path()};
        n.bus().subscribe({.name = "probe.late", .topics = {"probe.created"}}, [](events::delivery) -> awaitable<result<>> {
            co_await nap(std::chrono::hours{1}); // waits until the end of the block stops the node
            co_return result<>{};
        });
        n.start();
        n.publish("probe.created", "k", {1, 2, 3, 4});
        n.publish("probe.created", "other", {5});
        eventually([&] { return n.count_waiting("probe.late") == 5; });
        // Removes the first and the third event of one key, and the only event of another key.
        const auto removed = run(n.store().write([](storage::transaction& t) -> result<std::int64_t> {
            const storage::acting_as as{t, "events"};
            return t.execute("DELETE FROM events_log WHERE seq IN (SELECT seq FROM events_delivery WHERE subscription ="
                             " (SELECT id FROM events_subscription WHERE name = 'probe.late'))"
                             " AND json_extract(data, '$.number') IN (1, 3, 5)");
        }));
        REQUIRE(removed.value() == 3);
    }
    node n{folder.path()};
    const events::subscription late{.name = "probe.late", .topics = {"probe.created"}};
    if (is_asynchronous)
        n.bus().subscribe(late, [&n](events::delivery d) -> awaitable<result<>> {
            co_return co_await d.complete([&](storage::transaction& t) -> result<> {
                n.write_note(t, "probe.late", d.event());
                return {};
            });
        });
    else
        n.note_all("probe.late", {"probe.created"});
    n.start();
    eventually([&] { return n.count_waiting("probe.late") == 0; });
    CHECK(n.numbers("probe.late") == std::vector<std::int64_t>{2, 4});

    const auto dead = n.dead_letters();
    REQUIRE(dead.size() == 3);
    for (const auto& letter : dead) {
        CHECK(letter.subscription == "probe.late");
        CHECK(letter.event.seq.value > 0);
        CHECK_THAT(letter.last_error, Catch::Matchers::ContainsSubstring("the journal does not hold its event any more"));
    }
    CHECK(dead[2].event.key == "other");
    const auto retried = n.retry(dead[0]);
    CHECK(retried.matched == 1);
    CHECK(retried.done == 0);
    CHECK(retried.skipped == 1);
    for (const auto& letter : dead)
        CHECK(n.discard(letter).done == 1);
    CHECK(n.dead_letters().empty());
}

TEST_CASE("after its last attempt a delivery becomes a dead letter, and later events of its key are handled", "[contract]") {
    temporary_directory folder;
    node n{folder.path()};
    std::atomic<bool> fails = true;
    std::atomic<int> runs = 0;
    note_all_but(n, "probe.picky", 1, fails, runs);
    n.note_all("probe.reliable", {"probe.#"});
    n.start();
    n.publish("probe.created", "k", {1, 2, 3});
    n.settle();

    CHECK(runs == 3);
    CHECK(n.numbers("probe.picky") == range(2, 3));
    CHECK(n.numbers("probe.reliable") == range(1, 3));
    const auto dead = n.dead_letters();
    REQUIRE(dead.size() == 1);
    CHECK(dead[0].subscription == "probe.picky");
    CHECK(dead[0].event.data == n.data(1));
    CHECK(dead[0].attempts == 3);
    CHECK(dead[0].last_error == "number 1 brings bad luck");

    SECTION("the dead letter can be retried, and is then handled after the later events of its key") {
        fails = false;
        REQUIRE(n.retry(dead[0]).done == 1);
        eventually([&] { return n.numbers("probe.picky").size() == 3; });
        CHECK(n.numbers("probe.picky") == std::vector<std::int64_t>{2, 3, 1});
        CHECK(n.dead_letters().empty());
    }
    SECTION("a retried dead letter gets all attempts again, and becomes a dead letter again if all of them fail") {
        REQUIRE(n.retry(dead[0]).done == 1);
        eventually([&] { return runs == 6; });
        n.settle();
        CHECK(n.dead_letters().size() == 1);
    }
    SECTION("the dead letter can be discarded") {
        REQUIRE(n.discard(dead[0]).done == 1);
        CHECK(n.dead_letters().empty());
        n.settle(); // handles the event that reports the discard
        CHECK(n.count_pending() == 0);
    }
    SECTION("a retry or a discard with a filter that does not match the dead letter changes nothing") {
        auto of_other_subscription = node::filter_for(dead[0].id);
        of_other_subscription.subscription = "probe.reliable";
        events::dead_letter_filter of_unknown_subscription;
        of_unknown_subscription.subscription = "probe.unknown";
        for (const auto& filter :
             {of_other_subscription, of_unknown_subscription, node::filter_for("1-99"), node::filter_for("picky")}) {
            CHECK(run(n.operations().retry(filter, {})).value().matched == 0);
            CHECK(run(n.operations().discard(filter, {})).value().matched == 0);
        }
        CHECK(n.dead_letters().size() == 1);
    }
}

TEST_CASE("a retry that was scheduled by a wrong clock waits no longer than the retry policy allows", "[contract]") {
    using namespace std::chrono_literals;
    temporary_directory folder;
    auto patient = node::quick_settings();
    patient.retry = {.attempts = 1000, .first_delay = 300ms, .max_delay = 500ms};
    wrong_clock time{GENERATE(1h, 24h * 365)};
    const bool is_restarted = GENERATE(true, false);
    std::atomic<bool> fails = true;
    std::atomic<int> runs = 0;
    const auto start = [&](node& n) {
        note_all_but(n, "probe.transactional", 1, fails, runs);
        n.bus().subscribe({.name = "probe.asynchronous", .topics = {"#"}}, [&](events::delivery d) -> awaitable<result<>> {
            if (fails) {
                ++runs;
                co_return error{errc::conflict, "not yet"};
            }
            co_return co_await d.complete([&](storage::transaction& t) -> result<> {
                node::write_note(t, "probe.asynchronous", d.event());
                return {};
            });
        });
        n.start();
    };
    const auto has_all = [](node& n) {
        return n.numbers("probe.transactional") == range(1, 1) && n.numbers("probe.asynchronous") == range(1, 1);
    };

    node first{folder.path(), patient, adapter_under_test, time};
    start(first);
    first.publish("probe.created", "k", {1});
    eventually([&] { return runs >= 4; });
    if (is_restarted)
        first.stop();
    time.offset = 0ms;
    fails = false;
    if (!is_restarted) {
        eventually([&] { return has_all(first); });
        return;
    }
    node second{folder.path(), patient, adapter_under_test, time};
    start(second);
    eventually([&] { return has_all(second); });
}

TEST_CASE("a handler that throws something other than std::exception counts as failed, and its subscription continues",
          "[contract]") {
    temporary_directory folder;
    node n{folder.path()};
    n.bus().subscribe({.name = "probe.odd", .topics = {"#"}}, [&](storage::transaction& t, const events::event& e) -> result<> {
        if (e.data == n.data(1))
            throw 1;
        n.write_note(t, "probe.odd", e);
        return {};
    });
    n.bus().subscribe({.name = "probe.odd_and_slow", .topics = {"#"}}, [&](events::delivery d) -> awaitable<result<>> {
        if (d.event().data == n.data(1))
            throw 1;
        co_return co_await d.complete([&](storage::transaction& t) -> result<> {
            n.write_note(t, "probe.odd_and_slow", d.event());
            return {};
        });
    });
    n.start();
    n.publish("probe.created", "k", {1, 2});
    n.settle();
    CHECK(n.numbers("probe.odd") == range(2, 2));
    CHECK(n.numbers("probe.odd_and_slow") == range(2, 2));
    REQUIRE(n.dead_letters().size() == 2);
    for (const auto& letter : n.dead_letters())
        CHECK(letter.last_error == "an exception of an unknown type");
}

TEST_CASE("a dead letter survives a restart and can be retried after it", "[contract]") {
    temporary_directory folder;
    std::atomic<bool> fails = true;
    std::atomic<int> runs = 0;
    {
        node earlier{folder.path()};
        note_all_but(earlier, "probe.picky", 1, fails, runs);
        earlier.start();
        earlier.publish("probe.created", "k", {1});
        earlier.settle();
    }
    fails = false;
    node n{folder.path()};
    note_all_but(n, "probe.picky", 1, fails, runs);
    n.start();
    n.publish("probe.created", "k", {2});
    n.settle();
    CHECK(n.numbers("probe.picky") == range(2, 2));
    REQUIRE(n.dead_letters().size() == 1);
    REQUIRE(n.retry(n.dead_letters()[0]).done == 1);
    eventually([&] { return n.numbers("probe.picky").size() == 2; });
}

TEST_CASE("a violated constraint counts as a failed attempt, but a full disk does not", "[contract]") {
    temporary_directory folder;
    auto strict = node::quick_settings();
    strict.retry.attempts = 1;
    node n{folder.path(), strict};
    n.bus().subscribe({.name = "probe.breaks", .topics = {"#"}}, [](storage::transaction& t, const events::event&) -> result<> {
        t.execute("INSERT INTO probe_note (subscription, topic, key, number) VALUES (NULL, '', '', 0)");
        return {};
    });
    std::atomic<int> runs = 0;
    n.bus().subscribe({.name = "probe.meets", .topics = {"#"}},
                      [&](storage::transaction& t, const events::event& e) -> result<> {
                          if (++runs == 1)
                              throw storage::outage{"disk full"};
                          n.write_note(t, "probe.meets", e);
                          return {};
                      });
    n.start();
    n.publish("probe.created", "k", {1});
    n.settle();

    REQUIRE(n.dead_letters().size() == 1);
    CHECK(n.dead_letters()[0].subscription == "probe.breaks");
    CHECK(runs == 2);
    CHECK(n.numbers("probe.meets") == range(1, 1));
}

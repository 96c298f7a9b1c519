#include "node.hpp"

#include <support/catch.hpp>

#include <algorithm>
#include <atomic>
#include <map>
#include <random>

using namespace atrium;
using namespace atrium::contract;

// Tests of promises 2 and 4 in docs/events.md: every matching subscription gets an event, and events of one key arrive in the
// order of publication.

TEST_CASE("an event reaches every matching subscription and no other", "[contract]") {
    temporary_directory folder;
    node n{folder.path()};
    n.note_all("probe.exact", {"shop.order.created"});
    n.note_all("probe.one_word", {"shop.*.created"});
    n.note_all("probe.any_words", {"shop.#"});
    n.note_all("probe.everything", {"#"});
    n.note_all("probe.two_patterns", {"shop.order.created", "*.order.#"});
    n.note_all("probe.other", {"shop.*", "store.#", "shop.order"});
    n.start();

    n.publish("shop.order.created", "k", {1});
    n.publish("shop.order.line.created", "k", {2});
    n.publish("shop.created", "k", {3});
    n.settle();

    CHECK(n.numbers("probe.exact") == range(1, 1));
    CHECK(n.numbers("probe.one_word") == range(1, 1));
    CHECK(n.numbers("probe.any_words") == range(1, 3));
    CHECK(n.numbers("probe.everything") == range(1, 3));
    CHECK(n.numbers("probe.two_patterns") == range(1, 2)); // the first event is delivered once, although both patterns match it
    CHECK(n.numbers("probe.other") == range(3, 3));
}

TEST_CASE("events that no subscription matches are also recorded in the journal", "[contract]") {
    temporary_directory folder;
    node n{folder.path()};
    n.start();
    n.publish("probe.unheard", "k", range(1, 10));
    n.settle();
    CHECK(n.count_events() == 10);
}

TEST_CASE("events of one key are handled in the order of publication despite failures", "[contract]") {
    temporary_directory folder;
    node n{folder.path()};
    std::mt19937 dice{7}; // used on the writer's thread only
    std::map<std::int64_t, int> refusals;
    n.bus().subscribe({.name = "probe.moody", .topics = {"#"}},
                      [&](storage::transaction& t, const events::event& e) -> result<> {
                          if (dice() % 5 == 0 && refusals[e.seq.value]++ < 2)
                              return error{errc::unavailable, "not in the mood"};
                          n.write_note(t, "probe.moody", e);
                          return {};
                      });
    n.start();
    for (int round = 0; round < 40; ++round)
        for (const auto* key : {"a", "b", "c"})
            n.publish("probe.created", key, {round});
    n.settle();

    for (const auto* key : {"a", "b", "c"})
        CHECK(n.numbers("probe.moody", key) == range(0, 39));
    CHECK(n.dead_letters().empty());
}

TEST_CASE("many events of one key are handled in order", "[contract]") {
    temporary_directory folder;
    node n{folder.path()};
    n.note_all("probe.hot", {"#"});
    n.start();
    for (int block = 0; block < 30; ++block)
        n.publish("probe.created", "hot", range(block * 100, block * 100 + 99));
    n.settle();
    CHECK(n.numbers("probe.hot") == range(0, 2999));
}

TEST_CASE("events with a high priority are handled first, and priority does not reorder events within a key", "[contract]") {
    temporary_directory folder;
    node n{folder.path()};
    std::atomic<bool> all_have_arrived = false;
    n.bus().subscribe({.name = "probe.sorted", .topics = {"#"}, .concurrency = 1},
                      [&](events::delivery d) -> awaitable<result<>> {
                          while (!all_have_arrived) // the first event blocks the others until all have arrived
                              co_await nap(std::chrono::milliseconds{1});
                          co_return co_await d.complete([&](storage::transaction& t) -> result<> {
                              n.write_note(t, "probe.sorted", d.event());
                              return {};
                          });
                      });
    n.start();
    n.publish("probe.created", "first", {0});
    eventually([&] { return n.count_waiting("probe.sorted") == 1; });
    n.publish("probe.created", "calm", {1}, 0);
    n.publish("probe.created", "normal", {2});
    n.publish("probe.created", "urgent", {3}, 9);
    n.publish("probe.created", "calm", {4}, 9); // waits for event 1, which has the same key
    n.publish("probe.created", "urgent", {5}, 0);
    eventually([&] { return n.count_waiting("probe.sorted") == 6; });
    all_have_arrived = true;
    n.settle();

    const auto all = n.numbers("probe.sorted");
    CHECK(all.size() == 6);
    const auto position = [&](std::int64_t number) { return std::ranges::find(all, number) - all.begin(); };
    CHECK(position(3) < position(2));
    CHECK(position(2) < position(1));
    CHECK(position(1) < position(4));
    CHECK(position(3) < position(5));
}

TEST_CASE("priority does not reorder the waiting events of a key while the module of the subscription is not running",
          "[contract]") {
    temporary_directory folder;
    {
        node n{folder.path()};
        n.bus().declare({.name = "probe.absent", .topics = {"#"}});
        n.start();
        for (std::int64_t number = 0; number < 40; ++number)
            n.publish("probe.created", "k", {number}, static_cast<int>(number % 10));
        eventually(
            [&] { return n.count_waiting("events.relay") == 0; }); // if there is a broker, all events are now waiting there
    }
    node n{folder.path()};
    n.note_all("probe.absent", {"#"});
    n.start();
    n.settle();
    CHECK(n.numbers("probe.absent") == range(0, 39));
}

TEST_CASE("a slow subscription does not delay others", "[contract]") {
    temporary_directory folder;
    node n{folder.path()};
    n.note_all("probe.quick", {"#"});
    std::atomic<bool> may_end = false;
    n.bus().subscribe({.name = "probe.slow", .topics = {"#"}}, [&](events::delivery) -> awaitable<result<>> {
        while (!may_end)
            co_await nap(std::chrono::milliseconds{1});
        co_return result<>{};
    });
    n.start();
    n.publish("probe.created", "k", range(1, 200));

    eventually([&] { return n.numbers("probe.quick").size() == 200 && n.count_waiting("probe.slow") == 200; });
    may_end = true;
    n.settle();
}

TEST_CASE("under load, three subscriptions get each of 10,000 events once and in order", "[contract]") {
    temporary_directory folder;
    node n{folder.path()};
    const std::vector<std::string> names{"probe.first", "probe.second", "probe.third"};
    for (const auto& name : names)
        n.note_all(name, {"probe.#"});
    n.start();

    std::vector<std::thread> publishers;
    for (int p = 0; p < 4; ++p)
        publishers.emplace_back([&, p] {
            for (int block = 0; block < 50; ++block)
                for (int key = 0; key < 5; ++key)
                    n.publish("probe.created", std::to_string(p) + "/" + std::to_string(key),
                              range(block * 10, block * 10 + 9));
        });
    for (auto& p : publishers)
        p.join();
    eventually([&] { return n.is_quiet(); }, std::chrono::seconds{120});

    for (const auto& name : names) {
        std::map<std::string, std::vector<std::int64_t>> numbers_by_key;
        for (const auto& seen : n.notes(name))
            numbers_by_key[seen.key].push_back(seen.number);
        REQUIRE(numbers_by_key.size() == 20);
        for (const auto& [key, numbers] : numbers_by_key)
            CHECK(numbers == range(0, 499));
    }
}

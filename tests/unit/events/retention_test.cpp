#include "node.hpp"

#include <support/catch.hpp>

#include <cstdint>
#include <functional>

using namespace atrium;
using namespace atrium::contract;

namespace {

/// Settings with which events of any age are removed as soon as they are handled, because the max number of events is 0.
events::settings immediate_removal() {
    auto s = node::quick_settings();
    s.retention = {.age = std::chrono::hours{1000}, .count = 0, .every = std::chrono::milliseconds{5}};
    return s;
}

/// Runs `work` in a transaction that may use the journal's tables.
std::int64_t run_as_journal(node& n, const std::function<std::int64_t(storage::transaction&)>& work) {
    return run(n.store().write([&](storage::transaction& t) -> result<std::int64_t> {
               const storage::acting_as as{t, "events"};
               return work(t);
           }))
        .value();
}

/// The number of events that a new subscription with `earliest` gets from the journal.
std::size_t count_kept(const std::filesystem::path& folder) {
    node n{folder};
    n.note_all("probe.latecomer", {"#"}, events::start_from::earliest);
    n.start();
    const auto all = static_cast<std::size_t>(n.count_events());
    eventually([&] { return n.numbers("probe.latecomer").size() == all; });
    return all;
}

} // namespace

TEST_CASE("events beyond the configured count are removed once every subscription has handled them") {
    temporary_directory folder;
    {
        node n{folder.path(), immediate_removal()};
        n.note_all("probe.all", {"#"});
        n.start();
        n.publish("probe.made", "k", range(1, 1234));
        n.settle();
        eventually([&] { return n.count_events() == 1; }); // the last event is always kept
    }
    CHECK(count_kept(folder.path()) == 1);
}

TEST_CASE("events that have pending deliveries or dead letters are kept even beyond the configured count") {
    temporary_directory folder;
    {
        node n{folder.path(), immediate_removal()};
        n.bus().declare({.name = "probe.absent", .topics = {"probe.unhandled"}});
        n.bus().subscribe(
            {.name = "probe.picky", .topics = {"probe.failing"}},
            [](storage::transaction&, const events::event&) -> result<> { return error{errc::conflict, "never"}; });
        n.start();
        n.publish("probe.made", "k", range(1, 700));
        n.publish("probe.unhandled", "k", range(1, 3));
        n.publish("probe.failing", "k", {1});
        n.publish("probe.made", "k", range(1, 700));
        eventually([&] {
            return n.count_events() == 5;
        }); // three events with pending deliveries, one with a dead letter, and the last event
        CHECK(n.count_pending() == 3);
        CHECK(n.dead_letters().size() == 1);
    }
    CHECK(count_kept(folder.path()) == 5);
}

TEST_CASE("events beyond the configured count are removed even if none is beyond the configured age") {
    temporary_directory folder;
    {
        auto s = immediate_removal();
        s.retention.count = 10;
        node n{folder.path(), s};
        n.start();
        n.publish("probe.made", "k", range(1, 25));
        eventually([&] { return n.count_events() == 10; });
    }
    CHECK(count_kept(folder.path()) == 10);
}

TEST_CASE("ids of received events are forgotten once they are too old, however many there are") {
    temporary_directory folder;
    node n{folder.path(), node::quick_settings()};
    const auto now = system_clock{}.now();
    run_as_journal(n, [&](storage::transaction& t) {
        for (int i = 0; i < 3000; ++i)
            t.execute("INSERT INTO events_received (subscription, id, at) VALUES (1, ?1, ?2)", i,
                      i < 2990 ? now - std::chrono::hours{24 * 8} : now);
        return 0;
    });
    n.start();
    eventually([&] {
        return run_as_journal(
                   n, [](storage::transaction& t) { return *t.query_integer("SELECT count(*) FROM events_received"); }) == 10;
    });
}

namespace {

using namespace std::chrono_literals;
constexpr auto year = 24h * 365;

/// Waits for a complete sweep that began after this call. To detect its end, inserts the id of a received event with a time
/// that is too old whatever the clock shows: a sweep removes such ids after it has removed events.
void await_sweep(node& n) {
    for (int i = 0; i < 2; ++i) { // the first id may be removed by a sweep that had begun before this call
        run_as_journal(n, [](storage::transaction& t) {
            return t.execute("INSERT INTO events_received (subscription, id, at) VALUES (1, 'old', -9000000000000)");
        });
        eventually([&] {
            return run_as_journal(n, [](storage::transaction& t) {
                       return *t.query_integer("SELECT count(*) FROM events_received");
                   }) == 0;
        });
    }
}

/// Settings with which an event is kept for at most an hour, and at most `count` events are kept.
events::settings one_hour_retention(std::int64_t count) {
    auto s = node::quick_settings();
    s.retention = {.age = 1h, .count = count, .every = 5ms};
    return s;
}

} // namespace

TEST_CASE("events beyond the age limit are removed immediately if the time of a newer event confirms the time of the clock") {
    temporary_directory folder;
    {
        node n{folder.path()};
        n.start();
        n.publish("probe.made", "k", range(1, 5));
        run_as_journal(
            n, [](storage::transaction& t) { return t.execute("UPDATE events_log SET time = time - 7200000 WHERE seq <= 3"); });
    }
    const auto s = one_hour_retention(1'000'000);
    node n{folder.path(), s};
    n.start();
    eventually([&] { return n.count_events() == 2; });
}

TEST_CASE("a clock that is temporarily a year ahead, at the start or later, causes no event to be removed") {
    temporary_directory folder;
    const auto s = one_hour_retention(10);
    wrong_clock time{0ms};
    {
        node n{folder.path(), s, adapter_under_test, time};
        n.start();
        n.publish("probe.made", "k", range(1, 5));
        time.offset = year;
        await_sweep(n);
        n.publish("probe.made", "k", range(6, 7));
        await_sweep(n);
        time.offset = 0ms;
        await_sweep(n);
        CHECK(n.count_events() == 7);
    }
    {
        node n{folder.path(), node::quick_settings(), adapter_under_test, time};
        n.start();
        // Removes the events that were published while the clock was a year ahead.
        run_as_journal(n, [](storage::transaction& t) { return t.execute("DELETE FROM events_log WHERE seq > 5"); });
    }
    time.offset = year;
    node n{folder.path(), s, adapter_under_test, time};
    n.start();
    await_sweep(n);
    CHECK(n.count_events() == 5);
}

TEST_CASE("events that were published while the clock showed 1970 are not removed once the clock is corrected") {
    temporary_directory folder;
    const auto s = one_hour_retention(10);
    wrong_clock time{-system_clock{}.now().time_since_epoch()};
    node n{folder.path(), s, adapter_under_test, time};
    n.start();
    n.publish("probe.made", "k", range(1, 5));
    await_sweep(n);
    time.offset = 0ms;
    n.publish("probe.made", "k", range(6, 7));
    await_sweep(n);
    CHECK(n.count_events() == 7);
}

TEST_CASE("events beyond the configured count are removed even if they come after many events with pending deliveries") {
    temporary_directory folder;
    node n{folder.path(), immediate_removal()};
    n.bus().declare({.name = "probe.absent", .topics = {"probe.unhandled"}});
    n.start();
    constexpr std::int64_t many = 60'000; // more events than one sweep examines
    for (std::int64_t i = 0; i < many; i += 10'000)
        n.publish("probe.unhandled", "k", range(1, 10'000));
    n.publish("probe.made", "k", range(1, 700));
    eventually([&] { return n.count_events() == many + 1; }); // the events with pending deliveries, and the last event
}

TEST_CASE("events that are not due yet are kept even beyond the configured count, and are removed after they were handled") {
    temporary_directory folder;
    wrong_clock time{0ms};
    node n{folder.path(), immediate_removal(), adapter_under_test, time};
    n.note_all("probe.reader", {"#"});
    n.start();
    n.schedule(time.now() + 1h, "probe.made", "k", {1});
    n.publish("probe.made", "k", range(2, 700));
    eventually([&] { return n.count_events() == 2; }); // the scheduled event, and the last event of the event log
    await_sweep(n);
    CHECK(n.count_events() == 2);
    time.offset = 1h;
    eventually([&] { return n.numbers("probe.reader").size() == 700; });
    eventually([&] { return n.count_events() == 1; });
    CHECK(n.numbers("probe.reader").back() == 1);
}

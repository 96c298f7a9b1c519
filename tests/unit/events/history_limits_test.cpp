#include "node.hpp"

#include <support/catch.hpp>

#include <algorithm>
#include <functional>
#include <set>

using namespace atrium;
using namespace atrium::contract;
using namespace std::chrono_literals;

namespace {

/// With these settings, retention runs every 5 ms, but its limits are too high to remove anything.
events::settings unlimited_retention() {
    auto s = node::quick_settings();
    s.retry.attempts = 1;
    s.retention = {.age = 1000h, .count = 1'000'000, .every = 5ms};
    return s;
}

std::int64_t run_as_journal(node& n, const std::function<std::int64_t(storage::transaction&)>& work) {
    return run(n.store().write([&](storage::transaction& t) -> result<std::int64_t> {
               const storage::acting_as as{t, "events"};
               return work(t);
           }))
        .value();
}

std::int64_t count(node& n, const std::string& query) {
    return run_as_journal(n, [&](storage::transaction& t) { return t.query_integer(query).value(); });
}

void subscribe_failing_handler(node& n) {
    n.bus().subscribe({.name = "probe.picky", .topics = {"probe.*"}},
                      [](storage::transaction&, const events::event& e) -> result<> {
                          return error{errc::conflict, "cannot take " + e.key};
                      });
}

std::vector<events::archived_letter> archive_of(node& n) {
    return run(n.operations().list_archive({}, 1000)).value().items;
}

} // namespace

TEST_CASE("dead letters beyond their configured count are moved to the archive, the oldest first") {
    temporary_directory folder;
    auto s = unlimited_retention();
    s.dead_letters.count = 10;
    node n{folder.path(), s};
    subscribe_failing_handler(n);
    n.start();
    n.publish("probe.made", "k", range(1, 500));
    n.settle();
    eventually([&] { return n.dead_letters().size() == 10; });
    CHECK(n.dead_letters().front().event.data == node::data(491));
    const auto archived = archive_of(n);
    REQUIRE(archived.size() == 490);
    CHECK(archived.back().letter.event.data == node::data(1));
    CHECK(archived.back().resolution == events::resolution::expired);
    CHECK(archived.back().reason == "limit");
    CHECK(archived.back().letter.failures.size() == 1);
    eventually([&] { return n.metric("atrium_events_archived") == 490; });
    CHECK(n.metric("atrium_events_dead_letters_expired_total") == 490);
}

TEST_CASE("dead letters beyond their configured age are moved to the archive") {
    temporary_directory folder;
    {
        node n{folder.path(), unlimited_retention()};
        subscribe_failing_handler(n);
        n.start();
        n.publish("probe.made", "k", range(1, 10));
        n.settle();
        run_as_journal(n, [](storage::transaction& t) {
            return t.execute("UPDATE events_delivery SET dead_at = dead_at - 7200000 WHERE seq <= 4");
        });
    }
    auto s = unlimited_retention();
    s.dead_letters.age = 1h;
    node n{folder.path(), s};
    subscribe_failing_handler(n);
    n.start();
    eventually([&] { return n.dead_letters().size() == 6; });
    CHECK(archive_of(n).size() == 4);
}

TEST_CASE(
    "archived dead letters and operations are removed if they are beyond the age or the count of the retention settings") {
    temporary_directory folder;
    {
        node n{folder.path(), unlimited_retention()};
        subscribe_failing_handler(n);
        n.start();
        n.publish("probe.made", "k", range(1, 300));
        n.settle();
        for (const auto& letter : n.dead_letters())
            n.discard(letter);
        CHECK(archive_of(n).size() == 300);
        run_as_journal(n, [](storage::transaction& t) {
            t.execute("UPDATE events_archive SET at = at - 7200000 WHERE id <= 50");
            return t.execute("UPDATE events_operation SET began = began - 7200000 WHERE id <= 50");
        });
    }
    {
        auto s = unlimited_retention();
        s.retention.age = 1h;
        node n{folder.path(), s};
        n.start();
        eventually([&] { return archive_of(n).size() == 250; });
        eventually([&] { return count(n, "SELECT count(*) FROM events_operation") == 250; });
    }
    auto s = unlimited_retention();
    s.retention.count = 20;
    node n{folder.path(), s};
    n.start();
    eventually([&] { return archive_of(n).size() == 20 && count(n, "SELECT count(*) FROM events_operation") == 20; });
}

TEST_CASE("failures are removed with their events, and failure groups are removed once they have no dead letters") {
    temporary_directory folder;
    auto s = unlimited_retention();
    s.retry.attempts = 2;
    s.retention.count = 0;
    node n{folder.path(), s};
    std::set<events::event_seq> seen; // used only on the thread of the writer
    n.bus().subscribe({.name = "probe.second_time", .topics = {"probe.*"}},
                      [&](storage::transaction&, const events::event& e) -> result<> {
                          if (e.topic == "probe.failing" || seen.insert(e.seq).second)
                              return error{errc::conflict, "never " + e.topic};
                          return {};
                      });
    n.start();
    n.publish("probe.failing", "other", {1});
    n.publish("probe.made", "k", range(1, 50));
    n.publish("probe.last", "k", {51});
    n.settle();
    eventually([&] { return n.count_events() == 2; }); // the event of the dead letter, and the last event
    eventually([&] {
        return count(n, "SELECT count(*) FROM events_failure") == count(n, "SELECT count(*) FROM events_failure AS f JOIN"
                                                                           " events_log AS l ON l.seq = f.seq");
    });
    CHECK(run(n.operations().list_failure_groups({}, {}, 10)).value().items.size() == 1);
    n.discard(n.dead_letters().at(0));
    CHECK(run(n.operations().list_failure_groups({}, {}, 10)).value().items.empty());
    eventually([&] { return count(n, "SELECT count(*) FROM events_failure_group") == 0; });
    eventually([&] { return n.metric("atrium_events_failure_groups") == 0; });
}

TEST_CASE("dead letters that an earlier version has stored without a failure group get one after the start") {
    temporary_directory folder;
    {
        node n{folder.path(), unlimited_retention()};
        subscribe_failing_handler(n);
        n.start();
        for (const auto* key : {"a", "b", "c"})
            n.publish("probe.made", key + std::string{"1"}, {1});
        n.settle();
        run_as_journal(n, [](storage::transaction& t) {
            t.execute("DELETE FROM events_failure");
            t.execute("DELETE FROM events_failure_group");
            return t.execute("UPDATE events_delivery SET failure = 0, failure_group = 0");
        });
    }
    node n{folder.path(), unlimited_retention()};
    subscribe_failing_handler(n);
    n.start();
    eventually([&] { return run(n.operations().list_failure_groups({}, {}, 10)).value().items.size() == 3; });
    const auto letter = n.dead_letters().at(0);
    CHECK(letter.failures.empty());
    CHECK(letter.last_error == "cannot take a1");
    CHECK(run(n.operations().discard({}, {})).value().done == 3);
}

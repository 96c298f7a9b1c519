#include "node.hpp"

#include <events/journal_check.hpp>
#include <storage/sqlite/inspection.hpp>
#include <support/catch.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

using namespace atrium;
using namespace atrium::contract;

namespace {

/// A journal in a file, with deliveries that no handler has handled. Four of them have the event key "k", one has the key "m",
/// and a dead letter has the key "n".
struct journal_fixture {
    journal_fixture() {
        node n{folder.path()};
        n.bus().declare({.name = "probe.absent", .topics = {"probe.made"}});
        n.bus().subscribe(
            {.name = "probe.picky", .topics = {"probe.failing"}},
            [](storage::transaction&, const events::event&) -> result<> { return error{errc::conflict, "never"}; });
        n.start();
        n.publish("probe.made", "k", {1, 2, 3, 4});
        n.publish("probe.made", "m", {1});
        n.publish("probe.failing", "n", {1});
        eventually([&] { return n.dead_letters().size() == 1; });
    }

    /// Runs a statement while no server uses the database, as the sqlite3 shell would.
    void run(std::string_view sql) const {
        node n{folder.path()};
        REQUIRE(support::run(n.store().write([&](storage::transaction& t) -> result<> {
            const storage::acting_as as{t, "events"};
            t.execute(sql);
            return {};
        })));
    }

    /// The findings of each violated invariant.
    [[nodiscard]] std::map<std::string, std::vector<std::string>> findings() const {
        const std::vector schemas{events::journal_schema()};
        storage::sqlite::inspection file{folder / "node.db", schemas, logger{}};
        std::map<std::string, std::vector<std::string>> all;
        for (const auto& invariant : events::journal_invariants())
            if (auto found = file.read_column(invariant.query); !found.empty())
                all.emplace(invariant.name, std::move(found));
        return all;
    }

    temporary_directory folder;
};

const events::journal_invariant& find_invariant(std::string_view name) {
    const auto all = events::journal_invariants();
    const auto found = std::ranges::find(all, name, &events::journal_invariant::name);
    REQUIRE(found != all.end());
    return *found;
}

struct damage {
    std::string name; ///< the name of the invariant that it violates
    std::string sql;
    std::string finding;
};

const std::vector<damage> damages{
    {"sleeping key", "UPDATE events_delivery SET state = 'queued' WHERE key = 'm'", "probe.absent, key m, seq 5"},
    {"sleeping key", "UPDATE events_delivery SET state = 'queued' WHERE key = 'k' AND state = 'ready'",
     "probe.absent, key k, seq 1"},
    {"sleeping key", "DELETE FROM events_delivery WHERE key = 'k' AND state = 'ready'", "probe.absent, key k, seq 2"},
    {"overtaking delivery", "UPDATE events_delivery SET state = 'ready' WHERE seq = 3", "probe.absent, key k, seq 3"},
    {"overtaking delivery", "UPDATE events_delivery SET state = 'backoff', due = 1 WHERE seq = 4",
     "probe.absent, key k, seq 4"},
    {"overtaking delivery", "UPDATE events_delivery SET place = 100 WHERE seq = 1", "probe.absent, key k, seq 1"},
    {"shared place", "UPDATE events_delivery SET place = (SELECT place FROM events_delivery WHERE seq = 3) WHERE seq = 4",
     "probe.absent, key k, place 3"},
    {"endless backoff", "UPDATE events_delivery SET state = 'backoff', due = NULL WHERE seq = 5", "probe.absent, key m, seq 5"},
    {"delivery without subscription", "UPDATE events_delivery SET subscription = 77 WHERE seq = 5",
     "subscription 77, 1 deliveries"},
    {"delivery without event", "DELETE FROM events_log WHERE seq = 2", "probe.absent, key k, seq 2"},
    {"dead letter without event", "DELETE FROM events_log WHERE seq = 6", "probe.picky, key n, seq 6"},
    {"failure without event", "UPDATE events_failure SET seq = 77", "probe.picky, seq 77, failures: 3"},
    {"due time without event", "INSERT INTO events_scheduled (due, seq) VALUES (32503680000000, 77)",
     "seq 77, due 3000-01-01T00:00:00Z"},
    {"early delivery", "INSERT INTO events_scheduled (due, seq) VALUES (32503680000000, 3)", "probe.absent, key k, seq 3"},
    {"early delivery", "INSERT INTO events_scheduled (due, seq) VALUES (32503680000000, 6)", "probe.picky, key n, seq 6"},
    {"delivery under another key", "UPDATE events_delivery SET key = 'other' WHERE seq = 5",
     "probe.absent, seq 5, key other, key of the event m"},
};

} // namespace

TEST_CASE("the journal of a stopped process violates no invariant") {
    const journal_fixture journal;
    CHECK(journal.findings().empty());
}

TEST_CASE(
    "each kind of damage violates its invariant, the finding names the damaged row, and a repair, if there is one, works") {
    for (const auto& [name, sql, finding] : damages) {
        INFO(name << ": " << sql);
        const journal_fixture journal;
        journal.run(sql);
        auto found = journal.findings();
        CHECK(found[name] == std::vector<std::string>{finding});
        const auto& invariant = find_invariant(name);
        CHECK(invariant.repair.empty() != invariant.advice.empty());
        CHECK_FALSE(invariant.meaning.empty());
        for (int i = 0; i < 3 && !journal.findings().empty(); ++i) // a repair may uncover another violation
            for (const auto& [violated, rows] : journal.findings())
                if (const auto repair = find_invariant(violated).repair; !repair.empty())
                    journal.run(repair);
        if (!invariant.repair.empty())
            CHECK(journal.findings().empty());
    }
}

TEST_CASE("every invariant is violated by a kind of damage that is tested") {
    for (const auto& invariant : events::journal_invariants())
        CHECK(std::ranges::any_of(damages, [&](const auto& each) { return each.name == invariant.name; }));
}

TEST_CASE("after a damaged journal is repaired, every delivery is handled in the order of publication") {
    for (const auto* sql : {"UPDATE events_delivery SET state = 'queued' WHERE key = 'k' AND state = 'ready'",
                            "UPDATE events_delivery SET state = 'ready' WHERE seq = 3",
                            "UPDATE events_delivery SET state = 'backoff', due = NULL WHERE seq = 1"}) {
        INFO(sql);
        const journal_fixture journal;
        journal.run(sql);
        for (const auto& [violated, rows] : journal.findings())
            journal.run(find_invariant(violated).repair);
        node n{journal.folder.path()};
        n.note_all("probe.absent", {"probe.made"});
        n.start();
        n.settle();
        CHECK(n.numbers("probe.absent", "k") == std::vector<std::int64_t>{1, 2, 3, 4});
    }
}

TEST_CASE(
    "a delivery whose event is missing becomes a dead letter when the server runs, as the advice of the invariant states") {
    const journal_fixture journal;
    journal.run("DELETE FROM events_log WHERE seq = 2");
    {
        node n{journal.folder.path()};
        n.note_all("probe.absent", {"probe.made"});
        n.start();
        n.settle();
        CHECK(n.numbers("probe.absent", "k") == std::vector<std::int64_t>{1, 3, 4});
    }
    auto found = journal.findings();
    CHECK(found.size() == 1);
    CHECK(found["dead letter without event"].size() == 1);
}

TEST_CASE("if a delivery exists before its event is due, its repair causes the event to be handled once, when it is due") {
    const journal_fixture journal;
    wrong_clock time{std::chrono::milliseconds{0}};
    {
        node n{journal.folder.path(), node::quick_settings(), adapter_under_test, time};
        n.bus().declare({.name = "probe.absent", .topics = {"probe.made"}});
        n.start();
        n.schedule(time.now() + std::chrono::hours{1}, "probe.made", "later", {7});
    }
    journal.run("INSERT INTO events_delivery (subscription, seq, place, key, priority, state)"
                " SELECT (SELECT id FROM events_subscription WHERE name = 'probe.absent'), seq, 1000, 'later', 4, 'ready'"
                " FROM events_scheduled");
    auto found = journal.findings();
    REQUIRE(found.size() == 1);
    CHECK(found["early delivery"].size() == 1);
    journal.run(find_invariant("early delivery").repair);
    CHECK(journal.findings().empty());

    node n{journal.folder.path(), node::quick_settings(), adapter_under_test, time};
    n.note_all("probe.absent", {"probe.made"});
    n.start();
    n.settle();
    CHECK(n.numbers("probe.absent", "later").empty());
    time.offset = std::chrono::hours{2};
    eventually([&] { return n.count_scheduled() == 0; });
    n.settle();
    CHECK(n.numbers("probe.absent", "later") == std::vector<std::int64_t>{7});
}

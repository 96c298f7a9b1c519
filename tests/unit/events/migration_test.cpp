#include <events/durable_bus.hpp>
#include <metrics/registry.hpp>
#include <storage/sqlite/database.hpp>
#include <storage/store.hpp>
#include <support/catch.hpp>
#include <support/run.hpp>
#include <support/temporary_directory.hpp>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace atrium::events {
namespace {

/// A database file for the journal. `write` opens it, applies the first `count` migrations and calls `function`.
struct journal_file_fixture {
    void write(std::size_t count, const std::function<void(storage::transaction&)>& function) {
        metrics::registry metrics;
        const std::vector schemas{storage::schema{"events", journal_schema().migrations.first(count)}};
        storage::sqlite::sqlite_database database{{.path = folder / "atrium.db"}, schemas, metrics, logger{}};
        database.migrate();
        database.start([] {});
        REQUIRE(support::run(storage::store{database, "events"}.write([&](storage::transaction& t) -> result<> {
            function(t);
            return {};
        })));
    }

    support::temporary_directory folder;
};

void insert(storage::transaction& t, int seq, const std::string& state) {
    t.execute("INSERT INTO events_delivery (subscription, seq, place, key, priority, state, attempts, due, last_error)"
              " VALUES (1, ?1, ?1, 'k', 5, ?2, 3, 7, 'why')",
              seq, state);
}

} // namespace

TEST_CASE("the migration of the delivery table keeps deliveries of every state, and the table then refuses unknown states") {
    const auto all = journal_schema().migrations;
    const auto migration = std::ranges::find_if(
        all, [](const auto& each) { return std::string_view{each.name}.ends_with("states_of_deliveries"); });
    REQUIRE(migration != all.end());
    const std::vector<std::string> states{"ready", "queued", "backoff", "dead"};
    journal_file_fixture journal;
    journal.write(static_cast<std::size_t>(migration - all.begin()), [&](auto& t) {
        for (std::size_t i = 0; i < states.size(); ++i)
            insert(t, static_cast<int>(i), states[i]);
    });

    journal.write(all.size(), [&](auto& t) {
        std::vector<std::string> kept;
        for (auto rows = t.query("SELECT state FROM events_delivery WHERE subscription = 1 AND place = seq AND key = 'k'"
                                 " AND priority = 5 AND attempts = 3 AND due = 7 AND last_error = 'why' ORDER BY seq");
             rows.next();)
            kept.emplace_back(rows.text(0));
        CHECK(kept == states);
        for (int i = 0; const auto& state : states)
            insert(t, 10 + i++, state);
        CHECK_THROWS_AS(insert(t, 20, "lost"), storage::failure);
    });
}

} // namespace atrium::events

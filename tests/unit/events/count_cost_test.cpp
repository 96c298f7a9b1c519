// A dry run counts the dead letters or events that an operation would change. These tests measure how many SQL statements a
// dry run needs, and how many steps of SQLite's virtual machine. These numbers are the same in each run and on every machine.
#include "node.hpp"

#include <module_support/statement_log.hpp>
#include <support/catch.hpp>

using namespace atrium;
using namespace atrium::contract;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t letter_count = 5'000; ///< more dead letters than one step of `dead_letter_search` examines
constexpr std::string_view subscription = "probe.picky";

/// A node whose journal has one dead letter for each event.
struct failing_fixture {
    failing_fixture() {
        bus_node.bus().subscribe({.name = std::string{subscription}, .topics = {"probe.*"}},
                                 [](storage::transaction&, const events::event& e) -> result<> {
                                     return error{errc::conflict, "cannot take " + e.key};
                                 });
        bus_node.start();
        bus_node.publish("probe.made", "k", range(1, letter_count));
        bus_node.settle();
        eventually([&] { return count({}) == letter_count; });
    }

    static events::settings settings_with_one_attempt() {
        auto s = node::quick_settings();
        s.retry.attempts = 1;
        s.retention = {.age = 1000h, .count = 1'000'000, .every = 1h};
        return s;
    }

    std::int64_t count(events::dead_letter_filter filter) {
        log.clear();
        return run(bus_node.operations().count_dead_letters(std::move(filter))).value();
    }

    support::statement_log log; // declared before the node, whose statements it records
    temporary_directory folder;
    node bus_node{folder.path(), settings_with_one_attempt()};
};

} // namespace

TEST_CASE("all dead letters, and those of a subscription or a failure group, are counted without reading their errors") {
    failing_fixture f;
    const auto group = run(f.bus_node.operations().list_failure_groups({}, {}, 1)).value().items.at(0).id;
    for (const events::dead_letter_filter& filter :
         {events::dead_letter_filter{}, events::dead_letter_filter{.subscription = std::string{subscription}},
          events::dead_letter_filter{.group = group}}) {
        CHECK(f.count(filter) == letter_count);
        CHECK(f.log.mentioning({"last_error"}).empty());
        CHECK(f.log.steps() < 10 * letter_count);
    }
    CHECK(f.count({.subscription = "absent.subscription"}) == 0);
    CHECK(f.count({.subscription = std::string{subscription}, .group = events::failure_group_id{group.value + 1}}) == 0);
}

TEST_CASE("a dry run reads thousands of dead letters or events in fewer than 30 statements") {
    failing_fixture f;
    for (const events::dead_letter_filter& filter :
         {events::dead_letter_filter{.error = "cannot take"}, events::dead_letter_filter{.topic = "probe.#"}}) {
        CHECK(f.count(filter) == letter_count);
        CHECK(f.log.mentioning({"SELECT"}).size() < 30);
    }
    f.log.clear();
    CHECK(run(f.bus_node.operations().count_replay({.subscription = std::string{subscription}})).value() == letter_count);
    CHECK(f.log.mentioning({"SELECT"}).size() < 30);
}

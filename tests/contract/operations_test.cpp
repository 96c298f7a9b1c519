#include "operator.hpp"

#include <support/catch.hpp>
#include <support/eventually.hpp>

#include <algorithm>
#include <atomic>
#include <future>
#include <map>

using namespace atrium;
using namespace atrium::contract;

// Tests that the actions of operators keep the promises in docs/events.md, even under load and across a restart.

namespace {

std::vector<std::int64_t> sorted(std::vector<std::int64_t> numbers) {
    std::ranges::sort(numbers);
    return numbers;
}

} // namespace

TEST_CASE("dead letters of one cause are retried as a group under load, and no event is lost or repeated", "[contract]") {
    temporary_directory folder;
    node n{folder.path()};
    std::atomic<bool> is_broken = true;
    note_unless(n, "probe.picky", [&](std::int64_t number) { return is_broken && number % 3 == 0; });
    n.note_all("probe.reliable", {"probe.*"});
    n.start();

    std::atomic<bool> is_loaded = true;
    std::int64_t number = 0;
    auto load = std::async(std::launch::async, [&] {
        for (; is_loaded; number += 10)
            n.publish("probe.created", "key/" + std::to_string(number / 10 % 7), range(number, number + 9));
    });
    eventually([&] { return count_dead(n) > 300; });
    const auto groups = run(n.operations().list_failure_groups({}, {}, 10)).value().items;
    REQUIRE(groups.size() == 1);
    CHECK(groups[0].subscription == "probe.picky");
    CHECK(groups[0].topic == "probe.created");
    CHECK(groups[0].error == "number ? brings bad luck");
    CHECK(groups[0].letters.count > 300);
    is_broken = false;

    events::dead_letter_filter of_group;
    of_group.group = groups[0].id;
    std::int64_t retried = 0;
    eventually([&] {
        const auto operation = run(n.operations().retry(of_group, {.reason = "repaired", .request_id = "request-1"})).value();
        eventually([&] { return run(n.operations().find_operation(operation.id)).value().state == events::bulk_state::done; });
        retried += run(n.operations().find_operation(operation.id)).value().done;
        return n.dead_letters().empty();
    });
    is_loaded = false;
    load.get();
    n.settle();

    CHECK(retried > 300);
    CHECK((sorted(n.numbers("probe.picky")) == range(0, number - 1)));
    CHECK(n.numbers("probe.reliable").size() == static_cast<std::size_t>(number));
    std::map<std::string, std::int64_t> last; // the last number that has not failed, by key
    for (const auto& note : n.notes("probe.picky"))
        if (note.number % 3 != 0) {
            CHECK(last[note.key] <= note.number);
            last[note.key] = note.number;
        }
    const auto reports = list_published(n, "operations.retried");
    REQUIRE_FALSE(reports.empty());
    CHECK_THAT(reports[0].data,
               Catch::Matchers::ContainsSubstring(R"("who":"anonymous","reason":"repaired","request_id":"request-1")"));
    CHECK_THAT(reports[0].data, Catch::Matchers::ContainsSubstring(R"("filter":{"group":)"));
    CHECK(reports[0].key.starts_with("operation/"));
}

namespace {

/// Publishes `count` events, each with a key of its own, and waits until all of them are dead letters.
void make_dead_letters(node& n, std::int64_t count) {
    for (std::int64_t i = 0; i < count; i += 500) {
        const auto done = run(n.store().write([&](storage::transaction& t) -> result<> {
            for (auto number = i; number < std::min(i + 500, count); ++number)
                n.bus().publish(t, {.topic = "probe.created", .key = std::to_string(number), .data = node::data(number)});
            return {};
        }));
        REQUIRE(done);
    }
    eventually([&] { return count_dead(n) == count; });
}

/// Starts a retry of all dead letters on a thread of its own, and waits until it has begun.
std::future<void> begin_retry(node& n) {
    auto running = std::async(std::launch::async, [&] {
        try {
            (void)run(n.operations().retry({}, {}));
        } catch (const std::exception&) { // the database was closed
        }
    });
    eventually([&] {
        const auto all = run(n.operations().list_operations({}, 1)).value().items;
        return !all.empty() && all[0].done > 0;
    });
    return running;
}

} // namespace

TEST_CASE("a retry of many dead letters continues after a restart, and handles each exactly once", "[contract]") {
    constexpr std::int64_t many = 4000;
    temporary_directory folder;
    {
        node n{folder.path(), strict_settings()};
        note_unless(n, "probe.picky", [](std::int64_t) { return true; });
        n.start();
        make_dead_letters(n, many);
    }
    {
        node n{folder.path(), strict_settings()};
        note_unless(n, "probe.picky", [](std::int64_t) { return false; });
        n.start();
        const auto running = begin_retry(n);
        n.stop();
    }
    node n{folder.path(), strict_settings()};
    note_unless(n, "probe.picky", [](std::int64_t) { return false; });
    n.start();
    const auto operation = run(n.operations().list_operations({}, 1)).value().items.at(0);
    eventually([&] { return run(n.operations().find_operation(operation.id)).value().state == events::bulk_state::done; });
    n.settle();
    const auto ended = run(n.operations().find_operation(operation.id)).value();
    CHECK(ended.matched == many);
    CHECK(ended.done == many);
    CHECK(ended.skipped == 0);
    CHECK((sorted(n.numbers("probe.picky")) == range(0, many - 1)));
    CHECK(list_published(n, "operations.retried").size() == 1);
}

TEST_CASE("a cancelled retry leaves the deliveries that it has not retried as dead letters", "[contract]") {
    constexpr std::int64_t many = 4000;
    temporary_directory folder;
    node n{folder.path(), strict_settings()};
    std::atomic<bool> is_broken = true;
    note_unless(n, "probe.picky", [&](std::int64_t) { return is_broken.load(); });
    n.start();
    make_dead_letters(n, many);
    is_broken = false;
    auto running = begin_retry(n);
    const auto operation = run(n.operations().list_operations({}, 1)).value().items.at(0);
    const auto cancelled = run(n.operations().cancel_operation(operation.id)).value();
    running.get();
    n.settle();

    CHECK(cancelled.state == events::bulk_state::cancelled);
    CHECK(cancelled.ended.has_value());
    CHECK(cancelled.done < many);
    CHECK(run(n.operations().find_operation(operation.id)).value().done == cancelled.done);
    CHECK(count_dead(n) == many - cancelled.done);
    CHECK(static_cast<std::int64_t>(n.numbers("probe.picky").size()) == cancelled.done);
    CHECK(run(n.operations().cancel_operation({99})).error().code == errc::not_found);
}

TEST_CASE("a retry does not include deliveries that become dead letters after it has begun", "[contract]") {
    temporary_directory folder;
    node n{folder.path(), strict_settings()};
    std::atomic<std::int64_t> runs = 0;
    note_unless(n, "probe.picky", [&](std::int64_t) { return ++runs > 0; });
    n.start();
    make_dead_letters(n, 500);
    const auto operation = run(n.operations().retry({}, {})).value();
    eventually([&] { return run(n.operations().find_operation(operation.id)).value().state == events::bulk_state::done; });
    eventually([&] { return count_dead(n) == 500; });
    CHECK(runs == 1000);
}

TEST_CASE("counting what an operation would affect is exact and changes nothing", "[contract]") {
    temporary_directory folder;
    node n{folder.path(), strict_settings()};
    note_unless(n, "probe.picky", [](std::int64_t number) { return number % 2 == 0; });
    n.start();
    n.publish("probe.created", "a", range(1, 10));
    n.publish("probe.odd", "b", range(11, 20));
    n.settle();
    events::dead_letter_filter filter;
    filter.topic = "*.odd";
    CHECK(run(n.operations().count_dead_letters(filter)).value() == 5);
    filter.key = "a";
    CHECK(run(n.operations().count_dead_letters(filter)).value() == 0);
    filter = {};
    filter.error = "number 18 brings";
    CHECK(run(n.operations().count_dead_letters(filter)).value() == 1);
    filter.error = "number ? brings"; // a part of the failure group's error
    CHECK(run(n.operations().count_dead_letters(filter)).value() == 10);
    filter.until = n.dead_letters()[0].died;
    CHECK(run(n.operations().count_dead_letters(filter)).value() == 0);
    filter.until.reset();
    filter.since = n.dead_letters()[0].died;
    CHECK(run(n.operations().count_dead_letters(filter)).value() == 10);
    CHECK(run(n.operations().count_replay({.subscription = "probe.picky"})).value() == 20);
    CHECK(count_dead(n) == 10);
    CHECK(n.count_events() == 20);
}

TEST_CASE("a discarded dead letter is in the archive with its failures and the reason for the discard", "[contract]") {
    temporary_directory folder;
    node n{folder.path()};
    note_unless(n, "probe.picky", [](std::int64_t number) { return number == 2; });
    n.start();
    n.publish("probe.created", "k", {1, 2, 3});
    n.settle();
    const auto letter = n.dead_letters().at(0);
    const auto done = run(n.operations().discard(node::filter_for(letter.id), {.reason = "a test order"})).value();
    CHECK(done.state == events::bulk_state::done);
    CHECK(done.matched == 1);
    CHECK(done.done == 1);
    CHECK(n.dead_letters().empty());
    const auto archived = run(n.operations().list_archive({}, 10)).value().items;
    REQUIRE(archived.size() == 1);
    CHECK(archived[0].letter.id == letter.id);
    CHECK(archived[0].letter.subscription == "probe.picky");
    CHECK(archived[0].letter.event.data == node::data(2));
    CHECK(archived[0].letter.failures.size() == 3);
    CHECK(archived[0].resolution == events::resolution::discarded);
    CHECK(archived[0].principal == "anonymous");
    CHECK(archived[0].reason == "a test order");
    const auto journey = run(n.operations().find_event(letter.event.seq)).value();
    CHECK(find_delivery(journey, "probe.picky").state == events::delivery_state::discarded);
    CHECK(find_delivery(journey, "probe.picky").archive == archived[0].id);
    CHECK_THAT(list_published(n, "operations.discarded").at(0).data,
               Catch::Matchers::ContainsSubstring("\"reason\":\"a test order\""));
}

TEST_CASE("an edited dead letter becomes an event for its subscription only, handled after the waiting events of its key",
          "[contract]") {
    temporary_directory folder;
    node n{folder.path(), strict_settings()};
    std::atomic<bool> is_broken = true;
    note_unless(n, "probe.picky", [&](std::int64_t number) { return is_broken && number == 1; });
    n.note_all("probe.reliable", {"probe.*"});
    n.start();
    n.publish("probe.created", "k", {1});
    n.settle();
    const auto letter = n.dead_letters().at(0);
    REQUIRE(run(n.operations().pause("probe.picky", {})));
    n.publish("probe.created", "k", {2});
    eventually([&] { return n.count_waiting("probe.picky") == 1; });

    CHECK(run(n.operations().edit_dead_letter(letter.id, "[1]", {})).error().code == errc::invalid);
    CHECK(run(n.operations().edit_dead_letter("1-99", "{}", {})).error().code == errc::not_found);
    const auto seq =
        run(n.operations().edit_dead_letter(letter.id, node::data(7), {.reason = "typo", .request_id = "request-7"})).value();
    REQUIRE(run(n.operations().resume("probe.picky", {})));
    n.settle();

    CHECK(n.numbers("probe.picky") == std::vector<std::int64_t>{2, 7});
    CHECK(n.numbers("probe.reliable") == range(1, 2));
    CHECK(n.dead_letters().empty());
    const auto corrected = run(n.operations().find_event(seq)).value();
    CHECK(corrected.event.topic == "probe.created");
    CHECK(corrected.event.key == "k");
    CHECK(corrected.edited_from == letter.id);
    CHECK(corrected.request_id == "request-7");
    CHECK(find_delivery(corrected, "probe.picky").state == events::delivery_state::handled);
    CHECK(std::ranges::none_of(corrected.deliveries, [](const auto& each) { return each.subscription == "probe.reliable"; }));
    const auto archived = run(n.operations().list_archive({}, 10)).value().items.at(0);
    CHECK(archived.resolution == events::resolution::edited);
    CHECK(archived.replacement == seq);
    CHECK(list_published(n, "operations.edited").size() == 1);
    CHECK(run(n.operations().edit_dead_letter(letter.id, "{}", {})).error().code == errc::not_found);

    is_broken = false; // the original could be handled now, but a replay delivers only the corrected event
    const auto replayed = run(n.operations().replay({.subscription = "probe.picky"}, "r", {})).value();
    n.settle();
    CHECK(replayed.matched == 3);
    CHECK(replayed.done == 2);
    CHECK(n.numbers("probe.picky/r") == std::vector<std::int64_t>{2, 7});
}

TEST_CASE("a paused subscription gets nothing until it is resumed, even after a restart", "[contract]") {
    const bool is_asynchronous = GENERATE(false, true);
    temporary_directory folder;
    const auto attach = [&](node& n) {
        if (is_asynchronous)
            n.bus().subscribe({.name = "probe.all", .topics = {"probe.*"}}, [](events::delivery d) -> awaitable<result<>> {
                co_return co_await d.complete([&](storage::transaction& t) -> result<> {
                    node::write_note(t, "probe.all", d.event());
                    return {};
                });
            });
        else
            n.note_all("probe.all", {"probe.*"});
        n.note_all("probe.other", {"probe.*"});
    };
    {
        node n{folder.path()};
        attach(n);
        n.start();
        n.publish("probe.created", "k", range(1, 5));
        n.settle();
        REQUIRE(run(n.operations().pause("probe.all", {.reason = "maintenance"})));
        REQUIRE(run(n.operations().pause("probe.all", {})));
        n.publish("probe.created", "k", range(6, 10));
        eventually([&] { return n.numbers("probe.other") == range(1, 10) && n.count_waiting("probe.all") == 5; });
        CHECK(state_of(n, "probe.all").paused);
        CHECK(list_published(n, "operations.paused").size() == 1);
        CHECK(run(n.operations().pause("probe.unknown", {})).error().code == errc::not_found);
    }
    node n{folder.path()};
    attach(n);
    n.start();
    n.publish("probe.created", "k", range(11, 15));
    eventually([&] { return n.numbers("probe.other") == range(1, 15) && n.count_waiting("probe.all") == 10; });
    CHECK(n.numbers("probe.all") == range(1, 5));
    REQUIRE(run(n.operations().resume("probe.all", {})));
    n.settle();
    CHECK(n.numbers("probe.all") == range(1, 15));
    CHECK_FALSE(state_of(n, "probe.all").paused);
}

TEST_CASE("a replay delivers old events once for each replay id, even across a restart", "[contract]") {
    constexpr std::int64_t many = 3000;
    temporary_directory folder;
    const auto never = [](std::int64_t) { return false; };
    {
        node n{folder.path()};
        note_unless(n, "probe.all", never);
        n.note_all("probe.other", {"probe.*"});
        n.start();
        for (std::int64_t i = 0; i < many; i += 500)
            n.publish("probe.created", std::to_string(i / 500), range(i, i + 499));
        n.settle();
        auto running = std::async(std::launch::async, [&] {
            try {
                (void)run(n.operations().replay({.subscription = "probe.all"}, "again", {}));
            } catch (const std::exception&) { // the database was closed
            }
        });
        eventually([&] {
            const auto all = run(n.operations().list_operations({}, 1)).value().items;
            return !all.empty() && all[0].done > 0;
        });
        n.stop();
    }
    node n{folder.path()};
    note_unless(n, "probe.all", never);
    n.note_all("probe.other", {"probe.*"});
    n.start();
    const auto repeated = run(n.operations().replay({.subscription = "probe.all"}, "again", {})).value();
    eventually([&] { return run(n.operations().find_operation(repeated.id)).value().state == events::bulk_state::done; });
    n.settle();
    CHECK(run(n.operations().find_operation(repeated.id)).value().done == many);
    CHECK(
        (sorted(n.numbers("probe.all")) == range(0, many - 1))); // in parentheses, so that a failure does not print all numbers
    CHECK((sorted(n.numbers("probe.all/again")) == range(0, many - 1)));
    CHECK(n.numbers("probe.other").size() == static_cast<std::size_t>(many));

    const auto other = run(n.operations().replay({.subscription = "probe.other"}, "again", {}));
    CHECK(other.error().code == errc::conflict);
    CHECK(run(n.operations().replay({.subscription = "probe.unknown"}, {}, {})).error().code == errc::not_found);
    CHECK(run(n.operations().list_operations({}, 10)).value().items.size() == 1);
}

TEST_CASE("a replay of a range changes neither pending deliveries nor dead letters", "[contract]") {
    temporary_directory folder;
    node n{folder.path(), strict_settings()};
    note_unless(n, "probe.picky", [](std::int64_t number) { return number == 2; });
    n.start();
    n.publish("probe.created", "a", range(1, 5));
    n.publish("probe.odd", "a", {6});
    n.settle();
    const auto all = list_published(n, "probe.#");
    REQUIRE(all.size() == 6);
    REQUIRE(run(n.operations().pause("probe.picky", {})));
    n.publish("probe.created", "a", {7});
    eventually([&] { return n.count_waiting("probe.picky") == 1; });
    events::event_range range_of_created{.subscription = "probe.picky", .first = all[1].seq, .topic = "probe.created"};
    const auto done = run(n.operations().replay(range_of_created, {}, {})).value();
    CHECK(done.matched == 5); // numbers 2 to 5 and 7
    CHECK(done.done == 3);
    CHECK(done.skipped == 2);
    CHECK_FALSE(done.replay.empty());
    const auto journey = run(n.operations().find_event(all[2].seq)).value();
    CHECK(find_delivery(journey, "probe.picky").replay == done.replay);
    REQUIRE(run(n.operations().resume("probe.picky", {})));
    n.settle();
    CHECK(n.numbers("probe.picky") == std::vector<std::int64_t>{1, 3, 4, 5, 6, 7});
    CHECK(n.numbers("probe.picky/" + done.replay) == range(3, 5));
    CHECK(count_dead(n) == 1);
}

TEST_CASE("an event that an operator publishes must be valid", "[contract]") {
    temporary_directory folder;
    node n{folder.path()};
    n.start();
    const auto refused = run(n.operations().publish({.topic = "Made", .key = "", .data = "[]", .priority = 10}, {}));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::invalid);
    CHECK(refused.error().faults.size() == 4);
    CHECK(n.count_events() == 0);
}

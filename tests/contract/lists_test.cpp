#include "operator.hpp"

#include <support/catch.hpp>
#include <support/eventually.hpp>

#include <algorithm>
#include <atomic>
#include <set>

using namespace atrium;
using namespace atrium::contract;

// Tests that operators see every event, delivery and dead letter, in order and in pages.

TEST_CASE("a dead letter has the error and the time of each of its last 20 attempts", "[contract]") {
    temporary_directory folder;
    auto many = node::quick_settings();
    many.retry.attempts = 25;
    many.retry.max_delay = many.retry.first_delay;
    node n{folder.path(), many};
    std::atomic<int> runs = 0;
    n.bus().subscribe({.name = "probe.picky", .topics = {"probe.*"}},
                      [&](storage::transaction&, const events::event&) -> result<> {
                          return error{errc::conflict, "run " + std::to_string(++runs)};
                      });
    n.start();
    n.publish("probe.created", "k", {1});
    n.settle();
    const auto letter = n.dead_letters().at(0);
    REQUIRE(letter.failures.size() == 20);
    CHECK(letter.failures.front().error == "run 6");
    CHECK(letter.failures.front().attempt == 6);
    CHECK(letter.failures.back().error == "run 25");
    CHECK(letter.failures.back().at == letter.died);
    CHECK(letter.last_error == "run 25");
    CHECK(run(n.operations().find_dead_letter(letter.id)).value().failures.size() == 20);
    CHECK(run(n.operations().find_dead_letter("1-99")).error().code == errc::not_found);
    CHECK(state_of(n, "probe.picky").last_error == "run 25");
}

TEST_CASE("dead letters are listed in pages, in the order of seq", "[contract]") {
    temporary_directory folder;
    node n{folder.path(), strict_settings()};
    note_unless(n, "probe.first", [](std::int64_t) { return true; });
    note_unless(n, "probe.second", [](std::int64_t) { return true; });
    n.start();
    n.publish("probe.created", "k", range(1, 25));
    n.settle();
    std::set<std::string> seen;
    std::optional<std::string> after;
    std::int64_t last = 0;
    do {
        const auto page = run(n.operations().list_dead_letters({}, after, 7)).value();
        for (const auto& letter : page.items) {
            CHECK(seen.insert(letter.id).second);
            CHECK(letter.event.seq.value >= last);
            last = letter.event.seq.value;
        }
        after = page.next;
    } while (after);
    CHECK(seen.size() == 50);
    const auto full = run(n.operations().list_dead_letters({}, {}, 50)).value();
    CHECK(full.items.size() == 50);
    CHECK_FALSE(full.next);
    CHECK(run(n.operations().list_dead_letters({}, "seven", 7)).error().code == errc::malformed);
    events::dead_letter_filter many;
    many.ids.resize(1001);
    CHECK(run(n.operations().list_dead_letters(many, {}, 7)).error().code == errc::invalid);
}

TEST_CASE("the journey of an event shows what each subscription has done with it", "[contract]") {
    temporary_directory folder;
    auto patient = node::quick_settings();
    patient.retry = {.attempts = 2, .first_delay = std::chrono::hours{1}, .max_delay = std::chrono::hours{1}};
    node n{folder.path(), patient};
    note_unless(n, "probe.picky", [](std::int64_t number) { return number == 1; });
    n.note_all("probe.reliable", {"probe.*"});
    n.note_all("probe.stranger", {"elsewhere.#"});
    n.start();
    const auto seq = run(n.operations().publish({.topic = "probe.created", .key = "k", .data = node::data(1)},
                                                {.reason = "by hand", .request_id = "request-1"}))
                         .value();
    n.publish("probe.created", "k", {2, 3});
    eventually([&] { return n.numbers("probe.reliable") == range(1, 3) && state_of(n, "probe.picky").backoff.count == 1; });
    eventually([&] { return n.count_waiting("probe.picky") == 3; });

    const auto first = run(n.operations().find_event(seq)).value();
    CHECK(first.request_id == "request-1");
    CHECK(first.event.data == node::data(1));
    const auto& failed = find_delivery(first, "probe.picky");
    CHECK(failed.state == events::delivery_state::backoff);
    CHECK(failed.attempts == 1);
    CHECK(failed.due.has_value());
    REQUIRE(failed.failures.size() == 1);
    CHECK(failed.failures[0].error == "number 1 brings bad luck");
    CHECK(find_delivery(first, "probe.reliable").state == events::delivery_state::handled);
    CHECK(std::ranges::none_of(first.deliveries, [](const auto& each) { return each.subscription == "probe.stranger"; }));

    const auto third = run(n.operations().find_event(list_published(n, "probe.created").at(2).seq)).value();
    CHECK(find_delivery(third, "probe.picky").state == events::delivery_state::queued);
    CHECK(find_delivery(third, "probe.picky").position.count == 2);
    CHECK(run(n.operations().find_event({1'000'000})).error().code == errc::not_found);
    CHECK(list_published(n, "operations.published").size() == 1);

    const auto picky = state_of(n, "probe.picky");
    CHECK(picky.pending.count == 3);
    CHECK(picky.ready.count == 0);
    CHECK(picky.last_error == "number 1 brings bad luck");
    CHECK(picky.claimed);
    CHECK(picky.active);
    CHECK(picky.topics == std::vector<std::string>{"probe.*"});
    const auto all = run(n.operations().list_subscriptions()).value();
    CHECK(std::ranges::is_sorted(all, {}, &events::subscription_state::name));
    CHECK(std::ranges::count(all, std::string{"probe.stranger"}, &events::subscription_state::name) == 1);
}

TEST_CASE("the events of a trace are found among thousands of others", "[contract]") {
    temporary_directory folder;
    node n{folder.path()};
    n.start();
    n.publish("probe.created", "a", range(1, 3000));
    n.publish("probe.created", "b", {3001});
    const auto newest = run(n.operations().list_events({}, events::event_order::newest_first, {}, 1)).value().items.at(0);
    const events::event_filter of_its_trace{.trace = newest.traceparent.substr(3, 32)};
    const auto page = run(n.operations().list_events(of_its_trace, events::event_order::newest_first, {}, 10)).value();
    REQUIRE(page.items.size() == 1);
    CHECK(page.items.front().data == node::data(3001));
    const events::event_filter of_another_trace{.trace = std::string(32, 'a')};
    CHECK(run(n.operations().list_events(of_another_trace, events::event_order::newest_first, {}, 10)).value().items.empty());
}

TEST_CASE("events are listed by topic, key and time, with the oldest or the newest first", "[contract]") {
    temporary_directory folder;
    node n{folder.path()};
    n.start();
    n.publish("probe.created", "a", range(1, 30));
    n.publish("probe.odd", "b", range(31, 60));
    const auto list = [&](const events::event_filter& filter, events::event_order order) {
        std::vector<std::string> found;
        std::optional<events::event_seq> after;
        do {
            const auto page = run(n.operations().list_events(filter, order, after, 7)).value();
            for (const auto& e : page.items)
                found.push_back(e.data);
            after = page.next;
        } while (after);
        return found;
    };
    const auto numbers = [](std::int64_t first, std::int64_t last) {
        std::vector<std::string> data;
        for (auto number = first; first <= last ? number <= last : number >= last; number += first <= last ? 1 : -1)
            data.push_back(node::data(number));
        return data;
    };
    using enum events::event_order;
    events::event_filter filter;
    CHECK(list(filter, oldest_first) == numbers(1, 60));
    CHECK(list(filter, newest_first) == numbers(60, 1));
    filter.topic = "*.odd";
    CHECK(list(filter, oldest_first) == numbers(31, 60));
    filter.key = "a";
    CHECK(list(filter, oldest_first).empty());
    filter.topic.reset();
    CHECK(list(filter, newest_first) == numbers(30, 1));
    filter.since = list_published(n, "#").at(0).time;
    CHECK(list(filter, newest_first) == numbers(30, 1));
    filter.until = filter.since;
    CHECK(list(filter, newest_first).empty());
    filter = {.since = list_published(n, "#").at(0).time};
    CHECK(list(filter, oldest_first) == numbers(1, 60));
    filter.since = *filter.since + std::chrono::hours{1000};
    CHECK(list(filter, oldest_first).empty());
    CHECK(list(filter, newest_first).empty());
}

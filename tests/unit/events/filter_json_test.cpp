#include "core/filter_json.hpp"

#include <support/catch.hpp>

using namespace atrium;
using namespace atrium::events;

TEST_CASE("a filter of dead letters that is written as JSON and read again is the same") {
    const timestamp noon = parse_rfc3339("2026-11-29T12:00:00.123Z").value();
    const dead_letter_filter all{.ids = {"1-2", "3-4"},
                                 .subscription = "probe.all",
                                 .topic = "probe.#",
                                 .key = "a\"b",
                                 .error = "no \n",
                                 .since = noon,
                                 .until = noon + std::chrono::hours{1},
                                 .group = failure_group_id{7}};
    const auto text = to_json(all);
    CHECK(to_json(dead_letter_filter_of(text)) == text);
    const auto copy = dead_letter_filter_of(text);
    CHECK(copy.ids == all.ids);
    CHECK(copy.subscription == all.subscription);
    CHECK(copy.topic == all.topic);
    CHECK(copy.key == all.key);
    CHECK(copy.error == all.error);
    CHECK(copy.since == all.since);
    CHECK(copy.until == all.until);
    CHECK(copy.group == all.group);
    CHECK(to_json(dead_letter_filter{}) == "{}");
    CHECK(dead_letter_filter_of("{}").is_empty());
}

TEST_CASE("a range of events that is written as JSON and read again is the same") {
    const event_range range{.subscription = "probe.all", .first = event_seq{3}, .last = event_seq{9}, .topic = "a.*"};
    const auto text = to_json(range);
    CHECK(text == R"({"subscription":"probe.all","from":3,"to":9,"topic":"a.*"})");
    const auto copy = event_range_of(text);
    CHECK(copy.first == range.first);
    CHECK(copy.last == range.last);
    CHECK_FALSE(copy.since);
    CHECK(to_json(copy) == text);
}

#include "lamp.hpp"

#include <event_requests/requests.hpp>
#include <support/catch.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace atrium;
using namespace atrium::event_requests;
using namespace atrium::event_requests::test;

namespace {

input::reader body(std::string_view json) {
    return {input::source::json, input::read_json(json).value()};
}

constexpr std::string_view all_is_missing =
    "/all: must be true if none of these is set: ids, subscription, topic, key, error, since, until, group\n";

} // namespace

TEST_CASE("a request for a retry is read with all members of its dead letter filter") {
    auto reader = body(R"({"ids":["1-7"],"subscription":"a.b","topic":"a.*","key":"k/1","error":"e","group":3,
                           "since":"2026-11-22T12:00:00Z","until":"2026-11-23T12:00:00Z","dry_run":true,"reason":"r"})");
    const auto request = read_retry(reader);
    REQUIRE(request);
    CHECK(request->filter.ids == std::vector<std::string>{"1-7"});
    CHECK(request->filter.subscription == "a.b");
    CHECK(request->filter.topic == "a.*");
    CHECK(request->filter.key == "k/1");
    CHECK(request->filter.error == "e");
    CHECK(request->filter.group == events::failure_group_id{3});
    CHECK(request->filter.since < request->filter.until);
    CHECK(request->is_dry_run);
    CHECK(request->reason == "r");
}

TEST_CASE("a bulk action without any condition is refused unless the client sets the member all") {
    for (const auto* text : {"{}", R"({"all":false})", R"({"dry_run":true})"}) {
        auto reader = body(text);
        CHECK(errors_of(read_retry(reader)) == all_is_missing);
    }
    auto all = body(R"({"all":true})");
    CHECK(read_retry(all));
}

TEST_CASE("blank fields of a form do not count as conditions of a bulk action") {
    input::reader form{input::source::form,
                       {{.name = "topic", .value = std::string{}}, {.name = "ids", .value = std::string{}}}};
    CHECK(errors_of(read_retry(form)) == all_is_missing);
}

TEST_CASE("an empty list of ids is refused, so that it does not select all dead letters") {
    auto reader = body(R"({"ids":[]})");
    CHECK(errors_of(read_retry(reader)) == "/ids: must not be empty\n");
}

TEST_CASE("a bulk action with a misspelled condition is refused, even if it has another condition") {
    auto reader = body(R"({"subscripton":"a.b","topic":"a.b"})");
    CHECK(errors_of(read_retry(reader)) == "/subscripton: is not a known field\n");
}

TEST_CASE("a discard needs a reason that is not empty, unless it is a dry run") {
    auto without_reason = body(R"({"topic":"a.b"})");
    CHECK(errors_of(read_discard(without_reason)) == "/reason: is required\n");
    auto empty_reason = body(R"({"topic":"a.b","reason":""})");
    CHECK(errors_of(read_discard(empty_reason)) == "/reason: must not be empty\n");
    auto dry_run = body(R"({"topic":"a.b","dry_run":true})");
    CHECK(read_discard(dry_run));
}

TEST_CASE("each limit of a range is the seq of an event or a time") {
    auto reader = body(R"({"from":7,"to":"2026-11-22T12:00:00Z"})");
    const auto request = read_replay(reader, "a.b");
    REQUIRE(request);
    CHECK(request->range.subscription == "a.b");
    CHECK(request->range.first == events::event_seq{7});
    CHECK_FALSE(request->range.since);
    CHECK_FALSE(request->range.last);
    CHECK(request->range.until == parse_rfc3339("2026-11-22T12:00:00Z"));

    auto other_limits = body(R"({"from":"2026-11-22T12:00:00Z","to":"9","replay":"r-1"})");
    const auto other = read_replay(other_limits, "a.b");
    REQUIRE(other);
    CHECK(other->range.since);
    CHECK(other->range.last == events::event_seq{9});
    CHECK(other->replay == "r-1");
}

TEST_CASE("a range with an invalid limit, or without any limit, is refused") {
    for (const auto* text : {R"({"from":"noon"})", R"({"from":-1})", R"({"from":0})", R"({"from":1.5})"}) {
        auto reader = body(text);
        CHECK(errors_of(read_replay(reader, "a.b")) ==
              "/from: must be the seq of an event, or a date and time such as 2026-11-22T12:00:00Z\n");
    }
    auto no_limit = body("{}");
    CHECK(errors_of(read_replay(no_limit, "a.b")) == "/all: must be true if none of these is set: from, to, topic\n");
    auto null_limit = body(R"({"from":null})");
    CHECK(errors_of(read_replay(null_limit, "a.b")) == "/from: must not be null\n");
}

TEST_CASE("a resend needs a subscription") {
    auto reader = body(R"({"all":true})");
    CHECK(errors_of(read_resend(reader)) == "/subscription: is required\n");
}

TEST_CASE("a publication without a key gets the key of the entity in its data") {
    auto reader = body(R"({"topic":"lamps.lamp_lit","data":)" + std::string{lit_data} + R"(,"priority":9})");
    const auto read = read_publication(reader, lamp_schemas());
    REQUIRE(read);
    CHECK(read->event.key == "lamp/7");
    CHECK(read->event.priority == 9);
    CHECK(read->event.data == lit_data);
}

TEST_CASE("a publication is refused if its topic is unknown, its priority is out of range, or its data is not an object") {
    auto reader = body(R"({"topic":"lamps.lamp_sold","priority":10})");
    CHECK(errors_of(read_publication(reader, lamp_schemas())) ==
          "/topic: must be a topic that a module publishes; no module publishes lamps.lamp_sold\n"
          "/priority: must be between 0 and 9\n"
          "/data: is required\n");
    auto wrong_data = body(R"({"topic":"lamps.lamp_lit","data":[]})");
    CHECK(errors_of(read_publication(wrong_data, lamp_schemas())) == "/data: must be a JSON object\n");
}

TEST_CASE("the query parameters of a list of events are read, and each error names its parameter") {
    input::reader query{input::source::query,
                        {{.name = "topic", .value = std::string{"a.#"}}, {.name = "since", .value = std::string{"noon"}}}};
    CHECK(read_event_list(query).filter.topic == "a.#");
    const auto read = query.finish();
    REQUIRE_FALSE(read);
    CHECK(read.error().code == errc::malformed);
    CHECK(read.error().faults.at(0).pointer == "since");
    input::reader too_long{input::source::query, {{.name = "topic", .value = std::string(256, 'a')}}};
    (void)read_event_list(too_long);
    CHECK(errors_of(too_long.finish()) == "topic: must have at most 255 bytes\n");
}

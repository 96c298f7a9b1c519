#include "rabbitmq/inquiry_schedule.hpp"

#include <support/catch.hpp>

using namespace std::chrono_literals;
using atrium::events::rabbitmq::inquiry_schedule;

namespace {

const inquiry_schedule::clock::time_point start{1h};
constexpr bool is_proven = true; // the receiver is proven to be active
constexpr bool has_more = true;  // the publisher has more events to send again

} // namespace

TEST_CASE("a receiver begins each connection with an inquiry to its publishers") {
    inquiry_schedule s;
    CHECK(s.is_due(1, is_proven, start));
    s.note_inquiry(start);
    CHECK_FALSE(s.is_due(1, is_proven, start + 4s));
    CHECK(s.is_due(2, is_proven, start + 4s));
}

TEST_CASE("an unanswered inquiry is repeated with growing pauses, up to a minute") {
    inquiry_schedule s;
    auto now = start;
    REQUIRE(s.is_due(1, is_proven, now));
    for (const auto pause : {5s, 10s, 20s, 40s, 60s, 60s}) {
        s.note_inquiry(now);
        CHECK_FALSE(s.is_due(1, is_proven, now + pause - 1ms));
        now += pause;
        CHECK(s.is_due(1, is_proven, now));
    }
}

TEST_CASE("after a report, the next inquiry follows in a minute, or earlier if the publisher has more to send or numbers were "
          "skipped") {
    inquiry_schedule s;
    REQUIRE(s.is_due(1, is_proven, start));
    s.note_inquiry(start);
    s.note_report(!has_more, start + 1s);
    CHECK_FALSE(s.is_due(1, is_proven, start + 60s));
    CHECK(s.is_due(1, is_proven, start + 61s));
    s.note_report(has_more, start + 2s);
    CHECK(s.is_due(1, is_proven, start + 2s));
    s.note_inquiry(start + 2s);
    s.note_report(!has_more, start + 3s);
    s.note_skipped_numbers(start + 10s);
    CHECK_FALSE(s.is_due(1, is_proven, start + 14s));
    CHECK(s.is_due(1, is_proven, start + 15s));
}

TEST_CASE("a report of a publisher with nothing more to send does not delay an inquiry for another publisher or for skipped "
          "numbers") {
    inquiry_schedule s;
    REQUIRE(s.is_due(1, is_proven, start));
    s.note_inquiry(start);
    s.note_report(has_more, start + 1s);
    s.note_report(!has_more, start + 1s);
    CHECK(s.is_due(1, is_proven, start + 1s));
    s.note_inquiry(start + 1s);
    s.note_skipped_numbers(start + 2s);
    s.note_report(!has_more, start + 3s);
    CHECK(s.is_due(1, is_proven, start + 7s));
}

TEST_CASE("a receiver that is not proven to be active sends at most three inquiries on each connection") {
    inquiry_schedule s;
    auto now = start;
    int inquiries = 0;
    for (; now < start + 1h; now += 1s)
        if (s.is_due(1, !is_proven, now)) {
            s.note_inquiry(now);
            ++inquiries;
        }
    CHECK(inquiries == 3);
    CHECK(s.is_due(1, is_proven, now));
    CHECK(s.is_due(2, !is_proven, now));
}

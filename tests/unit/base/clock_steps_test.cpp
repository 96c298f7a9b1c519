#include <base/clock_steps.hpp>
#include <support/catch.hpp>

namespace atrium {
namespace {

using namespace std::chrono_literals;

const timestamp noon = *parse_rfc3339("2026-11-22T12:00:00Z");
const std::chrono::steady_clock::time_point start{1000h};
constexpr auto year = 24h * 365;

TEST_CASE(
    "was_set_back is true for the first reading and after a jump back, but not after a small correction or a jump ahead") {
    clock_steps steps;
    CHECK(steps.was_set_back(noon, start)); // the clock may have been set back before this run
    CHECK_FALSE(steps.was_set_back(noon + 1h, start + 1h));
    CHECK_FALSE(steps.was_set_back(noon + 1h + 500ms, start + 1h + 1s)); // a small correction
    CHECK_FALSE(steps.was_set_back(noon + year, start + 1h + 2s));
    CHECK(steps.was_set_back(noon + 1h, start + 1h + 3s));
    CHECK_FALSE(steps.was_set_back(noon + 1h + 1s, start + 1h + 4s));
}

TEST_CASE("a clock that is a year ahead for a minute is not trusted") {
    cautious_time time{noon, start};
    CHECK(time.read(noon + 1min, start + 1min) == noon + 1min);
    CHECK(time.read(noon + year, start + 2min) == noon + 2min);
    CHECK(time.read(noon + year + 1min, start + 3min) == noon + 3min);
    CHECK(time.read(noon + 4min, start + 4min) == noon + 4min);
}

TEST_CASE("a clock that stays ahead for an hour is trusted, but not one that shows the correct time within that hour") {
    cautious_time time{noon, start};
    CHECK(time.read(noon + year, start) == noon);
    CHECK(time.read(noon + year + 59min, start + 59min) == noon + 59min);
    SECTION("it stays ahead") {
        CHECK(time.read(noon + year + 60min, start + 60min) == noon + year + 60min);
        CHECK(time.read(noon + year + 61min, start + 61min) == noon + year + 61min);
    }
    SECTION("it shows the correct time once within the hour") {
        CHECK(time.read(noon + 60min, start + 60min) == noon + 60min);
        CHECK(time.read(noon + year + 61min, start + 61min) == noon + 61min);
    }
}

TEST_CASE("a clock that jumps again while it is ahead is trusted only an hour after its last jump") {
    SECTION(
        "the correct clock seems to be ahead because the initial time is two hours old, and then it is a year ahead for two "
        "minutes") {
        cautious_time time{noon - 2h, start};
        CHECK(time.read(noon, start) == noon - 2h);
        CHECK(time.read(noon + 59min, start + 59min) == noon - 2h + 59min);
        CHECK(time.read(noon + year + 60min, start + 60min) == noon - 2h + 60min);
        CHECK(time.read(noon + year + 61min, start + 61min) == noon - 2h + 61min);
        CHECK(time.read(noon + 62min, start + 62min) == noon - 2h + 62min);
        CHECK(time.read(noon + 122min, start + 122min) == noon + 122min);
    }
    SECTION("it is a year ahead, then two hours ahead, and then a year ahead again") {
        cautious_time time{noon, start};
        CHECK(time.read(noon + year, start) == noon);
        CHECK(time.read(noon + 2h + 59min, start + 59min) == noon + 59min);
        CHECK(time.read(noon + year + 60min, start + 60min) == noon + 60min);
        CHECK(time.read(noon + year + 120min, start + 120min) == noon + year + 120min);
    }
    SECTION("it is two hours ahead and runs at double speed, so that it never stays ahead by the same time") {
        cautious_time time{noon, start};
        for (auto elapsed = 0min; elapsed < 120min; elapsed += 1min)
            CHECK(time.read(noon + 2h + 2 * elapsed, start + elapsed) == noon + elapsed);
    }
}

TEST_CASE("a clock that is set back is trusted immediately") {
    cautious_time time{noon, start};
    CHECK(time.read(timestamp{}, start + 1min) == timestamp{});
    CHECK(time.read(timestamp{} + 1min, start + 2min) == timestamp{} + 1min);
    // The corrected clock seems to be ahead, so it is not trusted yet.
    CHECK(time.read(noon + 3min, start + 3min) == timestamp{} + 2min);
}

TEST_CASE(
    "records that a run wrote while the clock showed 1970 count as old only once the run has lasted as long as the age limit") {
    constexpr auto age = 24h * 7;
    run_bound bound{start};
    CHECK(bound.limit(noon - age, age, noon, start) == noon - age); // only earlier runs can have written older records
    CHECK(bound.limit(timestamp{} - age, age, timestamp{}, start + 1h) == timestamp{} - age);
    CHECK(bound.limit(noon + 2h - age, age, noon + 2h, start + 2h) == timestamp{}); // this run may have written in 1970
    CHECK(bound.limit(noon + age - 1h - age, age, noon + age - 1h, start + age - 1h) == timestamp{});
    CHECK(bound.limit(noon, age, noon + age, start + age) == noon); // the run has lasted for the age limit
}

} // namespace
} // namespace atrium

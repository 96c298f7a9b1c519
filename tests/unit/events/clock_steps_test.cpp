#include "clock_steps.hpp"

#include <support/catch.hpp>

namespace atrium::events {
namespace {

using namespace std::chrono_literals;

const timestamp noon = *parse_rfc3339("2026-11-22T12:00:00Z");
const std::chrono::steady_clock::time_point start{1000h};
constexpr auto year = 24h * 365;

TEST_CASE("a clock that runs on has not been set back, one that jumps back has") {
    clock_steps steps;
    CHECK(steps.was_set_back(noon, start)); // by a former run, perhaps
    CHECK_FALSE(steps.was_set_back(noon + 1h, start + 1h));
    CHECK_FALSE(steps.was_set_back(noon + 1h + 500ms, start + 1h + 1s)); // corrected a little
    CHECK_FALSE(steps.was_set_back(noon + year, start + 1h + 2s));
    CHECK(steps.was_set_back(noon + 1h, start + 1h + 3s));
    CHECK_FALSE(steps.was_set_back(noon + 1h + 1s, start + 1h + 4s));
}

TEST_CASE("a clock that is ahead for a minute is not believed") {
    cautious_time time{noon, start};
    CHECK(time.read(noon + 1min, start + 1min) == noon + 1min);
    CHECK(time.read(noon + year, start + 2min) == noon + 2min);
    CHECK(time.read(noon + year + 1min, start + 3min) == noon + 3min);
    CHECK(time.read(noon + 4min, start + 4min) == noon + 4min);
}

TEST_CASE("a clock that stays ahead for an hour is believed, one that comes and goes is not") {
    cautious_time time{noon, start};
    CHECK(time.read(noon + year, start) == noon);
    CHECK(time.read(noon + year + 59min, start + 59min) == noon + 59min);
    SECTION("it stays") {
        CHECK(time.read(noon + year + 60min, start + 60min) == noon + year + 60min);
        CHECK(time.read(noon + year + 61min, start + 61min) == noon + year + 61min);
    }
    SECTION("it was right in between") {
        CHECK(time.read(noon + 60min, start + 60min) == noon + 60min);
        CHECK(time.read(noon + year + 61min, start + 61min) == noon + 61min);
    }
}

TEST_CASE("a clock that is set back is believed at once") {
    cautious_time time{noon, start};
    CHECK(time.read(timestamp{}, start + 1min) == timestamp{});
    CHECK(time.read(timestamp{} + 1min, start + 2min) == timestamp{} + 1min);
    CHECK(time.read(noon + 3min, start + 3min) == timestamp{} + 2min); // set right: an hour later it is believed
}

} // namespace
} // namespace atrium::events

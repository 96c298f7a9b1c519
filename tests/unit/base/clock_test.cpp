#include <base/clock.hpp>
#include <support/catch.hpp>

namespace atrium {
namespace {

using namespace std::chrono;

timestamp timestamp_of(std::int64_t milliseconds_since_1970) {
    return timestamp{milliseconds{milliseconds_since_1970}};
}

} // namespace

TEST_CASE("a timestamp is written in UTC with milliseconds") {
    CHECK(to_rfc3339(timestamp_of(0)) == "1970-01-01T00:00:00.000Z");
    CHECK(to_rfc3339(timestamp_of(-1)) == "1969-12-31T23:59:59.999Z");
    CHECK(to_rfc3339(timestamp_of(951'782'399'005)) == "2000-02-28T23:59:59.005Z");
    CHECK(to_rfc3339(timestamp_of(951'868'799'000)) == "2000-02-29T23:59:59.000Z");
    CHECK(to_rfc3339(timestamp{sys_days{2026y / November / 22}} + 12h) == "2026-11-22T12:00:00.000Z");
    CHECK(to_rfc3339(timestamp{sys_days{9999y / December / 31}} + 24h - 1ms) == "9999-12-31T23:59:59.999Z");
    CHECK(to_rfc3339(timestamp{sys_days{year{0} / January / 1}}) == "0000-01-01T00:00:00.000Z");
}

TEST_CASE("even a year before 0 or after 9999 is written with four characters") {
    for (const auto y : {year{-1}, year{-32767}, year{10'000}, year{32767}})
        CHECK(to_rfc3339(timestamp{sys_days{y / January / 1}}).substr(4) == "-01-01T00:00:00.000Z");
}

TEST_CASE("a date-time is read with any offset and fraction") {
    const auto noon = timestamp{sys_days{2026y / November / 22}} + 12h;
    CHECK(parse_rfc3339("2026-11-22T12:00:00Z") == noon);
    CHECK(parse_rfc3339("2026-11-22t12:00:00.000z") == noon);
    CHECK(parse_rfc3339("2026-11-22 12:00:00+00:00") == noon);
    CHECK(parse_rfc3339("2026-11-22T13:30:00+01:30") == noon);
    CHECK(parse_rfc3339("2026-11-22T00:00:00-12:00") == noon);
    CHECK(parse_rfc3339("2026-11-23T01:00:00+13:00") == noon);
    CHECK(parse_rfc3339("2026-11-22T12:00:00.5Z") == noon + 500ms);
    CHECK(parse_rfc3339("2026-11-22T12:00:00.123999999Z") == noon + 123ms);
    CHECK(parse_rfc3339("2024-02-29T00:00:00Z").has_value());
    CHECK(parse_rfc3339("0000-01-01T00:00:00Z").has_value());
    CHECK(parse_rfc3339("9999-12-31T23:59:59.999Z").has_value());
}

TEST_CASE("text that is not a valid date-time is refused") {
    for (const auto* bad : {"",
                            "2026-11-22",
                            "2026-11-22T12:00:00",
                            "2026-11-22T12:00Z",
                            "2026-11-22T12:00:00.Z",
                            "2026-13-01T00:00:00Z",
                            "2026-02-29T00:00:00Z",
                            "2026-00-10T00:00:00Z",
                            "2026-01-00T00:00:00Z",
                            "2026-01-01T24:00:00Z",
                            "2026-01-01T00:60:00Z",
                            "2026-01-01T00:00:61Z",
                            "2026-01-01T00:00:00+24:00",
                            "2026-01-01T00:00:00+01:60",
                            "2026-01-01T00:00:00+0100",
                            "2026-1-1T00:00:00Z",
                            "26-01-01T00:00:00Z",
                            "2026-01-01T00:00:00Z ",
                            " 2026-01-01T00:00:00Z",
                            "2026-01-01T00:00:00ZZ",
                            "-026-01-01T00:00:00Z",
                            "2026-01-01T00:00:0\xB2Z"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_rfc3339(bad));
    }
}

TEST_CASE("a time that its offset or leap second moves to a year before 0 or after 9999 is refused") {
    CHECK_FALSE(parse_rfc3339("0000-01-01T00:00:00+00:01"));
    CHECK_FALSE(parse_rfc3339("9999-12-31T23:59:59-00:01"));
    CHECK_FALSE(parse_rfc3339("9999-12-31T23:59:60Z"));
}

TEST_CASE("a timestamp that is written and read is unchanged") {
    for (const std::int64_t moment :
         {std::int64_t{0}, std::int64_t{1}, std::int64_t{-62'135'596'800'000}, std::int64_t{1'795'000'000'123}})
        CHECK(parse_rfc3339(to_rfc3339(timestamp_of(moment))) == timestamp_of(moment));
}

TEST_CASE("system_clock returns the current time") {
    const auto earliest = floor<milliseconds>(std::chrono::system_clock::now());
    const auto now = system_clock{}.now();
    CHECK(now >= earliest);
    CHECK(now <= std::chrono::system_clock::now());
}

} // namespace atrium

#include "core/rate_meter.hpp"

#include <support/catch.hpp>

using namespace atrium::events;
using namespace std::chrono_literals;

TEST_CASE("a rate is the average of the last 60 completed seconds") {
    rate_meter meter;
    const rate_meter::clock::time_point start{1000s};
    CHECK(meter.per_second(start) == 0);
    for (int second = 0; second < 60; ++second)
        meter.add(3, start + second * 1s);
    CHECK(meter.per_second(start + 60s) == 3);
    CHECK(meter.per_second(start + 90s) == 1.5);
    CHECK(meter.per_second(start + 120s) == 0);
    meter.add(60, start + 1h);
    CHECK(meter.per_second(start + 1h) == 0); // this second is not over
    CHECK(meter.per_second(start + 1h + 1s) == 1);
}

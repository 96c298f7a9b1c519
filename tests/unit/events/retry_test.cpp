#include "core/retry.hpp"

#include <support/catch.hpp>

#include <set>

using namespace std::chrono_literals;
using namespace atrium::events;

TEST_CASE("the delay of a retry doubles with each attempt, up to its maximum") {
    const retry_policy policy{.attempts = 10, .first_delay = 100ms, .max_delay = 1s};
    CHECK(retry_delay(policy, 1, 0.5) == 100ms);
    CHECK(retry_delay(policy, 2, 0.5) == 200ms);
    CHECK(retry_delay(policy, 4, 0.5) == 800ms);
    CHECK(retry_delay(policy, 5, 0.5) == 1s);
    CHECK(retry_delay(policy, 1'000'000, 0.5) == 1s);
}

TEST_CASE("jitter changes the delay of a retry by up to half in either direction") {
    const retry_policy policy{.attempts = 10, .first_delay = 100ms, .max_delay = 1s};
    CHECK(retry_delay(policy, 1, 0) == 50ms);
    CHECK(retry_delay(policy, 1, 1) == 150ms);

    std::set<std::chrono::milliseconds> seen;
    for (int i = 0; i < 1000; ++i) {
        const auto delay = retry_delay(policy, 3);
        REQUIRE(delay >= 200ms);
        REQUIRE(delay <= 600ms);
        seen.insert(delay);
    }
    CHECK(seen.size() > 100);
}

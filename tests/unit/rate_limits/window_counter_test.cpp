#include <rate_limits/window_counter.hpp>
#include <support/catch.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>

using namespace std::chrono_literals;

namespace atrium::rate_limits {
namespace {

using time_point = window_counter::clock::time_point;

} // namespace

TEST_CASE("each client has a count of its own") {
    window_counter counter{60s};
    const time_point now{90s};
    CHECK(counter.add("ann", now).requests == 1);
    CHECK(counter.add("ann", now).requests == 2);
    CHECK(counter.add("bob", now).requests == 1);
}

TEST_CASE("a client's count starts from zero in the next window") {
    window_counter counter{60s};
    CHECK(counter.add("ann", time_point{119s}).requests == 1);
    CHECK(counter.add("ann", time_point{119'999ms}).requests == 2);
    CHECK(counter.add("ann", time_point{120s}).requests == 1);
}

TEST_CASE("the time until the next window is rounded up to seconds") {
    window_counter counter{60s};
    CHECK(counter.add("ann", time_point{60s}).left == 60s);
    CHECK(counter.add("ann", time_point{61'001ms}).left == 59s);
    CHECK(counter.add("ann", time_point{119'999ms}).left == 1s);
}

TEST_CASE("a client's count can be read without counting a request") {
    window_counter counter{60s};
    CHECK(counter.find("ann", time_point{60s}).requests == 0);
    counter.add("ann", time_point{60s});
    CHECK(counter.find("ann", time_point{61s}).requests == 1);
    CHECK(counter.find("ann", time_point{61s}).requests == 1);
    CHECK(counter.find("ann", time_point{61s}).left == 59s);
    CHECK(counter.find("ann", time_point{120s}).requests == 0);
}

TEST_CASE("clients beyond the maximum number share counts") {
    window_counter counter{60s, 0}; // each shard of the counter can count one client
    const time_point now{0s};
    std::int64_t highest = 0;
    for (int i = 0; i < 1000; ++i)
        highest = std::max(highest, counter.add(std::to_string(i), now).requests);
    CHECK(highest > 10);
    CHECK(highest < 1000);
}

} // namespace atrium::rate_limits

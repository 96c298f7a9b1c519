#include <base/throttle.hpp>
#include <support/catch.hpp>

namespace atrium {
namespace {

using namespace std::chrono_literals;

TEST_CASE("a throttle lets a limited number of lines through in each interval, and counts the others") {
    const throttle::time_point start{};
    throttle lines{2, 60s};
    CHECK(lines.pass(start) == 0);
    CHECK(lines.pass(start + 1s) == 0);
    for (int i = 0; i < 5; ++i)
        CHECK_FALSE(lines.pass(start + 59s));
    CHECK(lines.held_back() == 5);
    CHECK(lines.pass(start + 60s) == 5);
    CHECK(lines.held_back() == 0);
    CHECK(lines.pass(start + 119s) == 0);
    CHECK_FALSE(lines.pass(start + 119s));
    CHECK(lines.pass(start + 1h) == 1);
}

TEST_CASE("after a reset, a throttle lets the next line through even if the interval is not over") {
    const throttle::time_point start{};
    auto lines = throttle::once_a_minute();
    CHECK(lines.pass(start));
    CHECK_FALSE(lines.pass(start + 1s));
    lines.reset();
    CHECK(lines.pass(start + 2s));
    CHECK_FALSE(lines.pass(start + 3s));
}

} // namespace
} // namespace atrium

#include "rabbitmq/reconnect.hpp"

#include <support/catch.hpp>

using namespace std::chrono_literals;
using namespace atrium::events::rabbitmq;

namespace {

constexpr bool needs_manual_fix = true;

} // namespace

TEST_CASE("the pause before reconnecting doubles up to ten seconds, with jitter") {
    reconnect r;
    CHECK(r.pause_after(0ms, !needs_manual_fix, 0.5) == 200ms);
    CHECK(r.pause_after(0ms, !needs_manual_fix, 0) == 200ms);
    CHECK(r.pause_after(0ms, !needs_manual_fix, 1) == 1200ms);
    for (int i = 0; i < 100; ++i)
        (void)r.pause_after(0ms, !needs_manual_fix, 0.5);
    CHECK(r.pause_after(0ms, !needs_manual_fix, 0.5) == 10s);
    CHECK(r.failures() == 104);
}

TEST_CASE("a connection that has lasted for a minute resets the pauses, but one that broke immediately does not") {
    reconnect r;
    for (int i = 0; i < 10; ++i)
        (void)r.pause_after(0ms, !needs_manual_fix, 0.5);
    CHECK(r.pause_after(50ms, !needs_manual_fix, 0.5) == 10s);
    CHECK(r.pause_after(1min, !needs_manual_fix, 0.5) == 200ms);
}

TEST_CASE("if only manual intervention helps, the first pause already has its maximum length") {
    reconnect r;
    CHECK(r.pause_after(0ms, needs_manual_fix, 0.5) == 10s);
    CHECK(r.pause_after(0ms, !needs_manual_fix, 0.5) == 400ms);
}

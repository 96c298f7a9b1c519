#include "core/due_timer.hpp"

#include <support/catch.hpp>

#include <boost/asio/io_context.hpp>

#include <atomic>

using namespace atrium;
using namespace std::chrono_literals;
using events::due_timer;

namespace {

struct still_clock final : clock {
    [[nodiscard]] timestamp now() const override { return shown; }
    timestamp shown = *parse_rfc3339("2026-11-29T12:00:00Z");
};

struct timer_fixture {
    asio::io_context context{1};
    still_clock time;
    due_timer timer{context.get_executor(), time, 1ms};
    int expired = 0;

    [[nodiscard]] static due_timer::steady::time_point never() { return due_timer::steady::now() + 24h; }
    void wait(std::chrono::milliseconds delay) {
        timer.wait(time.now() + delay, never(), [this] { ++expired; });
    }
    /// Lets the timer read the clock `count` times.
    void run_steps(int count) {
        for (; count > 0; --count)
            context.run_one();
    }
    /// Runs until the timer has nothing more to wait for.
    void run() { context.run(); }
};

} // namespace

TEST_CASE("a due timer expires when the clock is set to its due time, and not while the clock stands still") {
    timer_fixture fixture;
    fixture.wait(1h);
    fixture.run_steps(5);
    CHECK(fixture.expired == 0);
    fixture.time.shown += 1h;
    fixture.run();
    CHECK(fixture.expired == 1);
}

TEST_CASE("a due timer waits for longer if the clock is set back") {
    timer_fixture fixture;
    fixture.wait(10ms);
    fixture.time.shown -= 1h;
    fixture.run_steps(20);
    CHECK(fixture.expired == 0);
    fixture.time.shown += 1h + 10ms;
    fixture.run();
    CHECK(fixture.expired == 1);
}

TEST_CASE("a due timer expires at the time `latest` even if the clock has not reached the due time or there is no due time") {
    timer_fixture fixture;
    const auto has_due = GENERATE(true, false);
    const auto due = has_due ? std::optional{fixture.time.now() + 1h} : std::nullopt;
    const auto latest = due_timer::steady::now() + 3ms;
    fixture.timer.wait(due, latest, [&] { ++fixture.expired; });
    fixture.run();
    CHECK(fixture.expired == 1);
    CHECK(due_timer::steady::now() >= latest);
}

TEST_CASE("a due timer for a time in the past expires soon, but not during the call of wait") {
    timer_fixture fixture;
    fixture.wait(-1h);
    CHECK(fixture.expired == 0);
    fixture.run();
    CHECK(fixture.expired == 1);
}

TEST_CASE("a second call of a due timer's wait replaces the first call, and a cancelled wait does not expire") {
    timer_fixture fixture;
    fixture.wait(1h);
    fixture.timer.wait(fixture.time.now() + 2h, timer_fixture::never(), [&] { fixture.expired += 10; });
    fixture.time.shown += 1h;
    fixture.run_steps(5);
    CHECK(fixture.expired == 0);
    fixture.time.shown += 1h;
    fixture.run();
    CHECK(fixture.expired == 10);

    fixture.context.restart();
    fixture.wait(-1h);
    fixture.timer.cancel();
    fixture.run();
    CHECK(fixture.expired == 10);
}

TEST_CASE("the function that an expired due timer calls can set the timer again") {
    timer_fixture fixture;
    fixture.timer.wait(fixture.time.now(), timer_fixture::never(), [&] { fixture.wait(0ms); });
    fixture.run();
    CHECK(fixture.expired == 1);
}

#include <base/cooperative_yield.hpp>
#include <support/catch.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <exception>

namespace {

using namespace atrium;

void work_for(std::chrono::milliseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) {
    }
}

awaitable<> work_long(int& steps) {
    cooperative_yield yielder;
    for (int i = 0; i < 10; ++i) {
        work_for(cooperative_yield::max_slice);
        ++steps;
        co_await yielder.yield_if_due();
    }
}

TEST_CASE("a long computation lets other work on its thread run") {
    asio::io_context context{1};
    int steps = 0;
    int steps_seen = -1;
    asio::co_spawn(context, work_long(steps), asio::detached);
    asio::post(context, [&] { steps_seen = steps; });
    context.run();
    CHECK(steps == 10);
    CHECK(steps_seen == 1);
}

TEST_CASE("a cancelled long computation stops when it yields") {
    asio::io_context context{1};
    int steps = 0;
    asio::cancellation_signal stop;
    std::exception_ptr failure;
    asio::co_spawn(context, work_long(steps),
                   asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr thrown) { failure = thrown; }));
    asio::post(context, [&] { stop.emit(asio::cancellation_type::terminal); });
    context.run();
    CHECK(steps < 10);
    REQUIRE(failure);
    CHECK_THROWS_AS(std::rethrow_exception(failure), boost::system::system_error);
}

TEST_CASE("a short computation does not yield") {
    asio::io_context context{1};
    bool other_has_run = false;
    bool has_run_before_the_end = false;
    const auto work = [&]() -> awaitable<> {
        cooperative_yield yielder;
        co_await yielder.yield_if_due();
        has_run_before_the_end = other_has_run;
    };
    asio::co_spawn(context, work(), asio::detached);
    asio::post(context, [&] { other_has_run = true; });
    context.run();
    CHECK(other_has_run);
    CHECK_FALSE(has_run_before_the_end);
}

} // namespace

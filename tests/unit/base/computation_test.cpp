#include <base/computation.hpp>
#include <base/cooperative_yield.hpp>
#include <support/catch.hpp>
#include <support/computing.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <optional>
#include <thread>

namespace atrium {
namespace {

using namespace std::chrono_literals;
using support::compute;
using stop_cause = computation::stop_cause;

class measured_computation final : public computation {
public:
    explicit measured_computation(clock::duration max = {}) { set_limit(max); }
    ~measured_computation() override { end_slice(); }

    clock::duration counted_time{};
    int slices = 0;

private:
    void count(clock::duration slice, clock::time_point) noexcept override {
        counted_time += slice;
        ++slices;
    }
};

TEST_CASE("a computation counts the processor time that its thread uses during its slices") {
    measured_computation work;
    work.begin_slice();
    CHECK(computation::current() == &work);
    compute(30ms);
    work.end_slice();
    CHECK(computation::current() == nullptr);
    CHECK(work.counted_time >= 30ms);
    const auto counted_before = work.counted_time;
    compute(10ms);
    work.end_slice();
    CHECK(work.counted_time == counted_before);
}

TEST_CASE("a computation counts only little or none of the time during which its thread sleeps") {
    measured_computation work;
    work.begin_slice();
    std::this_thread::sleep_for(200ms);
    work.end_slice();
    CHECK(work.counted_time < 100ms);
}

TEST_CASE("a computation can be destroyed before the pauses that have interrupted it") {
    std::optional<measured_computation> work{std::in_place};
    work->begin_slice();
    std::optional<computation::pause> first{std::in_place};
    work->begin_slice();
    std::optional<computation::pause> second{std::in_place};
    work->begin_slice();
    std::optional<computation::pause> third{std::in_place};
    second.reset();
    CHECK(computation::current() == &*work);
    work.reset();
    CHECK(computation::current() == nullptr);
    first.reset();
    third.reset();
    CHECK(computation::current() == nullptr);
}

TEST_CASE("a slice ends when another computation begins a slice on the same thread") {
    measured_computation first;
    measured_computation second;
    first.begin_slice();
    compute(10ms);
    second.begin_slice();
    const auto first_before = first.counted_time;
    CHECK(first.slices == 1);
    compute(10ms);
    first.end_slice();
    CHECK(first.counted_time == first_before);
    CHECK(computation::current() == &second);
    computation::leave_thread();
    CHECK(second.slices == 1);
    CHECK(computation::current() == nullptr);
}

TEST_CASE("a computation must stop at its limit, even in the middle of a slice") {
    measured_computation work{30ms};
    work.begin_slice();
    CHECK(work.cause_to_stop() == stop_cause::none);
    compute(40ms);
    CHECK(work.cause_to_stop() == stop_cause::limit);
    work.end_slice();
    CHECK(work.cause_to_stop() == stop_cause::limit);
    work.restart();
    CHECK(work.cause_to_stop() == stop_cause::none);
    work.set_limit({});
    compute(40ms);
    CHECK(work.cause_to_stop() == stop_cause::none);
}

TEST_CASE("a destroyed computation is no longer the current one of its thread") {
    {
        measured_computation work;
        work.begin_slice();
    }
    CHECK(computation::current() == nullptr);
}

awaitable<> work_in_slices(measured_computation& work) {
    work.begin_slice();
    cooperative_yield yielder;
    for (int i = 0; i < 4; ++i) {
        compute(cooperative_yield::max_slice);
        co_await yielder.yield_if_due();
    }
    work.end_slice();
}

TEST_CASE("if a computation waits without a `pause` object, its later slices and those of other computations are counted") {
    asio::io_context context{1};
    measured_computation first;
    measured_computation second;
    const auto work_without_pause = [&]() -> awaitable<> {
        first.begin_slice();
        compute(5ms);
        co_await asio::post(context, use_awaitable);
        first.begin_slice();
        compute(20ms);
        first.end_slice();
    };
    asio::co_spawn(context, work_without_pause(), asio::detached);
    asio::co_spawn(context, work_in_slices(second), asio::detached);
    context.run();
    CHECK(first.counted_time >= 25ms);
    CHECK(second.counted_time >= 4 * cooperative_yield::max_slice);
}

TEST_CASE("computations that yield to each other are counted separately") {
    asio::io_context context{1};
    measured_computation first;
    measured_computation second;
    asio::co_spawn(context, work_in_slices(first), asio::detached);
    asio::co_spawn(context, work_in_slices(second), asio::detached);
    const auto begin = computation::clock::now();
    context.run();
    const auto total_time = computation::clock::now() - begin;
    CHECK(first.slices == 5);
    CHECK(second.slices == 5);
    CHECK(first.counted_time >= 4 * cooperative_yield::max_slice);
    CHECK(second.counted_time >= 4 * cooperative_yield::max_slice);
    CHECK(first.counted_time + second.counted_time <= total_time);
}

} // namespace
} // namespace atrium

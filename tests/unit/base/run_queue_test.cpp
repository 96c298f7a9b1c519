#include <base/cooperative_yield.hpp>
#include <base/run_queue.hpp>
#include <base/timer.hpp>
#include <support/catch.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace {

using namespace atrium;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

void work_for(steady_clock::duration time) {
    const auto end = steady_clock::now() + time;
    while (steady_clock::now() < end) {
    }
}

/// Works like an HTTP connection: counts its work, and waits if the slice is over.
awaitable<> work(run_queue& queue, run_queue::rank rank, int steps, steady_clock::duration step_time, std::string& order,
                 char name) {
    for (int i = 0; i < steps; ++i) {
        if (queue.is_over())
            co_await queue.wait(rank);
        const auto begin = steady_clock::now();
        work_for(step_time);
        order.push_back(name);
        queue.count(begin, steady_clock::now());
    }
}

/// Uses up the slice that has just started.
void use_up_slice(run_queue& queue) {
    const auto begin = steady_clock::now();
    // Only when more work than a slice is reported does the queue read the processor time, which decides whether the slice is
    // over.
    queue.count(begin - 2 * run_queue::slice, begin);
    while (!queue.is_over()) {
        const auto now = steady_clock::now();
        work_for(run_queue::slice);
        queue.count(now, steady_clock::now());
    }
}

} // namespace

TEST_CASE("each io_context has one run queue") {
    asio::io_context context{1};
    asio::io_context other_context{1};
    CHECK(&run_queue::of(context) == &run_queue::of(context));
    CHECK(&run_queue::of(context) != &run_queue::of(other_context));
}

TEST_CASE("a slice is over when its time is used up, and a new one has begun when the next ready handler runs") {
    asio::io_context context{1};
    auto& queue = run_queue::of(context);
    bool was_over = true;
    asio::post(context, [&] {
        CHECK_FALSE(queue.is_over());
        use_up_slice(queue);
        CHECK(queue.is_over());
        asio::post(context, [&] { was_over = queue.is_over(); });
    });
    context.run();
    CHECK_FALSE(was_over);
}

TEST_CASE("time in which the processor was idle does not use up a slice") {
    asio::io_context context{1};
    auto& queue = run_queue::of(context);
    asio::post(context, [&] {
        const auto now = steady_clock::now();
        for (int i = 1; i <= 10; ++i)
            queue.count(now - 1s, now + i * 1s); // time has passed according to the clock, but the processor was idle
        CHECK_FALSE(queue.is_over());
    });
    context.run();
}

TEST_CASE("work that is reported several times for the same period is counted once") {
    asio::io_context context{1};
    auto& queue = run_queue::of(context);
    asio::post(context, [&] {
        use_up_slice(queue);
        const auto now = steady_clock::now();
        queue.count(now - 1s, now);
        const auto was_far_over = queue.is_far_over();
        for (int i = 0; i < 1000; ++i)
            queue.count(now - 1s, now);
        CHECK(queue.is_far_over() == was_far_over);
    });
    context.run();
}

TEST_CASE("timers run between the slices of coroutines that always have work") {
    asio::io_context context{1};
    auto& queue = run_queue::of(context);
    std::string order;
    constexpr int workers = 20;
    int ended = 0;
    for (int i = 0; i < workers; ++i)
        asio::co_spawn(context, work(queue, run_queue::rank::continued, 10, 1ms, order, 'w'),
                       [&](std::exception_ptr) { ++ended; });

    std::size_t last = 0;
    std::size_t max_steps = 0; // the largest number of steps between two ticks
    steady_timer timer{context.get_executor()};
    const std::function<void()> tick = [&] {
        max_steps = std::max(max_steps, order.size() - last);
        last = order.size();
        if (ended == workers)
            return;
        timer.expires_after(1us);
        timer.async_wait([&](const boost::system::error_code&) { tick(); });
    };
    tick();
    context.run();
    CHECK(order.size() == 200);
    CHECK(max_steps < 100);
}

TEST_CASE("new work and work that has used up a slice take turns, beginning with new work") {
    asio::io_context context{1};
    auto& queue = run_queue::of(context);
    std::string order;
    const auto enter = [&](run_queue::rank rank, char name) -> awaitable<> {
        co_await queue.wait(rank);
        order.push_back(name);
        work_for(2 * run_queue::slice);
    };
    asio::post(context, [&] {
        use_up_slice(queue);
        for (const char name : {'A', 'B', 'C'})
            asio::co_spawn(context, enter(run_queue::rank::continued, name), asio::detached);
        for (const char name : {'1', '2', '3'})
            asio::co_spawn(context, enter(run_queue::rank::new_work, name), asio::detached);
    });
    context.run();
    CHECK(order == "1A2B3C");
}

TEST_CASE("several coroutines resume in one slice if their new work is short") {
    asio::io_context context{1};
    auto& queue = run_queue::of(context);
    int resumed = 0;
    int resumed_before_handler = -1;
    const auto enter = [&]() -> awaitable<> {
        co_await queue.wait(run_queue::rank::new_work);
        if (++resumed == 1)
            asio::post(context, [&] { resumed_before_handler = resumed; });
    };
    asio::post(context, [&] {
        use_up_slice(queue);
        for (int i = 0; i < 5; ++i)
            asio::co_spawn(context, enter(), asio::detached);
    });
    context.run();
    CHECK(resumed == 5);
    CHECK(resumed_before_handler > 1);
}

TEST_CASE("coroutines that wait in a run queue are destroyed together with the io_context") {
    auto alive = std::make_shared<int>();
    {
        asio::io_context context{1};
        auto& queue = run_queue::of(context);
        for (const auto rank : {run_queue::rank::new_work, run_queue::rank::continued}) {
            const auto enter = [](run_queue& q, run_queue::rank r, std::shared_ptr<int> owner) -> awaitable<> {
                co_await q.wait(r);
                *owner = 1;
            };
            asio::co_spawn(context, enter(queue, rank, alive), asio::detached);
        }
        context.run_one();
        context.run_one();
        CHECK(alive.use_count() > 1);
    }
    CHECK(alive.use_count() == 1);
    CHECK(*alive == 0);
}

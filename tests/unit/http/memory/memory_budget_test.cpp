#include <base/timer.hpp>
#include <http/memory_budget.hpp>
#include <support/catch.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <optional>
#include <thread>
#include <vector>

using namespace atrium;
using namespace atrium::http;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t mebibyte = 1024 * 1024;

/// Operations that acquire memory, all on one thread. If an operation gets no memory, its answer is empty.
class operations_fixture {
public:
    explicit operations_fixture(std::size_t limit, std::chrono::milliseconds patience = 1min) : budget{limit, patience} {}

    /// Starts an operation that acquires memory. Its result is stored in `answers` at the index that this function returns.
    std::size_t start(std::size_t bytes, asio::cancellation_slot slot = {}) {
        const auto position = answers.size();
        answers.emplace_back();
        has_answer.push_back(false);
        asio::co_spawn(context.get_executor(), take(bytes, position), asio::bind_cancellation_slot(slot, asio::detached));
        run();
        return position;
    }
    void run() {
        context.restart();
        context.poll();
    }
    /// Runs until no operation waits.
    void run_to_end() {
        context.restart();
        context.run();
    }

    memory_budget budget;
    asio::io_context context;
    std::vector<std::optional<memory_lease>> answers;
    std::vector<bool> has_answer;

private:
    awaitable<> take(std::size_t bytes, std::size_t position) {
        auto lease = co_await budget.acquire(memory_use::responses, bytes);
        answers[position] = std::move(lease);
        has_answer[position] = true;
    }
};

} // namespace

TEST_CASE("the bytes of a lease are counted in the budget and in the share of its memory_use until the lease ends") {
    memory_budget budget{16 * mebibyte};
    {
        memory_lease lease{budget.share(memory_use::incoming)};
        REQUIRE(lease.try_resize(3 * mebibyte));
        CHECK(budget.used() == 3 * mebibyte);
        CHECK(budget.share(memory_use::incoming).used() == 3 * mebibyte);
        CHECK(budget.share(memory_use::responses).used() == 0);
        auto moved = std::move(lease);
        moved.resize(mebibyte);
        CHECK(budget.used() == mebibyte);
    }
    CHECK(budget.used() == 0);
}

TEST_CASE("large claims of memory leave the last eighth of the budget for small ones") {
    memory_budget budget{16 * mebibyte};
    memory_lease large{budget.share(memory_use::incoming)};
    CHECK_FALSE(large.try_resize(15 * mebibyte));
    CHECK(large.size() == 0);
    CHECK(budget.refusals() == 1);
    REQUIRE(large.try_resize(14 * mebibyte));
    memory_lease small{budget.share(memory_use::incoming)};
    CHECK(small.try_resize(memory_budget::max_small));
    CHECK_FALSE(small.try_resize(memory_budget::max_small + 1)); // one byte more makes it a large claim
    CHECK(small.size() == memory_budget::max_small);
}

TEST_CASE("memory that is already in use is counted even if it exceeds the budget") {
    memory_budget budget{16 * mebibyte};
    memory_lease lease{budget.share(memory_use::responses)};
    lease.resize(20 * mebibyte);
    CHECK_FALSE(budget.may_begin());
    CHECK(budget.refusals() == 1);
    CHECK(budget.used() == 20 * mebibyte);
    memory_lease small{budget.share(memory_use::responses)};
    CHECK_FALSE(small.try_resize(1));
}

TEST_CASE("an account takes memory in whole pieces, keeps one for the next request, and returns it when the account ends") {
    memory_budget budget{16 * mebibyte};
    auto& share = budget.share(memory_use::incoming);
    {
        memory_account account{share};
        account_lease lease{account};
        REQUIRE(lease.try_resize(100));
        CHECK(share.used() == 256 * 1024);
        REQUIRE(lease.try_resize(256 * 1024));
        CHECK(share.used() == 256 * 1024);
        REQUIRE(lease.try_resize(3 * mebibyte));
        CHECK(share.used() == 3 * mebibyte);
        lease.resize(0);
        CHECK(share.used() == 256 * 1024); // kept for the next request
    }
    CHECK(share.used() == 0);
}

TEST_CASE("an account takes less than a piece if the budget does not have a whole one") {
    memory_budget budget{16 * mebibyte};
    memory_lease rest{budget.share(memory_use::responses)};
    rest.resize(16 * mebibyte - 1000);
    memory_account account{budget.share(memory_use::incoming)};
    account_lease lease{account};
    CHECK(lease.try_resize(1000));
    CHECK_FALSE(lease.try_resize(1001));
    CHECK(budget.used() == 16 * mebibyte);
}

TEST_CASE("operations get memory in the order in which they began to wait") {
    operations_fixture operations{16 * mebibyte};
    const auto first = operations.start(8 * mebibyte);
    const auto second = operations.start(6 * mebibyte);
    const auto third = operations.start(8 * mebibyte);
    const auto fourth = operations.start(mebibyte); // the budget has enough left for it, but it must not overtake the third
    REQUIRE(operations.answers[first]);
    REQUIRE(operations.answers[second]);
    CHECK_FALSE(operations.has_answer[third]);
    CHECK_FALSE(operations.has_answer[fourth]);
    CHECK(operations.budget.waiting() == 2);

    operations.answers[second].reset();
    operations.run();
    CHECK_FALSE(operations.has_answer[third]);
    operations.answers[first].reset();
    operations.run();
    CHECK(operations.answers[third]);
    CHECK(operations.answers[fourth]);
    CHECK(operations.budget.waiting() == 0);
    CHECK(operations.budget.used() == 9 * mebibyte);
}

TEST_CASE("a small claim does not wait behind large ones") {
    operations_fixture operations{16 * mebibyte};
    const auto first = operations.start(8 * mebibyte);
    const auto second = operations.start(6 * mebibyte);
    const auto third = operations.start(8 * mebibyte); // has to wait
    const auto small = operations.start(1000);
    CHECK(operations.answers[first]);
    CHECK(operations.answers[second]);
    CHECK_FALSE(operations.has_answer[third]);
    CHECK(operations.answers[small]);
    operations.answers.clear();
    operations.answers.resize(4);
    operations.run_to_end();
}

TEST_CASE("a claim of more than half of the budget is reduced to half") {
    operations_fixture operations{16 * mebibyte};
    const auto position = operations.start(100 * mebibyte);
    REQUIRE(operations.answers[position]);
    CHECK(operations.answers[position]->size() == 8 * mebibyte);
}

TEST_CASE("an operation that has waited for too long gets no memory and no longer waits") {
    operations_fixture operations{16 * mebibyte, 10ms};
    const auto first = operations.start(8 * mebibyte);
    const auto second = operations.start(8 * mebibyte);
    operations.run_to_end();
    CHECK(operations.answers[first]);
    CHECK(operations.has_answer[second]);
    CHECK_FALSE(operations.answers[second]);
    CHECK(operations.budget.waiting() == 0);
    CHECK(operations.budget.used() == 8 * mebibyte);
}

TEST_CASE("a cancelled operation no longer waits for memory, so the next one gets it") {
    operations_fixture operations{16 * mebibyte};
    asio::cancellation_signal stop;
    const auto first = operations.start(8 * mebibyte);
    const auto second = operations.start(8 * mebibyte, stop.slot());
    const auto third = operations.start(6 * mebibyte);
    CHECK_FALSE(operations.has_answer[third]);
    stop.emit(asio::cancellation_type::terminal);
    operations.run();
    CHECK(operations.answers[first]);
    CHECK_FALSE(operations.answers[second]);
    CHECK(operations.answers[third]);
    CHECK(operations.budget.used() == 14 * mebibyte);
}

TEST_CASE("an operation that is destroyed while it waits for memory no longer counts as waiting") {
    memory_budget budget{16 * mebibyte, 1min};
    memory_lease all{budget.share(memory_use::responses)};
    all.resize(16 * mebibyte);
    {
        asio::io_context context;
        asio::co_spawn(
            context.get_executor(),
            [&]() -> awaitable<> { static_cast<void>(co_await budget.acquire(memory_use::responses, mebibyte)); },
            asio::detached);
        context.poll();
        CHECK(budget.waiting() == 1);
    }
    CHECK(budget.waiting() == 0);
    all.resize(0);
    CHECK(budget.used() == 0);
}

TEST_CASE("after several threads have waited for memory, taken it and released it, the whole budget is free") {
    constexpr int rounds = 300;
    memory_budget budget{4 * mebibyte, 1min};
    const auto work = [&budget](asio::io_context& context) -> awaitable<> {
        for (int i = 0; i < rounds; ++i) {
            const auto lease = co_await budget.acquire(memory_use::responses, mebibyte + 1);
            if (!lease)
                throw std::runtime_error{"no memory"};
            co_await asio::post(context.get_executor(), use_awaitable);
        }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            asio::io_context context;
            for (int j = 0; j < 4; ++j)
                asio::co_spawn(context.get_executor(), work(context), [](const std::exception_ptr& failure) {
                    if (failure)
                        std::terminate();
                });
            context.run();
        });
    for (auto& each : threads)
        each.join();
    CHECK(budget.used() == 0);
    CHECK(budget.waiting() == 0);
}

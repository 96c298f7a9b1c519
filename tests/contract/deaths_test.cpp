#include "node.hpp"

#include <support/catch.hpp>

#include <climits>

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <set>
#include <thread>

using namespace atrium;
using namespace atrium::contract;

// Many deliveries share one commit. If the process dies in the middle of the commit, none of them has an effect.

namespace {

[[noreturn]] void await_death() {
    for (;;)
        ::pause();
}

[[noreturn]] void die() {
    ::kill(::getpid(), SIGKILL);
    await_death();
}

/// A clock that kills the process when it is read more than `allowed` times. May be used on any thread.
class deadly_clock final : public clock {
public:
    [[nodiscard]] timestamp now() const override {
        if (allowed.fetch_sub(1) == 0)
            die();
        return system_clock{}.now();
    }

    mutable std::atomic<int> allowed = INT_MAX;
};

/// Runs `work`, which must not return, in a child process, and waits until the process has died.
void expect_death(const std::function<void()>& work) {
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::alarm(60); // a child that does not die on its own fails the test
        try {
            work();
        } catch (...) { // the status of the child shows that it did not die
        }
        std::_Exit(1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    REQUIRE(WTERMSIG(status) == SIGKILL);
}

/// Waits like `eventually`, but in a child process, in which a test cannot fail.
template <class Condition>
void wait_until(Condition condition) {
    while (!condition())
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
}

constexpr std::int64_t many = 1000;

/// Publishes many events, each with a key of its own or all with the same one. The handler begins when all of them are waiting.
void deliver_many(node& n, const std::string& subscription, bool have_same_key) {
    (void)run(n.operations().pause(subscription, {}));
    (void)run(n.store().write([&](storage::transaction& t) -> result<> {
        for (std::int64_t i = 0; i < many; ++i)
            n.bus().publish(
                t, {.topic = "probe.created", .key = have_same_key ? "k" : "k/" + std::to_string(i), .data = node::data(i)});
        return {};
    }));
    wait_until([&] { return n.count_waiting(subscription) == many; });
    (void)run(n.operations().resume(subscription, {}));
}

std::vector<std::int64_t> sorted(std::vector<std::int64_t> numbers) {
    std::ranges::sort(numbers);
    return numbers;
}

/// Subscribes a handler that writes a note of each event, and kills the process after it has written `last` notes.
void note_until_death(node& n, bool is_asynchronous, int last) {
    auto count = std::make_shared<std::atomic<int>>(0);
    const auto note = [count, last](storage::transaction& t, const events::event& e) -> result<> {
        node::write_note(t, "probe.all", e);
        if (++*count == last)
            die();
        return {};
    };
    const events::subscription all{.name = "probe.all", .topics = {"probe.*"}, .concurrency = 32};
    if (is_asynchronous)
        n.bus().subscribe(all, [note](events::delivery d) -> awaitable<result<>> {
            co_return co_await d.complete([&](storage::transaction& t) { return note(t, d.event()); });
        });
    else
        n.bus().subscribe(all, note);
}

} // namespace

TEST_CASE("if the process dies before the commit of several deliveries, each of them is handled once after the next start",
          "[contract]") {
    const bool is_asynchronous = GENERATE(false, true);
    const bool have_same_key = GENERATE(false, true);
    constexpr int last = 333; // in the middle of a commit, because a transactional handler gets 64 or 128 events in each commit
    temporary_directory folder;
    const auto adapter_of_parent =
        adapter_under_test(folder.path()); // created in the parent, so that the child finds the same broker
    expect_death([&] {
        node n{folder.path()};
        note_until_death(n, is_asynchronous, last);
        n.start();
        deliver_many(n, "probe.all", have_same_key);
        await_death();
    });

    node n{folder.path()};
    note_until_death(n, is_asynchronous, INT_MAX);
    const auto kept = static_cast<std::int64_t>(n.numbers("probe.all").size());
    CHECK(kept < last);
    if (!is_asynchronous)
        CHECK(kept == last / (have_same_key ? 64 : 128) * (have_same_key ? 64 : 128));
    CHECK(n.count_waiting("probe.all") == many - kept);
    n.start();
    n.settle();
    CHECK((sorted(n.numbers("probe.all")) == range(0, many - 1)));
    if (have_same_key)
        CHECK((n.numbers("probe.all") == range(0, many - 1)));
    CHECK(n.dead_letters().empty());
}

namespace {

constexpr int batch = 200; // the number of deliveries that one step of an operation changes
/// The number of reads of the clock after which the process dies. The clock is read for each delivery, so the process dies in
/// the middle of the second batch.
constexpr int reads_until_death = batch + batch / 2;

/// The only operation in the journal, whether or not it has ended.
events::bulk_operation operation_of(node& n) {
    auto all = run(n.operations().list_operations({}, 10)).value().items;
    REQUIRE(all.size() == 1);
    return all[0];
}

void await_end_of_operation(node& n) {
    eventually([&] { return operation_of(n).state == events::bulk_state::done; });
}

/// Starts the bus with an operation that was interrupted, and dies in the middle of one of its batches.
void continue_until_death(const std::filesystem::path& folder, const std::function<void(node&)>& subscribe) {
    static const deadly_clock time;
    node n{folder, node::quick_settings(), adapter_under_test, time};
    subscribe(n);
    time.allowed = reads_until_death;
    n.start();
    await_death();
}

} // namespace

TEST_CASE("if the process dies in a batch of discards, the batch has no effect, and each dead letter is discarded once",
          "[contract]") {
    temporary_directory folder;
    const auto adapter_of_parent = adapter_under_test(folder.path());
    const auto fail_all = [](node& n) {
        n.bus().subscribe(
            {.name = "probe.picky", .topics = {"probe.*"}},
            [](storage::transaction&, const events::event&) -> result<> { return error{errc::conflict, "never"}; });
    };
    const auto count_dead = [](node& n) { return run(n.operations().count_dead_letters({})).value(); };
    const auto archive = [](node& n) { return run(n.operations().list_archive({}, many)).value().items; };
    expect_death([&] {
        static const deadly_clock time;
        auto strict = node::quick_settings();
        strict.retry.attempts = 1;
        node n{folder.path(), strict, adapter_under_test, time};
        fail_all(n);
        n.start();
        deliver_many(n, "probe.picky", false);
        wait_until([&] { return count_dead(n) == many; });
        time.allowed = reads_until_death;
        (void)run(n.operations().discard({}, {.reason = "test"}));
        await_death();
    });
    for (int death = 0;; ++death) {
        INFO("death " << death);
        {
            node n{folder.path()};
            const auto operation = operation_of(n);
            CHECK(operation.state == events::bulk_state::running);
            CHECK(operation.done % batch == 0);
            CHECK(operation.done > 0);
            CHECK(static_cast<std::int64_t>(archive(n).size()) == operation.done);
            CHECK(count_dead(n) == many - operation.done);
        }
        if (death == 2)
            break;
        expect_death([&] { continue_until_death(folder.path(), fail_all); });
    }

    node n{folder.path()};
    fail_all(n);
    n.start();
    await_end_of_operation(n);
    CHECK(operation_of(n).done == many);
    CHECK(count_dead(n) == 0);
    std::set<std::string> discarded;
    for (const auto& each : archive(n))
        CHECK(discarded.insert(each.letter.id).second);
    CHECK(static_cast<std::int64_t>(discarded.size()) == many);
}

TEST_CASE("if the process dies in a batch of replays, the batch has no effect, and each event is replayed once", "[contract]") {
    temporary_directory folder;
    const auto adapter_of_parent = adapter_under_test(folder.path());
    const auto note_all = [](node& n) { n.note_all("probe.all", {"probe.*"}); };
    expect_death([&] {
        static const deadly_clock time;
        node n{folder.path(), node::quick_settings(), adapter_under_test, time};
        note_all(n);
        n.start();
        deliver_many(n, "probe.all", false);
        wait_until([&] { return n.notes("probe.all").size() == static_cast<std::size_t>(many); });
        (void)run(n.operations().pause("probe.all", {}));
        time.allowed = reads_until_death;
        (void)run(n.operations().replay({.subscription = "probe.all"}, "again", {}));
        await_death();
    });
    for (int death = 0;; ++death) {
        INFO("death " << death);
        {
            node n{folder.path()};
            const auto operation = operation_of(n);
            CHECK(operation.state == events::bulk_state::running);
            CHECK(operation.done % batch == 0);
            CHECK(operation.done > 0);
            CHECK(n.count_waiting("probe.all") == operation.done);
            CHECK(n.notes("probe.all").size() == static_cast<std::size_t>(many));
        }
        if (death == 2)
            break;
        expect_death([&] { continue_until_death(folder.path(), note_all); });
    }

    node n{folder.path()};
    note_all(n);
    n.start();
    await_end_of_operation(n);
    CHECK(operation_of(n).done == many);
    REQUIRE(run(n.operations().resume("probe.all", {})));
    n.settle();
    std::vector<std::int64_t> twice;
    for (std::int64_t i = 0; i < many; ++i)
        twice.insert(twice.end(), {i, i});
    CHECK((sorted(n.numbers("probe.all")) == twice));
}

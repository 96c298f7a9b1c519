#include "node.hpp"

#include <support/catch.hpp>

#include <algorithm>
#include <atomic>
#include <exception>
#include <filesystem>
#include <map>
#include <mutex>

using namespace atrium;
using namespace atrium::contract;

// Tests of asynchronous handlers: they may wait, and `complete` makes their effect on the database happen exactly once.

namespace {

/// Subscribes a handler that waits for a moment and then writes a note of its event in the commit that completes the delivery.
void note_slowly(node& n, const std::string& name, int concurrency = 8) {
    n.bus().subscribe({.name = name, .topics = {"#"}, .concurrency = concurrency},
                      [&n, name](events::delivery d) -> awaitable<result<>> {
                          co_await nap(std::chrono::milliseconds{1});
                          co_return co_await d.complete([&](storage::transaction& t) -> result<> {
                              n.write_note(t, name, d.event());
                              return {};
                          });
                      });
}

} // namespace

TEST_CASE("an asynchronous handler runs for several keys at the same time, and in order within each key", "[contract]") {
    // The variables are declared before the node, because a handler may use them even while the node is destroyed.
    std::mutex mutex;
    std::map<std::string, int> running_by_key;
    int running = 0;
    int max_running = 0;
    bool overlapped = false;
    temporary_directory folder;
    node n{folder.path()};
    n.bus().subscribe({.name = "probe.slow", .topics = {"#"}, .concurrency = 3},
                      [&](events::delivery d) -> awaitable<result<>> {
                          {
                              const std::lock_guard lock{mutex};
                              overlapped = overlapped || ++running_by_key[d.event().key] > 1;
                              max_running = std::max(max_running, ++running);
                          }
                          co_await nap(std::chrono::milliseconds{2});
                          const auto outcome = co_await d.complete([&](storage::transaction& t) -> result<> {
                              n.write_note(t, "probe.slow", d.event());
                              return {};
                          });
                          const std::lock_guard lock{mutex};
                          --running_by_key[d.event().key];
                          --running;
                          co_return outcome;
                      });
    n.start();
    for (const auto* key : {"a", "b", "c", "d", "e"})
        n.publish("probe.created", key, range(1, 20));
    n.settle();

    for (const auto* key : {"a", "b", "c", "d", "e"})
        CHECK(n.numbers("probe.slow", key) == range(1, 20));
    CHECK_FALSE(overlapped);
    CHECK(max_running == 3);
}

TEST_CASE("a second call of complete for the same delivery returns not_found and has no effect", "[contract]") {
    temporary_directory folder;
    node n{folder.path()};
    std::promise<errc> second_error;
    n.bus().subscribe({.name = "probe.eager", .topics = {"#"}}, [&](events::delivery d) -> awaitable<result<>> {
        const auto note = [&](storage::transaction& t) -> result<> {
            n.write_note(t, "probe.eager", d.event());
            return {};
        };
        const auto first = co_await d.complete(note);
        const auto second = co_await d.complete(note);
        second_error.set_value(second.error().code);
        co_return first;
    });
    n.start();
    n.publish("probe.created", "k", {1});

    CHECK(second_error.get_future().get() == errc::not_found);
    n.settle();
    CHECK(n.numbers("probe.eager") == range(1, 1));
}

TEST_CASE("a handler that returns success without calling complete has handled its delivery", "[contract]") {
    temporary_directory folder;
    node n{folder.path()};
    std::atomic<int> runs = 0;
    n.bus().subscribe({.name = "probe.outside", .topics = {"#"}}, [&](events::delivery) -> awaitable<result<>> {
        ++runs;
        co_return result<>{};
    });
    n.start();
    n.publish("probe.created", "k", range(1, 5));
    n.settle();
    CHECK(runs == 5);
}

TEST_CASE("a delivery is tried again if the function that its handler passes to complete fails", "[contract]") {
    temporary_directory folder;
    node n{folder.path()};
    std::vector<int> attempts;
    n.bus().subscribe({.name = "probe.unsure", .topics = {"#"}}, [&](events::delivery d) -> awaitable<result<>> {
        attempts.push_back(d.attempt());
        co_return co_await d.complete([&](storage::transaction& t) -> result<> {
            n.write_note(t, "probe.unsure", d.event());
            if (d.attempt() < 3)
                return error{errc::conflict, "not yet"};
            return {};
        });
    });
    n.start();
    n.publish("probe.created", "k", {1});
    n.settle();
    n.stop();
    CHECK(attempts == std::vector{1, 2, 3});
}

TEST_CASE(
    "a delivery whose asynchronous handler fails every time becomes a dead letter, and later events of its key are handled",
    "[contract]") {
    temporary_directory folder;
    node n{folder.path()};
    n.bus().subscribe({.name = "probe.picky", .topics = {"#"}}, [&](events::delivery d) -> awaitable<result<>> {
        if (d.event().data == n.data(1))
            throw std::runtime_error{"number 1 brings bad luck"};
        co_return co_await d.complete([&](storage::transaction& t) -> result<> {
            n.write_note(t, "probe.picky", d.event());
            return {};
        });
    });
    n.start();
    n.publish("probe.created", "k", {1, 2});
    n.settle();
    CHECK(n.numbers("probe.picky") == range(2, 2));
    REQUIRE(n.dead_letters().size() == 1);
    CHECK(n.dead_letters()[0].last_error == "number 1 brings bad luck");
}

TEST_CASE("a handler that exceeds its deadline counts as failed", "[contract]") {
    temporary_directory folder;
    node n{folder.path()};
    std::atomic<int> runs = 0;
    n.bus().subscribe({.name = "probe.stuck", .topics = {"#"}, .deadline = std::chrono::milliseconds{5}},
                      [&](events::delivery) -> awaitable<result<>> {
                          ++runs;
                          co_await nap(std::chrono::hours{1});
                          co_return result<>{};
                      });
    n.start();
    n.publish("probe.created", "k", {1});
    n.settle();
    CHECK(runs == 3);
    REQUIRE(n.dead_letters().size() == 1);
    CHECK(n.dead_letters()[0].last_error == "the handler took longer than 5 ms");
}

TEST_CASE("a stop of the bus cancels handlers that do not end, without using up an attempt of their deliveries", "[contract]") {
    temporary_directory folder;
    std::atomic<bool> stuck = true;
    std::atomic<int> runs = 0;
    std::atomic<bool> attempts_used = false;
    const auto subscribe = [&](node& n) {
        n.bus().subscribe({.name = "probe.stuck", .topics = {"#"}}, [&](events::delivery d) -> awaitable<result<>> {
            ++runs;
            attempts_used = attempts_used || d.attempt() != 1;
            if (stuck)
                co_await nap(std::chrono::hours{1});
            co_return co_await d.complete([&](storage::transaction& t) -> result<> {
                node::write_note(t, "probe.stuck", d.event());
                return {};
            });
        });
    };
    {
        node earlier{folder.path()};
        subscribe(earlier);
        earlier.start();
        earlier.publish("probe.created", "k", {1});
        eventually([&] { return runs == 1; });
        earlier.bus().stop(std::chrono::steady_clock::now());
    }
    stuck = false;
    node n{folder.path()};
    subscribe(n);
    n.start();
    n.settle();
    CHECK_FALSE(attempts_used);
    CHECK(n.numbers("probe.stuck") == range(1, 1));
}

TEST_CASE("a handler that fails because the bus is being stopped does not use up an attempt of its delivery", "[contract]") {
    temporary_directory folder;
    auto strict = node::quick_settings();
    strict.retry.attempts = 1;
    std::atomic<int> runs = 0;
    {
        node n{folder.path(), strict};
        n.bus().subscribe({.name = "probe.stuck", .topics = {"#"}}, [&](events::delivery) -> awaitable<result<>> {
            ++runs;
            try {
                co_await nap(std::chrono::hours{1});
            } catch (const std::exception&) {
                // The handler acts like one that has called another server and got no response.
            }
            co_return error{errc::unavailable, "no answer"};
        });
        n.start();
        n.publish("probe.created", "k", {1});
        eventually([&] { return runs == 1; });
        n.bus().stop(std::chrono::steady_clock::now());
    }
    node n{folder.path(), strict};
    n.note_all("probe.stuck", {"#"});
    n.start();
    n.settle();
    CHECK(n.numbers("probe.stuck") == range(1, 1));
    CHECK(n.dead_letters().empty());
}

TEST_CASE("a delivery is retried when it is due, even if the storage has failed for another one in the meantime",
          "[contract]") {
    temporary_directory folder;
    // The delay of a retry is longer than the pause of 1 s after a storage failure.
    auto patient = node::quick_settings();
    patient.retry.first_delay = patient.retry.max_delay = std::chrono::milliseconds{2500};
    node n{folder.path(), patient};
    std::atomic<int> failed = 0;
    std::atomic<int> faults = 0;
    n.bus().subscribe({.name = "probe.picky", .topics = {"#"}}, [&](events::delivery d) -> awaitable<result<>> {
        if (d.event().key == "fails" && failed++ == 0)
            co_return error{errc::conflict, "not yet"};
        if (d.event().key == "meets_a_fault") {
            co_await nap(std::chrono::milliseconds{100}); // by then, the other delivery has failed
            if (faults++ == 0)
                throw storage::outage{"disk full"};
        }
        co_return co_await d.complete();
    });
    n.start();
    n.publish("probe.created", "fails");
    n.publish("probe.created", "meets_a_fault");
    n.settle();
    CHECK(failed == 2);
    CHECK(faults == 2);
}

TEST_CASE("a delivery that a handler completes while the database file is missing does not use up an attempt", "[contract]") {
    temporary_directory folder;
    node n{folder.path()};
    const auto file = folder.path() / "node.db";
    const auto other_place = folder.path() / "away.db";
    std::atomic<bool> is_published = false;
    std::atomic<bool> is_moved_away = false;
    std::atomic<bool> has_completed = false;
    std::atomic<bool> is_back = false;
    const auto move_once = [&] {
        if (!is_moved_away.exchange(true))
            std::filesystem::rename(file, other_place);
    };
    const bool is_during_commit = GENERATE(false, true);
    std::atomic<int> last_attempt = 0;
    n.bus().subscribe({.name = "probe.unlucky", .topics = {"#"}}, [&](events::delivery d) -> awaitable<result<>> {
        last_attempt = d.attempt();
        while (!is_published)
            co_await nap(std::chrono::milliseconds{1});
        if (!is_during_commit)
            move_once();
        std::exception_ptr failure;
        result<> outcome;
        try {
            outcome = co_await d.complete([&](storage::transaction& t) -> result<> {
                move_once();
                n.write_note(t, "probe.unlucky", d.event());
                return {};
            });
        } catch (...) {
            failure = std::current_exception();
        }
        has_completed = true;
        while (!is_back) // only when the file is back could a failure be recorded as an attempt
            co_await nap(std::chrono::milliseconds{1});
        if (failure)
            std::rethrow_exception(failure);
        co_return outcome;
    });
    n.start();
    n.publish("probe.created", "k");
    is_published = true;
    eventually([&] { return has_completed.load(); });
    std::filesystem::rename(other_place, file);
    eventually([&] { return run(n.store().read([](storage::snapshot&) -> result<bool> { return true; })).has_value(); });
    is_back = true;
    n.settle();
    CHECK(n.numbers("probe.unlucky", "k").size() == 1);
    CHECK(last_attempt == 1);
}

TEST_CASE("an asynchronous handler gets each of 1,000 events once", "[contract]") {
    temporary_directory folder;
    node n{folder.path()};
    note_slowly(n, "probe.slow", 32);
    n.start();
    for (int key = 0; key < 100; ++key)
        n.publish("probe.created", std::to_string(key), range(1, 10));
    n.settle();
    for (int key = 0; key < 100; ++key)
        CHECK(n.numbers("probe.slow", std::to_string(key)) == range(1, 10));
}

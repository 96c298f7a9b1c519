#include "node.hpp"

#include <support/catch.hpp>

#include <chrono>

using namespace atrium;
using namespace atrium::contract;

namespace {

using seconds = std::chrono::duration<double>;

/// Publishes `number` events, each with a key of its own, and returns how long that took.
seconds publish_many(node& n, int number) {
    static int key = 0;
    const auto began = std::chrono::steady_clock::now();
    REQUIRE(run(n.store().write([&](storage::transaction& t) -> result<> {
        for (int i = 0; i < number; ++i)
            n.bus().publish(t, {.topic = "probe.made", .key = std::to_string(key++), .data = node::data(i)});
        return {};
    })));
    return std::chrono::steady_clock::now() - began;
}

} // namespace

TEST_CASE("a large backlog does not slow down publishing") {
    temporary_directory folder;
    node n{folder.path()};
    n.bus().declare({.name = "probe.absent", .topics = {"#"}});
    n.start();
    const auto duration_before = publish_many(n, 1000);
    publish_many(n, 40'000);
    const auto duration_after = publish_many(n, 1000);
    INFO(duration_before.count() << " s and " << duration_after.count() << " s");
    // Publishing would take seconds if each publication scanned the backlog.
    CHECK(duration_after < 10 * duration_before + seconds{0.2});
}

TEST_CASE(
    "the age of the oldest waiting event counts from its due time if it was scheduled, and otherwise from its publication") {
    using namespace std::chrono_literals;
    temporary_directory folder;
    wrong_clock time{0ms};
    node n{folder.path(), node::quick_settings(), adapter_under_test, time};
    n.bus().declare({.name = "probe.absent", .topics = {"#"}});
    n.start();
    const auto oldest = [&] { return run(n.bus().inspect()).value().oldest; };
    n.schedule(time.now() + 2h, "probe.made", "k", {1});
    const bool has_older = GENERATE(false, true);
    if (has_older)
        n.publish("probe.made", "other", {2});
    time.offset = 2h;
    eventually([&] { return n.count_pending() == (has_older ? 2 : 1); });
    CHECK((oldest() >= 2h) == has_older);
    CHECK(oldest() < 3h);
}

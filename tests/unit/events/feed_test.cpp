#include "node.hpp"

#include <events/feed.hpp>
#include <support/catch.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include <thread>

using namespace atrium;
using namespace atrium::contract;

namespace {

using seqs = std::vector<std::int64_t>;

awaitable<seqs> seqs_of(events::feed& feed, std::string topic, std::int64_t last_seen, std::size_t count) {
    const auto follower = co_await feed.follow(events::topic_pattern{topic}, events::event_seq{last_seen});
    seqs found;
    while (found.size() < count) {
        const auto next = co_await (*follower)->next();
        for (const auto& each : *next)
            found.push_back(each.seq.value);
    }
    co_return found;
}

error refusal_of(events::feed& feed, std::int64_t last_seen) {
    return run(feed.follow(events::topic_pattern{"#"}, events::event_seq{last_seen})).error();
}

} // namespace

TEST_CASE("a follower that starts at a seq gets every later event once and in order") {
    temporary_directory folder;
    node n{folder.path()};
    n.start();
    n.publish("probe.made", "k", range(1, 250));

    const auto seen = run(seqs_of(n.bus().feed(), "#", 10, 240));

    CHECK(seen == range(11, 250));
}

TEST_CASE("a follower that starts without a seq gets the events that are committed afterwards") {
    temporary_directory folder;
    node n{folder.path()};
    n.start();
    n.publish("probe.made", "k", range(1, 5));

    const auto watch = [&]() -> awaitable<seqs> {
        const auto follower = co_await n.bus().feed().follow(events::topic_pattern{"#"}, std::nullopt);
        std::thread publisher{[&] {
            for (int i = 0; i < 3; ++i)
                n.publish("probe.made", "k", {i});
        }};
        seqs found;
        while (found.size() < 3)
            for (const auto& each : (co_await (*follower)->next()).value())
                found.push_back(each.seq.value);
        publisher.join();
        co_return found;
    };
    CHECK(run(watch()) == seqs{6, 7, 8});
}

TEST_CASE("a follower gets only events whose topic matches its pattern") {
    temporary_directory folder;
    node n{folder.path()};
    n.start();
    for (int i = 0; i < 150; ++i)
        n.publish(i % 50 == 49 ? "probe.rare" : "probe.made", "k", {i});

    CHECK(run(seqs_of(n.bus().feed(), "*.rare", 0, 3)) == seqs{50, 100, 150});
}

TEST_CASE("a follower whose wait was cancelled gets later events when it waits again") {
    temporary_directory folder;
    node n{folder.path()};
    n.start();

    asio::io_context loop{1};
    asio::cancellation_signal stop;
    std::unique_ptr<events::feed::follower> follower;
    const auto wait = [&]() -> awaitable<> {
        follower = (co_await n.bus().feed().follow(events::topic_pattern{"#"}, std::nullopt)).value();
        asio::post(loop, [&] { stop.emit(asio::cancellation_type::terminal); });
        (void)co_await follower->next();
    };
    bool is_cancelled = false;
    const auto note = [&](const std::exception_ptr& failure) {
        try {
            std::rethrow_exception(failure);
        } catch (const boost::system::system_error& e) {
            is_cancelled = e.code() == asio::error::operation_aborted;
        }
    };
    asio::co_spawn(loop, wait(), asio::bind_cancellation_slot(stop.slot(), note));
    loop.run();
    REQUIRE(is_cancelled);

    n.publish("probe.made", "k", {1});
    std::size_t found = 0;
    const auto continue_reading = [&]() -> awaitable<> { found = (co_await follower->next()).value().size(); };
    loop.restart();
    asio::co_spawn(loop, continue_reading(), asio::detached);
    loop.run();
    CHECK(found == 1);
}

TEST_CASE("a follower is refused if it would start at a removed event or at a future seq") {
    temporary_directory folder;
    auto short_retention = node::quick_settings();
    short_retention.retention = {.age = std::chrono::hours{1000}, .count = 10, .every = std::chrono::milliseconds{5}};
    node n{folder.path(), short_retention};
    n.start();
    n.publish("probe.made", "k", range(1, 100));
    eventually([&] { return n.count_events() == 10; });

    CHECK(refusal_of(n.bus().feed(), 42).code == errc::not_found);
    CHECK_THAT(refusal_of(n.bus().feed(), 42).detail, Catch::Matchers::ContainsSubstring("the oldest one kept has the seq 91"));
    CHECK(refusal_of(n.bus().feed(), 101).code == errc::malformed);
    CHECK(run(seqs_of(n.bus().feed(), "#", 90, 10)) == range(91, 100));
}

TEST_CASE("a follower that reaches a gap of removed events gets the error not_found") {
    temporary_directory folder;
    auto short_retention = node::quick_settings();
    short_retention.retention = {.age = std::chrono::hours{1000}, .count = 0, .every = std::chrono::milliseconds{5}};
    node n{folder.path(), short_retention};
    n.bus().declare({.name = "probe.absent", .topics = {"probe.unhandled"}});
    n.start();
    n.publish("probe.unhandled", "k", {1});
    n.publish("probe.made", "k", range(1, 100));
    eventually([&] { return n.count_events() == 2; });

    const auto watch = [&]() -> awaitable<error> {
        const auto follower = (co_await n.bus().feed().follow(events::topic_pattern{"#"}, events::event_seq{})).value();
        co_return (co_await follower->next()).error();
    };
    const auto refused = run(watch());
    CHECK(refused.code == errc::not_found);
    CHECK(refused.detail == "events after 1 are no longer kept; the oldest one kept has the seq 101");
}

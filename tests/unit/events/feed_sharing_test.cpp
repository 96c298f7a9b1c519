#include "node.hpp"

#include <events/feed.hpp>
#include <support/catch.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <random>

using namespace atrium;
using namespace atrium::contract;
using events::event_seq;

// Tests with many followers of one feed: how often they read the journal, and which events each of them gets.

namespace {

/// Forwards all calls to the database of a node, and counts the reads.
class counting_database final : public storage::database {
public:
    explicit counting_database(storage::database& target) : database_{target} {}

    awaitable<result<>> read(std::string_view owner, storage::read_task& task) override {
        ++reads;
        return database_.read(owner, task);
    }
    awaitable<result<>> write(std::string_view owner, storage::write_priority priority, storage::write_task& task) override {
        return database_.write(owner, priority, task);
    }

    std::atomic<int> reads = 0;

private:
    storage::database& database_;
};

/// A feed whose reads are counted, in addition to the feed of the node. `publish` notifies this feed of each commit.
struct sharing_fixture {
    temporary_directory folder;
    node n{folder.path()};
    counting_database database{n.database()};
    std::unique_ptr<events::feed> feed;

    explicit sharing_fixture(events::feed_settings settings = {}) {
        n.start();
        feed = std::make_unique<events::feed>(storage::store{database, "events"}, settings);
    }

    void publish(const std::string& topic, std::int64_t count = 1) {
        n.publish(topic, "k", range(1, count));
        feed->on_committed();
    }
};

/// Follows the feed and records the seqs of the events, until it has `count` of them.
awaitable<> record_seqs(events::feed& feed, std::string topic, std::optional<event_seq> last_seen, std::size_t count,
                        std::vector<std::int64_t>& seqs, std::atomic<int>& ready) {
    const auto follower = (co_await feed.follow(events::topic_pattern{topic}, last_seen)).value();
    ++ready;
    while (seqs.size() < count)
        for (const auto& each : (co_await follower->next()).value())
            seqs.push_back(each.seq.value);
}

/// Runs the loop until none of its coroutines can continue. Those that are left wait for events or for another thread.
void run_ready(asio::io_context& loop) {
    loop.restart();
    while (loop.poll() > 0) {
    }
}

} // namespace

TEST_CASE(
    "a thousand followers on one thread share each read of new events, and an event reaches only those whose pattern matches") {
    sharing_fixture fixture;
    asio::io_context loop{1};
    std::vector<std::vector<std::int64_t>> seqs(1'000);
    std::atomic<int> ready = 0;
    for (std::size_t i = 0; i < seqs.size(); ++i)
        asio::co_spawn(loop, record_seqs(*fixture.feed, i < 10 ? "probe.rare" : "probe.other", std::nullopt, 1, seqs[i], ready),
                       asio::detached);
    run_ready(loop);
    REQUIRE(ready == 1'000);

    fixture.database.reads = 0;
    fixture.publish("probe.made", 50);
    fixture.publish("probe.rare");
    run_ready(loop);
    CHECK(fixture.database.reads == 1);
    for (std::size_t i = 0; i < seqs.size(); ++i)
        REQUIRE(seqs[i] == (i < 10 ? std::vector<std::int64_t>{51} : std::vector<std::int64_t>{}));
    fixture.publish("probe.other");
    run_ready(loop);
    CHECK(fixture.database.reads == 2);
    CHECK(seqs.back() == std::vector<std::int64_t>{52});
    CHECK(fixture.feed->followers() == 0);
}

TEST_CASE("a follower beyond the max number of followers is refused until another one ends") {
    sharing_fixture fixture{{.followers = 2}};
    const auto follow = [&] { return fixture.feed->follow(events::topic_pattern{"#"}, std::nullopt); };
    const auto check_limit = [&]() -> awaitable<> {
        auto first = (co_await follow()).value();
        const auto second = (co_await follow()).value();
        const auto refused = (co_await follow()).error();
        CHECK(refused.code == errc::unavailable);
        CHECK_THAT(refused.detail, Catch::Matchers::ContainsSubstring("events.feed.followers"));
        first.reset();
        const auto third = co_await follow();
        CHECK(third);
    };
    run(check_limit());
    CHECK(fixture.feed->followers() == 0);
}

TEST_CASE("a replay with few matches reads each block of the journal once, and later replays skip the blocks without a match") {
    sharing_fixture fixture;
    fixture.publish("probe.made", 5'500);
    fixture.publish("probe.last");
    const auto replay = [&](const std::string& topic) {
        std::vector<std::int64_t> seqs;
        std::atomic<int> ready = 0;
        fixture.database.reads = 0;
        run(record_seqs(*fixture.feed, topic, event_seq{}, 1, seqs, ready));
        CHECK(seqs == std::vector<std::int64_t>{5'501});
        return fixture.database.reads.load();
    };
    CHECK(replay("probe.last") == 7); // one read when the follower begins, and one for each of 6 blocks
    CHECK(replay("probe.last") == 2); // one read when the follower begins, and one for the last block
    CHECK(replay("*.last") == 2);
    CHECK(replay("probe.last.#") == 2);
}

TEST_CASE("every follower gets each matching event once and in order, wherever it starts") {
    sharing_fixture fixture;
    std::mt19937 random{20261128};
    const std::vector<std::string> topics{"probe.made", "probe.rare", "probe.other", "probe.made"};
    std::map<std::string, std::vector<std::int64_t>> published;
    std::int64_t last = 0;
    const auto publish = [&] {
        const auto& topic = topics[random() % topics.size()];
        const auto count = static_cast<std::int64_t>(1 + random() % 300);
        fixture.publish(topic, count);
        for (const auto seq : range(last + 1, last + count)) {
            published[topic].push_back(seq);
            published["#"].push_back(seq);
        }
        last += count;
    };
    for (int i = 0; i < 20; ++i)
        publish();

    const std::vector<std::string> patterns{"#", "probe.made", "probe.rare", "probe.other"};
    struct watch {
        std::string pattern;
        std::int64_t last_seen;
        std::vector<std::int64_t> seqs;
    };
    asio::io_context loop{1};
    std::vector<std::unique_ptr<watch>> watches;
    std::atomic<int> ready = 0;
    for (int round = 0; round < 60; ++round) {
        const auto last_seen = static_cast<std::int64_t>(random() % static_cast<unsigned>(last + 1));
        auto& w = *watches.emplace_back(std::make_unique<watch>(patterns[random() % patterns.size()], last_seen));
        asio::co_spawn(loop, record_seqs(*fixture.feed, w.pattern, event_seq{last_seen}, 1'000'000, w.seqs, ready),
                       asio::detached);
        publish();
        run_ready(loop);
    }
    const auto expected = [&](const watch& w) {
        std::vector<std::int64_t> all;
        for (const auto seq : published[w.pattern])
            if (seq > w.last_seen)
                all.push_back(seq);
        return all;
    };
    eventually([&] {
        loop.restart();
        loop.run_for(std::chrono::milliseconds{10});
        return std::ranges::all_of(watches, [&](const auto& w) { return w->seqs.size() >= expected(*w).size(); });
    });
    for (const auto& w : watches)
        REQUIRE(w->seqs == expected(*w));
}

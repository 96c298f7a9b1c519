#include "pear_market.hpp"

#include <resource/feed_source.hpp>
#include <support/catch.hpp>

#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>

#include <string>
#include <vector>

namespace atrium::resource {
namespace {

using source = feed_source<std::string>;
using events::event;
using keys = std::vector<std::string>;

/// A process in which a test publishes events about pears and follows them.
struct feed_fixture : pears::pears_graphql_fixture {
    void publish_pear(const std::string& name) { publish({.topic = "pears.pear_planted", .key = name, .data = "{}"}); }

    /// Removes events, as retention does.
    void remove_all_but_last() {
        const auto remove = [](storage::transaction& t) -> result<> {
            t.execute("DELETE FROM events_log WHERE seq < (SELECT max(seq) FROM events_log)");
            return {};
        };
        REQUIRE(support::run(store("events").write(remove)));
    }

    /// Follows the events from the first one on. `read` returns their rows.
    awaitable<source::opened> follow(source::row_reader read) {
        return source::open(context("pears").feed, "pears.pear_planted", events::event_seq{}, std::move(read));
    }
    awaitable<source::opened> resume(const graphql::context& c, source::row_reader read) {
        return source::resume(context("pears").feed, "pears.pear_planted", c, std::move(read));
    }
};

source::rows rows_of(const std::vector<event>& events) {
    source::rows all;
    for (const auto& each : events)
        all.push_back({each.seq, each.key});
    return all;
}

keys keys_of(const std::vector<event>& events) {
    keys all;
    for (const auto& each : events)
        all.push_back(each.key);
    return all;
}

awaitable<std::string> next_of(graphql::event_source<std::string>& subscription) {
    co_return (co_await subscription.next()).value().value();
}

} // namespace

TEST_CASE("a batch of events becomes rows that are delivered one by one before the next batch is read") {
    feed_fixture fixture;
    fixture.publish_pear("a");
    fixture.publish_pear("b");
    std::vector<keys> batches;
    const auto read = [&](std::vector<event> events) -> awaitable<result<source::rows>> {
        batches.push_back(keys_of(events));
        co_return rows_of(events);
    };
    const auto follow = [&]() -> awaitable<> {
        const auto subscription = (co_await fixture.follow(read)).value();
        const auto first = co_await next_of(*subscription);
        CHECK(first == "a");
        fixture.publish_pear("c");
        const auto second = co_await next_of(*subscription);
        CHECK(second == "b");
        CHECK(batches == std::vector<keys>{{"a", "b"}});
        const auto third = co_await next_of(*subscription);
        CHECK(third == "c");
        CHECK(batches == std::vector<keys>{{"a", "b"}, {"c"}});
    };
    support::run(follow());
}

TEST_CASE("events for which there is no row are skipped") {
    feed_fixture fixture;
    fixture.publish_pear("a");
    const auto read = [&](std::vector<event> events) -> awaitable<result<source::rows>> {
        if (events.front().key == "b")
            co_return rows_of(events);
        fixture.publish_pear("b");
        co_return source::rows{};
    };
    const auto follow = [&]() -> awaitable<> {
        const auto subscription = (co_await fixture.follow(read)).value();
        const auto first = co_await next_of(*subscription);
        CHECK(first == "b");
    };
    support::run(follow());
}

TEST_CASE("if the rows of events cannot be read, the feed source returns the error") {
    feed_fixture fixture;
    fixture.publish_pear("a");
    const auto read = [](std::vector<event>) -> awaitable<result<source::rows>> {
        co_return error{.code = errc::unavailable, .detail = "later"};
    };
    const auto follow = [&]() -> awaitable<> {
        const auto subscription = (co_await fixture.follow(read)).value();
        const auto next = co_await subscription->next();
        REQUIRE_FALSE(next);
        CHECK(next.error().detail == "later");
    };
    support::run(follow());
}

TEST_CASE("a feed source cannot begin after a seq that the journal has not reached") {
    feed_fixture fixture;
    const auto read = [](std::vector<event> events) -> awaitable<result<source::rows>> { co_return rows_of(events); };
    const auto opened = support::run(source::open(fixture.context("pears").feed, "#", events::event_seq{9}, read));
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == errc::malformed);
}

TEST_CASE("a resumed feed source continues after the last delivered row, even within a batch") {
    feed_fixture fixture;
    for (const auto* name : {"a", "b", "c"})
        fixture.publish_pear(name);
    const auto read = [](std::vector<event> events) -> awaitable<result<source::rows>> { co_return rows_of(events); };
    const auto follow = [&]() -> awaitable<> {
        const auto subscription = (co_await fixture.follow(read)).value();
        CHECK(subscription->resume_token() == "0");
        const auto first = co_await next_of(*subscription);
        CHECK(first == "a");
        CHECK(subscription->resume_token() == "1");

        graphql::context returning_client;
        returning_client.resume_token = subscription->resume_token();
        const auto resumed = (co_await fixture.resume(returning_client, read)).value();
        CHECK(resumed->resume_token() == "1");
        const auto second = co_await next_of(*resumed);
        CHECK(second == "b");
        const auto third = co_await next_of(*resumed);
        CHECK(third == "c");
        CHECK(resumed->resume_token() == "3");
    };
    support::run(follow());
}

TEST_CASE("a client without a resume token gets only later events, and a token for the position at which it began") {
    feed_fixture fixture;
    fixture.publish_pear("a");
    const auto read = [](std::vector<event> events) -> awaitable<result<source::rows>> { co_return rows_of(events); };
    const auto follow = [&]() -> awaitable<> {
        const graphql::context new_client;
        const auto subscription = (co_await fixture.resume(new_client, read)).value();
        CHECK(subscription->resume_token() == "1");
        fixture.publish_pear("b");
        const auto next = co_await next_of(*subscription);
        CHECK(next == "b");
    };
    support::run(follow());
}

TEST_CASE("a resume token that is neither a seq nor 0 is refused") {
    feed_fixture fixture;
    const auto read = [](std::vector<event> events) -> awaitable<result<source::rows>> { co_return rows_of(events); };
    for (const auto* token : {"x", "-1", "01", "+1", "1 ", "9223372036854775808", "complete"}) {
        graphql::context returning_client;
        returning_client.resume_token = token;
        const auto opened = support::run(fixture.resume(returning_client, read));
        REQUIRE_FALSE(opened);
        CHECK(opened.error().code == errc::malformed);
    }
}

TEST_CASE(
    "the resume token of a source without new rows advances with the journal, so that it stays valid when events are removed") {
    using namespace boost::asio::experimental::awaitable_operators;
    feed_fixture fixture;
    fixture.publish_pear("a");
    const auto read = [](std::vector<event> events) -> awaitable<result<source::rows>> { co_return rows_of(events); };
    const auto resume_behind_removed_events = [&](const source::opened::value_type& subscription) -> awaitable<std::string> {
        for (int i = 0; i < 250; ++i) // more than the follower reads in one step
            fixture.publish({.topic = "pears.pear_eaten", .key = "other", .data = "{}"});
        while (subscription->resume_token() != "251")
            co_await boost::asio::post(boost::asio::deferred);
        fixture.remove_all_but_last();

        graphql::context returning_client;
        returning_client.resume_token = subscription->resume_token();
        const auto resumed = (co_await fixture.resume(returning_client, read)).value();
        fixture.publish_pear("b");
        co_return co_await next_of(*resumed);
    };
    const auto follow = [&]() -> awaitable<> {
        const auto subscription = (co_await fixture.follow(read)).value();
        const auto first = co_await next_of(*subscription);
        CHECK(first == "a");
        const auto [second, resumed] = co_await (next_of(*subscription) && resume_behind_removed_events(subscription));
        CHECK(second == "b");
        CHECK(resumed == "b");
        CHECK(subscription->resume_token() == "252");
    };
    support::run(follow());
}

TEST_CASE("while the rows of events are read, the resume token is still a position before these events") {
    feed_fixture fixture;
    for (const auto* key : {"skipped", "skipped, too"})
        fixture.publish({.topic = "pears.pear_eaten", .key = key, .data = "{}"});
    for (const auto* name : {"a", "b", "c"})
        fixture.publish_pear(name);
    std::string token;
    const graphql::event_source<std::string>* subscription = nullptr;
    const auto read = [&](std::vector<event> events) -> awaitable<result<source::rows>> {
        token = subscription->resume_token();
        co_return rows_of(events);
    };
    const auto follow = [&]() -> awaitable<> {
        const auto opened = (co_await fixture.follow(read)).value();
        subscription = opened.get();
        const auto first = co_await next_of(*opened);
        CHECK(first == "a");
        CHECK(token == "2");
        CHECK(opened->resume_token() == "3");
    };
    support::run(follow());
}

TEST_CASE("a client that resumes misses no row, even if rows are in another order than their events") {
    feed_fixture fixture;
    for (const auto* name : {"a", "b", "c"})
        fixture.publish_pear(name);
    const auto read = [](std::vector<event> events) -> awaitable<result<source::rows>> {
        auto rows = rows_of(events);
        std::swap(rows[0], rows[1]);
        co_return rows;
    };
    std::vector<std::string> delivered;
    const auto follow = [&]() -> awaitable<> {
        const auto subscription = (co_await fixture.follow(read)).value();
        for (int i = 0; i < 3; ++i) {
            const auto row = co_await next_of(*subscription);
            delivered.push_back(row + subscription->resume_token());
        }
    };
    support::run(follow());
    CHECK(delivered == std::vector<std::string>{"b0", "a2", "c3"});
}

TEST_CASE("find_announced returns rows by ascending id, each with the seq of its first event") {
    struct tree {
        int id;
        bool operator==(const tree&) const = default;
    };
    std::vector<event> events;
    for (const auto* key : {"3", "1", "other", "2", "1"}) {
        events.emplace_back();
        events.back().seq = {static_cast<std::int64_t>(10 + events.size())};
        events.back().key = key;
    }
    const auto id_of = [](const event& e) { return e.key == "other" ? std::nullopt : std::optional{std::stoi(e.key)}; };
    const auto find = [](std::span<const int> ids) -> awaitable<result<std::vector<std::optional<tree>>>> {
        std::vector<std::optional<tree>> found;
        for (const auto id : ids)
            found.push_back(id == 2 ? std::nullopt : std::optional{tree{id}});
        co_return found;
    };
    const auto rows = support::run(find_announced<tree>(events, id_of, find, &tree::id)).value();
    REQUIRE(rows.size() == 2);
    CHECK((rows[0].seq.value == 12 && rows[0].row == tree{1}));
    CHECK((rows[1].seq.value == 11 && rows[1].row == tree{3}));
}

} // namespace atrium::resource

#include "pear_market.hpp"

#include <host/feed_source.hpp>
#include <support/catch.hpp>

#include <string>
#include <vector>

namespace atrium::host {
namespace {

using source = feed_source<std::string>;
using events::event;
using keys = std::vector<std::string>;

/// A market whose pears are told of as they are planted.
struct announced : pears::market {
    void tell(const std::string& name) { publish({.topic = "pears.pear_planted", .key = name, .data = "{}"}); }

    /// From the first event on; the rows are what `read` makes of them.
    awaitable<source::opened> follow(source::reading read) {
        return source::open(context("pears").feed, "pears.pear_planted", 0, std::move(read));
    }
};

keys keys_of(const std::vector<event>& events) {
    keys all;
    for (const auto& each : events)
        all.push_back(each.key);
    return all;
}

awaitable<std::string> next_of(graphql::event_source<std::string>& told) {
    co_return (co_await told.next()).value().value();
}

} // namespace

TEST_CASE("a batch of events becomes rows that are told one by one, and the next is read when all were taken") {
    announced here;
    here.tell("a");
    here.tell("b");
    std::vector<keys> batches;
    const auto read = [&](std::vector<event> events) -> awaitable<result<keys>> {
        batches.push_back(keys_of(events));
        co_return keys_of(events);
    };
    const auto follow = [&]() -> awaitable<> {
        const auto told = (co_await here.follow(read)).value();
        const auto first = co_await next_of(*told);
        CHECK(first == "a");
        here.tell("c");
        const auto second = co_await next_of(*told);
        CHECK(second == "b");
        CHECK(batches == std::vector<keys>{{"a", "b"}});
        const auto third = co_await next_of(*told);
        CHECK(third == "c");
        CHECK(batches == std::vector<keys>{{"a", "b"}, {"c"}});
    };
    support::run(follow());
}

TEST_CASE("events that mean no row are passed over") {
    announced here;
    here.tell("a");
    const auto read = [&](std::vector<event> events) -> awaitable<result<keys>> {
        if (events.front().key == "b")
            co_return keys_of(events);
        here.tell("b");
        co_return keys{};
    };
    const auto follow = [&]() -> awaitable<> {
        const auto told = (co_await here.follow(read)).value();
        const auto first = co_await next_of(*told);
        CHECK(first == "b");
    };
    support::run(follow());
}

TEST_CASE("where the rows of events cannot be read, the source says why") {
    announced here;
    here.tell("a");
    const auto read = [](std::vector<event>) -> awaitable<result<keys>> {
        co_return error{.code = errc::unavailable, .detail = "later"};
    };
    const auto follow = [&]() -> awaitable<> {
        const auto told = (co_await here.follow(read)).value();
        const auto next = co_await told->next();
        REQUIRE_FALSE(next);
        CHECK(next.error().detail == "later");
    };
    support::run(follow());
}

TEST_CASE("a place in the journal that lies ahead cannot be followed from") {
    announced here;
    const auto read = [](std::vector<event> events) -> awaitable<result<keys>> { co_return keys_of(events); };
    const auto opened = support::run(source::open(here.context("pears").feed, "#", 9, read));
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == errc::malformed);
}

} // namespace atrium::host

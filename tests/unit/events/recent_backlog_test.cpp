#include "core/recent_backlog.hpp"

#include <support/catch.hpp>

namespace atrium::events {
namespace {

using namespace std::chrono_literals;

const recent_backlog::clock::time_point start{1000h};

backlog some_backlog(std::int64_t pending, std::int64_t dead = 0) {
    backlog counts;
    counts.pending = pending;
    counts.dead = dead;
    return counts;
}

TEST_CASE("a small backlog is counted again for each caller") {
    recent_backlog recent;
    CHECK_FALSE(recent.find(start));
    recent.keep(some_backlog(recent_backlog::large - 1), start, start + 1s);
    CHECK_FALSE(recent.find(start + 1s));
    CHECK_FALSE(recent.find(start + 1s));
    CHECK(recent.last()->pending == recent_backlog::large - 1); // last() is for callers that cannot count at the moment
}

TEST_CASE("the count of a large backlog is used for ten times as long as counting took, but at most for ten seconds") {
    recent_backlog recent;
    recent.keep(some_backlog(recent_backlog::large), start, start + 100ms);
    CHECK(recent.find(start + 1099ms)->pending == recent_backlog::large);
    CHECK_FALSE(recent.find(start + 1100ms));

    recent.keep(some_backlog(0, recent_backlog::large), start, start + 3s);
    CHECK(recent.find(start + 12999ms)->dead == recent_backlog::large);
    CHECK_FALSE(recent.find(start + 13s));
}

TEST_CASE("while one caller counts, others get the last count, until the first caller takes too long and another one counts") {
    recent_backlog recent;
    recent.keep(some_backlog(recent_backlog::large), start, start + 100ms);
    CHECK_FALSE(recent.find(start + 2s));
    CHECK(recent.find(start + 2199ms));
    CHECK_FALSE(recent.find(start + 2200ms));
}

} // namespace
} // namespace atrium::events

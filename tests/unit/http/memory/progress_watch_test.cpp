#include "memory/progress_watch.hpp"

#include <support/catch.hpp>

using namespace atrium::http;
using namespace std::chrono_literals;

TEST_CASE("a client for which the server does not wait is not stalled") {
    progress_watch watch;
    CHECK_FALSE(watch.is_stalled(progress_watch::time_point{} + 1h, 1s));
    watch.begin(progress_watch::time_point{});
    watch.end();
    CHECK_FALSE(watch.is_stalled(progress_watch::time_point{} + 1h, 1s));
}

TEST_CASE("a few bytes do not count as a client's progress, but 16 KiB do") {
    const progress_watch::time_point begin{};
    progress_watch watch;
    watch.begin(begin);
    CHECK_FALSE(watch.is_stalled(begin + 999ms, 1s));
    watch.advance(1, begin + 900ms);
    CHECK(watch.is_stalled(begin + 1s, 1s));
    watch.advance(16 * 1024, begin + 1s);
    CHECK_FALSE(watch.is_stalled(begin + 1999ms, 1s));
    CHECK(watch.is_stalled(begin + 2s, 1s));
}

TEST_CASE("calling begin() while the server already waits does not extend the time after which the client is stalled") {
    const progress_watch::time_point begin{};
    progress_watch watch;
    watch.begin(begin);
    watch.begin(begin + 900ms);
    CHECK(watch.is_stalled(begin + 1s, 1s));
}

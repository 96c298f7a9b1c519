#include <base/token_bucket.hpp>
#include <support/catch.hpp>

namespace atrium {
namespace {

using namespace std::chrono_literals;

/// Adds 250 ms of computing time per second to a bucket that holds at most 2 s.
constexpr token_bucket::rate quarter{.per_second = 250ms, .burst = 2s};
const token_bucket::clock::time_point start{1h};

TEST_CASE("a bucket starts full and fills up again") {
    token_bucket bucket;
    CHECK(bucket.left(quarter, start) == 2s);
    bucket.take(quarter, 1s, start);
    CHECK(bucket.left(quarter, start) == 1s);
    CHECK(bucket.left(quarter, start + 1s) == 1250ms);
    CHECK(bucket.full_at() == start + 4s);
    CHECK(bucket.left(quarter, start + 1h) == 2s);
}

TEST_CASE("a bucket never holds more than its burst") {
    token_bucket bucket;
    bucket.take(quarter, 1s, start);
    bucket.take(quarter, 1s, start + 1h);
    CHECK(bucket.left(quarter, start + 1h) == 1s);
}

TEST_CASE("the waiting time of an overdrawn bucket is the time until its debt is paid back") {
    token_bucket bucket;
    CHECK(bucket.waiting_time(quarter, start) == 0s);
    bucket.take(quarter, 1999ms, start);
    CHECK(bucket.waiting_time(quarter, start) == 0s);
    bucket.take(quarter, 1001ms, start);
    CHECK(bucket.left(quarter, start) == -1s);
    CHECK(bucket.waiting_time(quarter, start) == 4s);
    CHECK(bucket.waiting_time(quarter, start + 3s) == 1s);
    CHECK(bucket.waiting_time(quarter, start + 5s) == 0s);
}

} // namespace
} // namespace atrium

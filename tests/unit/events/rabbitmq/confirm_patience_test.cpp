#include "rabbitmq/confirm_patience.hpp"

#include <support/catch.hpp>

using atrium::events::rabbitmq::confirm_patience;
using namespace std::chrono_literals;

namespace {

const confirm_patience::clock::time_point start{1h};

} // namespace

TEST_CASE("a connection is abandoned once its oldest message has waited too long for its confirm") {
    confirm_patience p;
    CHECK_FALSE(p.is_exhausted({7}, start));
    CHECK_FALSE(p.is_exhausted({7}, start + 15s));
    CHECK(p.is_exhausted({7}, start + 16s));
}

TEST_CASE("a broker that confirms slowly but in order keeps its connection") {
    confirm_patience p;
    auto now = start;
    for (std::int64_t oldest = 1; oldest < 100; ++oldest, now += 14s)
        CHECK_FALSE(p.is_exhausted({oldest}, now)); // each message waits long, but is the oldest one for only 14 seconds
}

TEST_CASE("a message that alone stays unconfirmed doubles the wait for its confirm on each new connection, up to ten minutes") {
    confirm_patience p;
    auto now = start;
    for (const auto wait : {15s, 30s, 60s, 120s, 240s, 480s, 600s, 600s}) {
        CHECK_FALSE(p.is_exhausted({7}, now));
        p.note_finished({8}); // a message to another queue
        CHECK_FALSE(p.is_exhausted({7}, now + wait));
        now += wait + 1s;
        CHECK(p.is_exhausted({7}, now));
    }
}

TEST_CASE("the wait for a confirm is short again once the message that has made it longer is confirmed") {
    confirm_patience p;
    CHECK_FALSE(p.is_exhausted({7}, start));
    CHECK(p.is_exhausted({7}, start + 16s));
    CHECK_FALSE(p.is_exhausted({7}, start + 20s));
    p.note_finished({7});
    CHECK_FALSE(p.is_exhausted({9}, start + 21s));
    CHECK(p.is_exhausted({9}, start + 37s));
}

TEST_CASE("a call of restart lets the wait for a confirm start from the beginning") {
    confirm_patience p;
    CHECK_FALSE(p.is_exhausted({7}, start));
    p.restart();
    CHECK_FALSE(p.is_exhausted({7}, start + 1h));
    CHECK_FALSE(p.is_exhausted({7}, start + 1h + 15s));
}

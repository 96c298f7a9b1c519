#include "rabbitmq/liveness.hpp"

#include <support/catch.hpp>

using atrium::events::rabbitmq::liveness;
using namespace std::chrono_literals;
using verdict = liveness::verdict;

namespace {

const liveness::clock::time_point start{1h};
constexpr liveness::counts quiet{.queue_exists = true, .ready = 0, .consumers = 1, .can_take_more = true};

} // namespace

TEST_CASE("a consumer counts as not receiving once the broker's counts are suspicious twice in a row") {
    const auto suspicious = GENERATE(liveness::counts{.queue_exists = false, .ready = 0, .consumers = 0, .can_take_more = true},
                                     liveness::counts{.queue_exists = true, .ready = 0, .consumers = 0, .can_take_more = true},
                                     liveness::counts{.queue_exists = true, .ready = 3, .consumers = 1, .can_take_more = true});
    liveness l;
    l.begin(start);
    CHECK(l.check(suspicious, start + 1s) == verdict::alive);
    CHECK(l.check(quiet, start + 2s) == verdict::alive);
    CHECK(l.check(suspicious, start + 3s) == verdict::alive);
    CHECK(l.check(suspicious, start + 4s) == verdict::not_receiving);
}

TEST_CASE("waiting messages are not suspicious while others arrive, or while the consumer can take no more") {
    liveness l;
    l.begin(start);
    auto waiting = quiet;
    waiting.ready = 1000;
    for (int i = 1; i < 20; ++i) {
        l.note_message(start + i * 5s);
        CHECK(l.check(waiting, start + i * 5s) == verdict::alive);
    }
    waiting.can_take_more = false; // for example because the storage fails
    for (int i = 20; i < 40; ++i)
        CHECK(l.check(waiting, start + i * 5s) == verdict::alive);
}

TEST_CASE("a consumer that receives messages is alive, even if the broker counts no consumer") {
    liveness l;
    l.begin(start);
    auto uncounted = quiet;
    uncounted.consumers = 0;
    for (int i = 1; i < 5; ++i) {
        l.note_message(start + i * 5s);
        CHECK(l.check(uncounted, start + i * 5s) == verdict::alive);
    }
}

TEST_CASE("without messages, probes are sent at intervals that grow to a minute while the probes arrive") {
    liveness l;
    l.begin(start);
    CHECK(l.check(quiet, start + 4s) == verdict::alive);
    CHECK(l.check(quiet, start + 5s) == verdict::probe);
    l.note_probe_sent(start + 5s);
    l.note_probe_received(start + 6s);
    CHECK(l.check(quiet, start + 15s) == verdict::alive);
    CHECK(l.check(quiet, start + 16s) == verdict::probe);
    for (auto now = start + 16s; now < start + 1000s; now += 100s) {
        l.note_probe_sent(now);
        l.note_probe_received(now);
    }
    CHECK(l.check(quiet, start + 916s + 59s) == verdict::alive); // the last probe came after 916 seconds
    CHECK(l.check(quiet, start + 916s + 60s) == verdict::probe);
    l.note_message(start + 1000s); // after a message, the intervals are short again
    CHECK(l.check(quiet, start + 1005s) == verdict::probe);
}

TEST_CASE("a consumer counts as not receiving if a probe that was sent does not arrive, unless other messages arrive") {
    liveness l;
    l.begin(start);
    CHECK(l.check(quiet, start + 5s) == verdict::probe);
    CHECK(l.check(quiet, start + 60s) == verdict::probe); // no probe was sent, so its absence proves nothing
    l.note_probe_sent(start + 60s);
    CHECK(l.check(quiet, start + 70s) == verdict::alive);
    l.note_message(start + 70s); // a message that was in the queue before the probe
    CHECK(l.check(quiet, start + 80s) == verdict::alive);
    CHECK(l.check(quiet, start + 81s) == verdict::not_receiving);
}

TEST_CASE("probes that are sent again and again but never arrive do not keep a consumer alive") {
    liveness l;
    l.begin(start);
    auto now = start;
    for (int i = 1; i <= 2; ++i) {
        now = start + i * 5s;
        l.note_probe_sent(now); // for example a mark (see queue_move.hpp), which counts as a probe
        CHECK(l.check(quiet, now + 1s) == verdict::alive);
    }
    l.note_probe_sent(start + 15s);
    CHECK(l.check(quiet, start + 16s) == verdict::not_receiving);
}

TEST_CASE("a repeated probe that arrives after the first one was lost shows that a consumer is alive") {
    liveness l;
    l.begin(start);
    l.note_probe_sent(start + 5s);
    l.note_probe_sent(start + 10s);
    l.note_probe_received(start + 11s);
    CHECK(l.check(quiet, start + 16s) == verdict::alive);
}

#include "web_socket/peer_liveness.hpp"

#include <support/catch.hpp>

#include <array>

namespace atrium::http {
namespace {

using namespace std::chrono_literals;
using verdict = peer_liveness::verdict;

const peer_liveness::time_point start{100s};

web_socket_settings make_settings() {
    web_socket_settings s;
    s.ping = 20s;
    s.silence = 60s;
    return s;
}

const web_socket_settings short_settings = make_settings();

} // namespace

TEST_CASE("the state machine of pings has one transition for each state and event") {
    using state = ping_state;
    using event = ping_event;
    struct row {
        state current;
        event input;
        state next;
    };
    const std::array<row, 12> table{{
        {state::none, event::heard, state::none},
        {state::none, event::silent, state::due},
        {state::none, event::sent, state::none},
        {state::due, event::heard, state::due_after_sign},
        {state::due, event::silent, state::due},
        {state::due, event::sent, state::waiting_for_sign},
        {state::due_after_sign, event::heard, state::due_after_sign},
        {state::due_after_sign, event::silent, state::due},
        {state::due_after_sign, event::sent, state::none},
        {state::waiting_for_sign, event::heard, state::none},
        {state::waiting_for_sign, event::silent, state::waiting_for_sign},
        {state::waiting_for_sign, event::sent, state::waiting_for_sign},
    }};
    for (const auto& each : table) {
        CAPTURE(static_cast<int>(each.current), static_cast<int>(each.input));
        CHECK(static_cast<int>(transition(each.current, each.input)) == static_cast<int>(each.next));
    }
}

TEST_CASE("a silent peer is pinged once, and counts as lost if it stays silent") {
    peer_liveness peer{short_settings, start};
    CHECK(peer.check(start + 19s) == verdict::alive);
    CHECK_FALSE(peer.take_ping());
    CHECK(peer.check(start + 20s) == verdict::ping_now);
    CHECK(peer.check(start + 21s) == verdict::alive);
    CHECK(peer.take_ping());
    CHECK_FALSE(peer.take_ping());
    CHECK(peer.check(start + 59s) == verdict::alive);
    CHECK(peer.check(start + 60s) == verdict::lost);
}

TEST_CASE("a peer that answers its ping is pinged again after the next silence") {
    peer_liveness peer{short_settings, start};
    CHECK(peer.check(start + 20s) == verdict::ping_now);
    CHECK(peer.take_ping());
    peer.heard(start + 21s);
    CHECK(peer.check(start + 40s) == verdict::alive);
    CHECK(peer.check(start + 41s) == verdict::ping_now);
}

TEST_CASE("a ping that is due is sent even if the peer sends something in the meantime") {
    peer_liveness peer{short_settings, start};
    CHECK(peer.check(start + 20s) == verdict::ping_now);
    peer.heard(start + 21s);
    CHECK(peer.take_ping());
    CHECK(peer.check(start + 41s) == verdict::ping_now);
}

TEST_CASE("a peer does not count as silent while one of its messages waits for the transport session") {
    peer_liveness peer{short_settings, start};
    peer.excuse(start + 59s);
    CHECK(peer.check(start + 60s) == verdict::alive);
    CHECK(peer.check(start + 119s) == verdict::lost);
}

} // namespace atrium::http

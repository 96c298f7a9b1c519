#include "transition_table.hpp"
#include "web_socket/web_socket_fsm.hpp"

namespace atrium::http {
namespace {

using namespace std::chrono_literals;
using state = web_socket_state;
using event = web_socket_event;
using action = web_socket_action;
using table_row = test::table_row<state, event, action>;

#define ROW(state_, event_, next, action_)                                                                                     \
    table_row {                                                                                                                \
        #state_ " + " #event_, state::state_, event::event_, state::next, action::action_                                      \
    }

// clang-format off
const std::vector<table_row> table{
    ROW(handshake, accept, open, none),
    ROW(handshake, drain, handshake, none),
    ROW(handshake, close, handshake, none),
    ROW(handshake, begin_close, handshake, none),
    ROW(handshake, peer_close, handshake, none),
    ROW(handshake, end_session, handshake, none),
    ROW(handshake, fail_session, handshake, none),
    ROW(handshake, socket_failed, finished, close_socket),
    ROW(handshake, reset, finished, reset_socket),
    ROW(handshake, deadline, handshake, none),
    ROW(handshake, cut, finished, close_socket),

    ROW(open, accept, open, none),
    ROW(open, drain, draining, drop_received),
    ROW(open, close, closing, none),
    ROW(open, begin_close, open, none),
    ROW(open, peer_close, close_sent, none),
    ROW(open, end_session, finishing, close_normal),
    ROW(open, fail_session, finishing, close_internal_error),
    ROW(open, socket_failed, disconnected, close_socket),
    ROW(open, reset, disconnected, reset_socket),
    ROW(open, deadline, open, none),
    ROW(open, cut, cancelled, close_socket),

    ROW(draining, accept, draining, none),
    ROW(draining, drain, draining, none),
    ROW(draining, close, closing, none),
    ROW(draining, begin_close, draining, none),
    ROW(draining, peer_close, close_sent, none),
    ROW(draining, end_session, finishing, close_going_away),
    ROW(draining, fail_session, finishing, close_internal_error),
    ROW(draining, socket_failed, disconnected, close_socket),
    ROW(draining, reset, disconnected, reset_socket),
    ROW(draining, deadline, closing, close_going_away),
    ROW(draining, cut, cancelled, close_socket),

    ROW(closing, accept, closing, none),
    ROW(closing, drain, closing, none),
    ROW(closing, close, closing, none),
    ROW(closing, begin_close, close_sent, none),
    ROW(closing, peer_close, closing, none),
    ROW(closing, end_session, finishing, none),
    ROW(closing, fail_session, finishing, none),
    ROW(closing, socket_failed, disconnected, close_socket),
    ROW(closing, reset, disconnected, reset_socket),
    ROW(closing, deadline, disconnected, reset_socket),
    ROW(closing, cut, cancelled, close_socket),

    ROW(close_sent, accept, close_sent, none),
    ROW(close_sent, drain, close_sent, none),
    ROW(close_sent, close, close_sent, none),
    ROW(close_sent, begin_close, close_sent, none),
    ROW(close_sent, peer_close, close_sent, none),
    ROW(close_sent, end_session, finish_sent, none),
    ROW(close_sent, fail_session, finish_sent, none),
    ROW(close_sent, socket_failed, disconnected, close_socket),
    ROW(close_sent, reset, disconnected, reset_socket),
    ROW(close_sent, deadline, disconnected, reset_socket),
    ROW(close_sent, cut, cancelled, close_socket),

    ROW(finishing, accept, finishing, none),
    ROW(finishing, drain, finishing, none),
    ROW(finishing, close, finishing, none),
    ROW(finishing, begin_close, finish_sent, none),
    ROW(finishing, peer_close, finishing, none),
    ROW(finishing, end_session, finishing, none),
    ROW(finishing, fail_session, finishing, none),
    ROW(finishing, socket_failed, finished, close_socket),
    ROW(finishing, reset, finished, reset_socket),
    ROW(finishing, deadline, finished, reset_socket),
    ROW(finishing, cut, finished, close_socket),

    ROW(finish_sent, accept, finish_sent, none),
    ROW(finish_sent, drain, finish_sent, none),
    ROW(finish_sent, close, finish_sent, none),
    ROW(finish_sent, begin_close, finish_sent, none),
    ROW(finish_sent, peer_close, finish_sent, none),
    ROW(finish_sent, end_session, finish_sent, none),
    ROW(finish_sent, fail_session, finish_sent, none),
    ROW(finish_sent, socket_failed, finished, close_socket),
    ROW(finish_sent, reset, finished, reset_socket),
    ROW(finish_sent, deadline, finished, reset_socket),
    ROW(finish_sent, cut, finished, close_socket),

    ROW(disconnected, accept, disconnected, none),
    ROW(disconnected, drain, disconnected, none),
    ROW(disconnected, close, disconnected, none),
    ROW(disconnected, begin_close, disconnected, none),
    ROW(disconnected, peer_close, disconnected, none),
    ROW(disconnected, end_session, finished, none),
    ROW(disconnected, fail_session, finished, none),
    ROW(disconnected, socket_failed, disconnected, none),
    ROW(disconnected, reset, disconnected, none),
    ROW(disconnected, deadline, cancelled, cancel_session),
    ROW(disconnected, cut, cancelled, none),

    ROW(cancelled, accept, cancelled, none),
    ROW(cancelled, drain, cancelled, none),
    ROW(cancelled, close, cancelled, none),
    ROW(cancelled, begin_close, cancelled, none),
    ROW(cancelled, peer_close, cancelled, none),
    ROW(cancelled, end_session, finished, none),
    ROW(cancelled, fail_session, finished, none),
    ROW(cancelled, socket_failed, cancelled, none),
    ROW(cancelled, reset, cancelled, none),
    ROW(cancelled, deadline, cancelled, cancel_session),
    ROW(cancelled, cut, cancelled, none),

    ROW(finished, accept, finished, none),
    ROW(finished, drain, finished, none),
    ROW(finished, close, finished, none),
    ROW(finished, begin_close, finished, none),
    ROW(finished, peer_close, finished, none),
    ROW(finished, end_session, finished, none),
    ROW(finished, fail_session, finished, none),
    ROW(finished, socket_failed, finished, none),
    ROW(finished, reset, finished, none),
    ROW(finished, deadline, finished, none),
    ROW(finished, cut, finished, none),
};
// clang-format on

#undef ROW

const web_socket_fsm::time_point start{100s};

settings make_settings() {
    settings s;
    s.deadlines.handler = 4s;
    s.deadlines.write = 5s;
    s.web_socket.close = 2s;
    return s;
}

const settings short_settings = make_settings();

web_socket_fsm machine_after(std::initializer_list<event> events) {
    web_socket_fsm machine{short_settings};
    for (const auto each : events)
        (void)machine.advance(each, start);
    return machine;
}

/// Whether the deadline is exactly `time` after `start`.
bool is_due_after(const web_socket_fsm& machine, std::chrono::milliseconds time) {
    return machine.is_due(start + time) && !machine.is_due(start + time - 1ms);
}

} // namespace

TEST_CASE("the state machine of a WebSocket has one transition for each state and event") {
    test::check_transitions(table, transition, state::finished, event::cut);
}

TEST_CASE("a WebSocket has no deadline before it opens, while it is open, and after it has finished") {
    CHECK_FALSE(machine_after({}).is_due(start + 24h));
    CHECK_FALSE(machine_after({event::accept}).is_due(start + 24h));
    CHECK_FALSE(machine_after({event::accept, event::end_session, event::socket_failed}).is_due(start + 24h));
}

TEST_CASE("the deadline of a handler applies to a draining session") {
    CHECK(is_due_after(machine_after({event::accept, event::drain}), 4s));
}

TEST_CASE("the deadline of a close allows time for earlier messages first, and then for the peer's reply") {
    auto machine = machine_after({event::accept, event::close});
    CHECK(is_due_after(machine, 7s));
    (void)machine.advance(event::end_session, start + 1s);
    CHECK(is_due_after(machine, 7s));
    (void)machine.advance(event::begin_close, start + 3s);
    CHECK(is_due_after(machine, 5s));
}

TEST_CASE("the end of the session does not extend the peer's time to close") {
    auto machine = machine_after({event::accept, event::peer_close});
    CHECK(is_due_after(machine, 2s));
    (void)machine.advance(event::end_session, start + 1s);
    CHECK(is_due_after(machine, 2s));
}

TEST_CASE("a session that is still running after its socket was disconnected is cancelled repeatedly") {
    auto machine = machine_after({event::accept, event::socket_failed});
    CHECK(is_due_after(machine, 4s));
    CHECK(machine.advance(event::deadline, start + 4s) == action::cancel_session);
    CHECK(is_due_after(machine, 8s));
    CHECK(machine.advance(event::deadline, start + 8s) == action::cancel_session);
    CHECK(is_due_after(machine, 12s));
    (void)machine.advance(event::end_session, start + 9s);
    CHECK_FALSE(machine.is_due(start + 24h));
}

TEST_CASE("the state of a WebSocket determines what its session and its connection may do") {
    const auto permissions_of = [](const web_socket_fsm& machine) {
        return std::vector<bool>{machine.may_receive(), machine.may_send(), machine.may_write(), machine.is_close_due(),
                                 machine.is_disconnected()};
    };
    using permissions = std::vector<bool>;
    CHECK(permissions_of(machine_after({})) == permissions{false, false, false, false, false});
    CHECK(permissions_of(machine_after({event::accept})) == permissions{true, true, true, false, false});
    CHECK(permissions_of(machine_after({event::accept, event::drain})) == permissions{false, true, true, false, false});
    CHECK(permissions_of(machine_after({event::accept, event::close})) == permissions{false, false, true, true, false});
    CHECK(permissions_of(machine_after({event::accept, event::end_session})) == permissions{false, false, true, true, false});
    CHECK(permissions_of(machine_after({event::accept, event::peer_close})) == permissions{false, false, false, false, false});
    CHECK(permissions_of(machine_after({event::accept, event::end_session, event::begin_close})) ==
          permissions{false, false, false, false, false});
    CHECK(permissions_of(machine_after({event::accept, event::socket_failed})) ==
          permissions{false, false, false, false, true});
    CHECK(permissions_of(machine_after({event::accept, event::cut})) == permissions{false, false, false, false, true});
    CHECK(permissions_of(machine_after({event::cut})) == permissions{false, false, false, false, true});
}

} // namespace atrium::http

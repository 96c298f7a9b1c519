#include "web_socket/web_socket_fsm.hpp"

namespace atrium::http {
namespace {

using state = web_socket_state;
using event = web_socket_event;
using action = web_socket_action;

constexpr bool is_open(state s) {
    return s == state::open || s == state::draining;
}

constexpr bool has_close_due(state s) {
    return s == state::closing || s == state::finishing;
}

constexpr bool has_close_sent(state s) {
    return s == state::close_sent || s == state::finish_sent;
}

constexpr bool has_no_socket(state s) {
    return s == state::disconnected || s == state::cancelled || s == state::finished;
}

/// Whether there is a session that has not ended.
constexpr bool has_session(state s) {
    return is_open(s) || s == state::closing || s == state::close_sent || s == state::disconnected || s == state::cancelled;
}

constexpr web_socket_transition change_if(bool condition, state current, web_socket_transition result) {
    return condition ? result : web_socket_transition{current};
}

constexpr web_socket_transition after_session(state s, bool failed) {
    switch (s) {
    case state::open: return {state::finishing, failed ? action::close_internal_error : action::close_normal};
    case state::draining: return {state::finishing, failed ? action::close_internal_error : action::close_going_away};
    case state::closing: return {state::finishing};
    case state::close_sent: return {state::finish_sent};
    case state::disconnected:
    case state::cancelled: return {state::finished};
    default: return {s};
    }
}

constexpr web_socket_transition after_disconnect(state s, action end) {
    if (has_no_socket(s))
        return {s};
    return {has_session(s) ? state::disconnected : state::finished, end};
}

constexpr web_socket_transition after_deadline(state s) {
    switch (s) {
    case state::draining: return {state::closing, action::close_going_away};
    case state::closing:
    case state::close_sent:
    case state::finishing:
    case state::finish_sent: return after_disconnect(s, action::reset_socket);
    case state::disconnected:
    case state::cancelled: return {state::cancelled, action::cancel_session};
    default: return {s};
    }
}

/// No action cancels the session, because the connection itself cancels its coroutine and thereby the session.
constexpr web_socket_transition after_cut(state s) {
    const auto result = after_disconnect(s, action::close_socket);
    return result.next == state::disconnected ? web_socket_transition{state::cancelled, result.action} : result;
}

} // namespace

web_socket_transition transition(state s, event e) noexcept {
    switch (e) {
    case event::accept: return change_if(s == state::handshake, s, {state::open});
    case event::drain: return change_if(s == state::open, s, {state::draining, action::drop_received});
    case event::close: return change_if(is_open(s), s, {state::closing});
    case event::begin_close:
        return change_if(has_close_due(s), s, {s == state::closing ? state::close_sent : state::finish_sent});
    case event::peer_close: return change_if(is_open(s), s, {state::close_sent});
    case event::end_session: return after_session(s, false);
    case event::fail_session: return after_session(s, true);
    case event::socket_failed: return after_disconnect(s, action::close_socket);
    case event::reset: return after_disconnect(s, action::reset_socket);
    case event::deadline: return after_deadline(s);
    case event::cut: return after_cut(s);
    }
    return {s};
}

web_socket_action web_socket_fsm::advance(event e, time_point now) noexcept {
    const auto result = transition(state_, e);
    const bool is_repeated = result.action == action::cancel_session; // a session that does not end is cancelled again
    if (result.next != state_ || is_repeated) {
        deadline_ = deadline_of(result.next, now);
        state_ = result.next;
    }
    return result.action;
}

bool web_socket_fsm::may_send() const noexcept {
    return is_open(state_);
}

bool web_socket_fsm::may_write() const noexcept {
    return is_open(state_) || has_close_due(state_);
}

bool web_socket_fsm::is_close_due() const noexcept {
    return has_close_due(state_);
}

bool web_socket_fsm::is_disconnected() const noexcept {
    return has_no_socket(state_);
}

/// After a close has become due, sending the queued messages may take `deadlines::write`, like sending any response, and
/// closing may take `web_socket_settings::close`. Once the close frame is being sent, the peer must close within
/// `web_socket_settings::close`.
web_socket_fsm::time_point web_socket_fsm::deadline_of(web_socket_state next, time_point now) const noexcept {
    switch (next) {
    case state::draining: return now + limits_.deadlines.handler;
    case state::closing:
    case state::finishing: return has_close_due(state_) ? deadline_ : now + limits_.web_socket.close + limits_.deadlines.write;
    case state::close_sent:
    case state::finish_sent: return has_close_sent(state_) ? deadline_ : now + limits_.web_socket.close;
    case state::disconnected:
    case state::cancelled: return now + limits_.deadlines.handler;
    default: return time_point::max();
    }
}

} // namespace atrium::http

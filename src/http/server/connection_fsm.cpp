#include "server/connection_fsm.hpp"

namespace atrium::http {
namespace {

using state = connection_state;
using event = connection_event;
using action = connection_action;

/// Whether the coroutine may read more, or answer what it has read.
constexpr bool is_reading(state s) {
    return s == state::running || s == state::idle || s == state::header || s == state::body;
}

/// Whether the coroutine may write responses, or end.
constexpr bool is_at_work(state s) {
    return is_reading(s) || s == state::header_expired || s == state::body_expired;
}

constexpr bool is_handling(state s) {
    return s == state::handling || s == state::handling_asked;
}

constexpr connection_transition change_if(bool condition, state current, connection_transition result) {
    return condition ? result : connection_transition{current};
}

constexpr connection_transition after_answer(state s) {
    switch (s) {
    case state::handling:
    case state::handling_asked:
    case state::cancelled:
        return {state::running}; // even after `cancelled`: if the handler has ended normally, its change may be stored
    case state::answered:
    case state::abandoned: return {state::closed};
    default: return {s};
    }
}

constexpr connection_transition after_stream(state s) {
    switch (s) {
    case state::upgraded: return {state::running};
    case state::stream_cut: return {state::closed};
    default: return {s};
    }
}

constexpr connection_transition after_deadline(state s) {
    switch (s) {
    case state::header: return {state::header_expired, action::cancel_read};
    case state::body: return {state::body_expired, action::cancel_read};
    case state::handling:
    case state::handling_asked: return {state::cancelled, action::cancel_handler};
    case state::cancelled: return {state::answered, action::answer_overdue};
    case state::writing:
        return {state::closed, action::reset}; // reset, because the client would not read what the system still has to send
    case state::idle:
    case state::lingering: return {state::closed, action::close};
    default: return {s};
    }
}

constexpr connection_transition after_drain(state s) {
    switch (s) {
    case state::idle: return {s, action::close_if_quiet};
    case state::upgraded: return {s, action::drain_stream};
    default: return {s};
    }
}

constexpr connection_transition after_eviction(state s) {
    switch (s) {
    case state::idle: return {s, action::close_if_quiet};
    case state::header:
    case state::lingering: return {state::closed, action::close};
    default: return {s};
    }
}

constexpr connection_transition after_close(state s) {
    switch (s) {
    case state::handling:
    case state::handling_asked: return {state::abandoned, action::close_and_cancel_handler};
    case state::cancelled:
    case state::abandoned: return {state::abandoned, action::close};
    case state::answered: return {s, action::close};
    case state::upgraded:
    case state::stream_cut: return {state::stream_cut, action::cut_stream};
    case state::closed: return {s};
    default: return {state::closed, action::close};
    }
}

} // namespace

connection_transition transition(state s, event e) noexcept {
    switch (e) {
    case event::wait_for_request: return change_if(is_reading(s), s, {state::idle});
    case event::wait_for_header: return change_if(is_reading(s), s, {state::header});
    case event::wait_for_body: return change_if(is_reading(s), s, {state::body});
    case event::begin_answer: return change_if(is_reading(s), s, {state::handling});
    case event::end_answer: return after_answer(s);
    case event::begin_stream: return change_if(s == state::running, s, {state::upgraded});
    case event::end_stream: return after_stream(s);
    case event::begin_write: return change_if(is_at_work(s), s, {state::writing});
    case event::end_write: return change_if(s == state::writing, s, {state::running});
    case event::begin_linger: return change_if(is_at_work(s), s, {state::lingering});
    case event::deadline: return after_deadline(s);
    case event::client_half_closed: return change_if(s == state::handling, s, {state::handling_asked, action::ask_client});
    case event::client_gone: return change_if(is_handling(s), s, {state::abandoned, action::cancel_handler});
    case event::drain: return after_drain(s);
    case event::evict: return after_eviction(s);
    case event::close: return after_close(s);
    }
    return {s};
}

connection_action connection_fsm::advance(event e, time_point now) noexcept {
    const auto result = transition(state_, e);
    if (result.next != state_) {
        deadline_ = deadline_of(result.next, now);
        state_ = result.next;
    }
    return result.action;
}

bool connection_fsm::is_handling() const noexcept {
    return http::is_handling(state_);
}

bool connection_fsm::is_cancelled() const noexcept {
    return state_ == state::cancelled || state_ == state::answered || state_ == state::abandoned || state_ == state::stream_cut;
}

connection_fsm::time_point connection_fsm::deadline_of(connection_state next, time_point now) const noexcept {
    switch (next) {
    case state::idle: return now + limits_.idle;
    case state::header: return now + limits_.header;
    case state::body: return now + limits_.body;
    case state::handling: return now + limits_.handler;
    case state::handling_asked: return deadline_; // the deadline stays, because the handler is still the same
    case state::cancelled: return now;            // due at the next tick; the handler may end before that
    case state::writing: return now + limits_.write;
    case state::lingering: return now + limits_.drain;
    default: return time_point::max();
    }
}

} // namespace atrium::http

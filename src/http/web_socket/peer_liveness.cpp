#include "web_socket/peer_liveness.hpp"

namespace atrium::http {

ping_state transition(ping_state state, ping_event event) noexcept {
    switch (event) {
    case ping_event::heard:
        return state == ping_state::due                ? ping_state::due_after_sign
               : state == ping_state::waiting_for_sign ? ping_state::none
                                                       : state;
    case ping_event::silent: return state == ping_state::waiting_for_sign ? state : ping_state::due;
    case ping_event::sent:
        return state == ping_state::due              ? ping_state::waiting_for_sign
               : state == ping_state::due_after_sign ? ping_state::none
                                                     : state;
    }
    return state;
}

void peer_liveness::heard(time_point now) noexcept {
    last_heard_ = now;
    state_ = transition(state_, ping_event::heard);
}

peer_liveness::verdict peer_liveness::check(time_point now) noexcept {
    const auto silence = now - last_heard_;
    if (silence >= limits_.silence)
        return verdict::lost;
    if (silence < limits_.ping)
        return verdict::alive;
    const auto previous = state_;
    state_ = transition(state_, ping_event::silent);
    return state_ == previous ? verdict::alive : verdict::ping_now;
}

bool peer_liveness::take_ping() noexcept {
    const auto previous = state_;
    state_ = transition(state_, ping_event::sent);
    return state_ != previous;
}

} // namespace atrium::http

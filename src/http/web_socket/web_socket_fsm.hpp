#pragma once

#include <http/server.hpp>

#include <chrono>

// The life of a WebSocket and its session as a state machine without I/O. `web_socket_connection` owns the socket, reports
// events and carries out actions.
namespace atrium::http {

enum class web_socket_state {
    handshake, ///< the 101 is being sent; the session has not begun
    open,
    draining,     ///< the server shuts down: nothing is received, the session may still send
    closing,      ///< a close is due after the queued messages
    close_sent,   ///< the close frame, the first one or the reply to the peer's, has been sent or is being sent
    finishing,    ///< like `closing`, but the session has ended
    finish_sent,  ///< like `close_sent`, but the session has ended
    disconnected, ///< nothing can be read or written, and the session has not ended
    cancelled,    ///< like `disconnected`, and the session was cancelled
    finished,     ///< nothing can be read or written, and the session has ended or never began; final
};

enum class web_socket_event {
    accept, ///< the 101 has been sent
    drain,
    close,       ///< the session closes the socket, or the peer has exceeded a limit
    begin_close, ///< the close frame is about to be written
    peer_close,  ///< the peer has begun to close or has violated the protocol; Beast sends the close frame
    end_session,
    fail_session,  ///< the session has ended with an exception that its cancellation did not cause
    socket_failed, ///< a read or the handshake failed
    reset,         ///< the connection must be reset: the peer is too slow or silent, or a coroutine has failed
    deadline,
    cut, ///< the server cuts the connection
};

enum class web_socket_action {
    none,
    drop_received, ///< drop a message that has arrived and that the session has not taken
    close_normal,
    close_going_away,
    close_internal_error,
    close_socket,
    reset_socket, ///< close it, and drop what the system has not sent yet
    cancel_session,
};

struct web_socket_transition {
    web_socket_state next;
    web_socket_action action = web_socket_action::none;
};

/// The transition table. An event that is not relevant in a state changes nothing.
[[nodiscard]] web_socket_transition transition(web_socket_state state, web_socket_event event) noexcept;

/// The current state and its deadline. One thread.
class web_socket_fsm {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// `limits` must outlive this object.
    explicit web_socket_fsm(const settings& limits) noexcept : limits_{limits} {}

    /// Returns what the connection must do now.
    [[nodiscard]] web_socket_action advance(web_socket_event event, time_point now) noexcept;

    [[nodiscard]] web_socket_state state() const noexcept { return state_; }
    /// Whether `web_socket_event::deadline` is due.
    [[nodiscard]] bool is_due(time_point now) const noexcept { return now >= deadline_; }

    /// Whether the session may send messages.
    [[nodiscard]] bool may_send() const noexcept;
    /// Whether the session may receive messages.
    [[nodiscard]] bool may_receive() const noexcept { return state_ == web_socket_state::open; }
    /// Whether frames may still be written, including a close.
    [[nodiscard]] bool may_write() const noexcept;
    /// Whether the close frame is to be written once the queue is empty.
    [[nodiscard]] bool is_close_due() const noexcept;
    /// Whether the socket is closed.
    [[nodiscard]] bool is_disconnected() const noexcept;

private:
    [[nodiscard]] time_point deadline_of(web_socket_state next, time_point now) const noexcept;

    const settings& limits_;
    web_socket_state state_ = web_socket_state::handshake;
    time_point deadline_ = time_point::max();
};

} // namespace atrium::http

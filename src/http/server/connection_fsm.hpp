#pragma once

#include <http/server.hpp>

#include <chrono>

// The life of a connection as a state machine without I/O. `connection` owns the socket, reports events and carries out
// actions.
namespace atrium::http {

enum class connection_state {
    running,        ///< the connection's coroutine works, or waits for its turn on the thread
    idle,           ///< waits for the first byte of a request
    header,         ///< waits for the rest of a header
    body,           ///< waits for the rest of a body
    header_expired, ///< the header did not arrive in time: the client must get a 408
    body_expired,   ///< the body did not arrive in time: the client must get a 408
    handling,       ///< waits for a handler
    handling_asked, ///< like `handling`, after an interim response that shows whether the client is still there
    cancelled,      ///< the handler missed its deadline, was cancelled and has not ended yet
    answered,       ///< like `cancelled`, but the client has received its 503
    abandoned,      ///< there is no client to answer, and the handler has not ended yet
    upgraded,       ///< a streamed body or a WebSocket uses the socket
    stream_cut,     ///< like `upgraded`, but the socket is closed
    writing,        ///< waits until the client has received the responses
    lingering,      ///< reads and discards input, so that the client can read the last response
    closed,         ///< the socket is closed, or the client is gone; final
};

enum class connection_event {
    // Events that the connection's coroutine reports.
    wait_for_request,
    wait_for_header,
    wait_for_body,
    begin_answer,
    end_answer, ///< the handler has ended, or none was needed
    begin_stream,
    end_stream,
    begin_write,
    end_write,
    begin_linger,
    // Events from outside of this coroutine.
    deadline,
    client_half_closed, ///< the client sends nothing more; it may still wait for its response, or be gone
    client_gone,
    drain,
    evict, ///< the connection should be closed for a new one
    close, ///< a read or write failed, or the server cuts the connection
};

enum class connection_action {
    none,
    cancel_read,
    ask_client, ///< send an interim response, which shows whether the client is still there
    cancel_handler,
    answer_overdue, ///< send the 503, although the handler has not ended
    close,
    close_if_quiet, ///< close, unless a request has arrived
    reset,          ///< close, and drop what the system has not sent yet
    close_and_cancel_handler,
    drain_stream,
    cut_stream,
};

struct connection_transition {
    connection_state next;
    connection_action action = connection_action::none;
};

/// The transition table. An event that is not relevant in a state changes nothing.
[[nodiscard]] connection_transition transition(connection_state state, connection_event event) noexcept;

/// The current state and its deadline. Each state that waits has its own deadline, which begins with the state and is not
/// extended while the state lasts. One thread.
class connection_fsm {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// `limits` must outlive this object.
    explicit connection_fsm(const deadlines& limits) noexcept : limits_{limits} {}

    /// Returns what the connection must do now. `now` matters only if the next state has a deadline.
    [[nodiscard]] connection_action advance(connection_event event, time_point now) noexcept;

    [[nodiscard]] connection_state state() const noexcept { return state_; }
    [[nodiscard]] time_point deadline() const noexcept { return deadline_; }
    /// Whether `connection_event::deadline` is due.
    [[nodiscard]] bool is_due(time_point now) const noexcept { return now >= deadline_; }
    [[nodiscard]] bool is_closed() const noexcept { return state_ == connection_state::closed; }
    /// Whether a handler is running that was not cancelled.
    [[nodiscard]] bool is_handling() const noexcept;
    /// Whether the current handler or stream was cancelled, so that an exception from it is expected.
    [[nodiscard]] bool is_cancelled() const noexcept;

private:
    [[nodiscard]] time_point deadline_of(connection_state next, time_point now) const noexcept;

    const deadlines& limits_;
    connection_state state_ = connection_state::running;
    time_point deadline_ = time_point::max();
};

} // namespace atrium::http

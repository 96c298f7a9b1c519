#pragma once

#include <chrono>
#include <cstddef>

namespace atrium::http {

/// What a connection is given over to after an answer's header: a streamed body or a WebSocket. The worker's calls to the
/// connection reach it here. Its worker's thread; owned by the connection's coroutine.
class upgraded_stream {
public:
    virtual ~upgraded_stream() = default;

    /// What would be free if it ended, in bytes; 0 unless its client has made no progress for a second.
    [[nodiscard]] virtual std::size_t stalled(std::chrono::steady_clock::time_point now) const noexcept = 0;

    // Each may end the connection, and with it this object.

    /// Enforces the deadlines, every tick.
    virtual void check(std::chrono::steady_clock::time_point now) = 0;
    /// The server shuts down: it says goodbye.
    virtual void drain() = 0;
    /// Its client makes no progress, and the memory is needed.
    virtual void close_stalled() = 0;
    /// Without a goodbye. The connection then tells the handler's code to stop.
    virtual void cut() = 0;

protected:
    upgraded_stream() = default;
    upgraded_stream(const upgraded_stream&) = default;
    upgraded_stream& operator=(const upgraded_stream&) = default;
};

} // namespace atrium::http

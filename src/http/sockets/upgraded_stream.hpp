#pragma once

#include <chrono>
#include <cstddef>

namespace atrium::http {

/// A streamed body or a WebSocket, which takes over a connection after a response's header. The connection forwards the
/// worker's calls to this object, on the worker's thread. The connection's coroutine owns it.
class upgraded_stream {
public:
    virtual ~upgraded_stream() = default;

    /// Bytes that would be freed if the stream ended; 0 unless its client has made no progress for a second.
    [[nodiscard]] virtual std::size_t stalled_bytes(std::chrono::steady_clock::time_point now) const noexcept = 0;

    // Each of the following functions may end the connection and destroy this object.

    /// Enforces the deadlines. Called at every tick of the worker.
    virtual void check(std::chrono::steady_clock::time_point now) = 0;
    /// Sends the farewell, because the server is shutting down.
    virtual void drain() = 0;
    /// Closes the connection, because its client makes no progress and memory is short.
    virtual void close_stalled() = 0;
    /// Closes the connection without a farewell. After this call, the connection cancels the producer or session.
    virtual void cut() = 0;

protected:
    upgraded_stream() = default;
    upgraded_stream(const upgraded_stream&) = default;
    upgraded_stream& operator=(const upgraded_stream&) = default;
};

} // namespace atrium::http

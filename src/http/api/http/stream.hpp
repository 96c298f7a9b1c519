#pragma once

#include <base/awaitable.hpp>
#include <http/response.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace atrium::http {

/// Sends a body that is produced piece by piece while the client stays connected. The connection owns this object and keeps it
/// until the producer has ended. It may be used only on the thread of the connection's worker.
class body_writer {
public:
    virtual ~body_writer() = default;

    /// Sends a piece, and waits until the operating system has accepted all of it, which requires a client that reads. So the
    /// server keeps only this piece of the body in memory. An empty piece has no effect. Only one call at a time: a concurrent
    /// one throws std::logic_error.
    ///
    /// Throws boost::system::system_error (operation_aborted) if the client no longer receives the body; see `body_producer`.
    [[nodiscard]] virtual awaitable<> write(std::string_view piece) = 0;

    /// Sets what is sent last if the server shuts down before the producer has ended. Empty by default; a later call replaces
    /// it.
    virtual void set_farewell(std::string piece) = 0;

    /// Sets what is sent whenever nothing has been sent for `stream_settings::keep_alive`. It shows the client and any proxy
    /// that the server is alive, and shows the server whether they are. By default nothing is sent.
    ///
    /// `make_piece` is called each time, on the worker's thread and while the producer waits, until the body has ended. It must
    /// not throw.
    virtual void set_keep_alive(std::function<std::string()> make_piece) = 0;
    /// Sends the same piece each time.
    void set_keep_alive(std::string piece) {
        set_keep_alive(std::function<std::string()>{[piece = std::move(piece)] { return piece; }});
    }

protected:
    body_writer() = default;
    body_writer(const body_writer&) = default;
    body_writer& operator=(const body_writer&) = default;
};

/// Writes a body. Runs on the worker's thread after the header has been sent, without the handler's deadline. The function and
/// the request are kept until the producer has ended, so the function may be a lambda with captures. But a producer that runs
/// for hours should copy the parts of the request that it needs.
///
/// The body ends when the producer returns. The current wait of the producer, and each further one, ends with an exception
/// (operation_aborted) if
///   - the client has left, which is detected within two seconds even while nothing is written;
///   - the client has not taken a piece within `deadlines::write`;
///   - the server shuts down: the current piece is sent first, then the farewell and the regular end of the body.
/// The producer may let that exception pass, or clean up and return, but it cannot wait any more. Any other exception is
/// logged, and the client sees that the body was broken off.
using body_producer = std::function<awaitable<>(body_writer&)>;

/// 200 with a body that is produced piece by piece: chunked in HTTP/1.1, where the connection continues afterwards; in HTTP/1.0
/// the body ends with the connection. HEAD gets the header, and the producer is not run.
///
/// A client that has closed its sending half may still read. To find out whether it does, the server sends the keep-alive. If
/// the producer has not set a keep-alive, such a client is considered gone.
[[nodiscard]] response streamed(std::string_view content_type, body_producer produce);

} // namespace atrium::http

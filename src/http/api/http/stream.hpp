#pragma once

#include <base/awaitable.hpp>
#include <http/response.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace atrium::http {

/// Takes a body that is produced piece by piece, for as long as the client stays. Belongs to the connection and lives until the
/// producer has ended. Its worker's thread only.
class body_writer {
public:
    virtual ~body_writer() = default;

    /// Sends a piece, and waits while the client does not take it; the server keeps no more of the body than this piece. An
    /// empty piece is nothing. One at a time: a second one meanwhile throws std::logic_error.
    ///
    /// Throws boost::system::system_error (operation_aborted) where nobody takes the body any more; see `streamed`.
    [[nodiscard]] virtual awaitable<> write(std::string_view piece) = 0;

    /// What is sent last where the server shuts down before the producer has ended. Empty at first; the last one counts.
    virtual void set_farewell(std::string piece) = 0;

    /// What is sent in between whenever nothing was sent for `stream_settings::keep_alive`, so that the client and what stands
    /// between know that the server lives, and the server learns whether they do. Empty at first: nothing is.
    ///
    /// `make_piece` is called each time, on the worker's thread and while the producer waits, until the body has ended. It must
    /// not throw.
    virtual void set_keep_alive(std::function<std::string()> make_piece) = 0;
    /// The same piece each time.
    void set_keep_alive(std::string piece) {
        set_keep_alive(std::function<std::string()>{[piece = std::move(piece)] { return piece; }});
    }

protected:
    body_writer() = default;
    body_writer(const body_writer&) = default;
    body_writer& operator=(const body_writer&) = default;
};

/// Writes a body. Runs on the worker's thread after the header was sent, without the handler's deadline; it is kept until it
/// has ended, so it may be a lambda with captures. The request is kept as long, but a producer that runs for hours does better
/// to copy what it needs of it.
///
/// It ends the body by ending. What it waits for, whatever that is, ends with an exception (operation_aborted), and so does
/// each further wait, where
///   - the client has left, which is noticed within a second or two also while nothing is written;
///   - the client has not taken a piece within `deadlines::write`;
///   - the server shuts down: the piece that is on its way is sent first, then the farewell and the body's regular end.
/// It lets that exception pass, or tidies up and ends; it cannot wait then. Any other exception goes to the log, and the
/// client sees that the body was broken off.
using body_producer = std::function<awaitable<>(body_writer&)>;

/// 200 with a body that is produced: chunked in HTTP/1.1, after which the connection goes on, up to the connection's end in
/// HTTP/1.0. HEAD gets the header, and the producer is not run.
///
/// A client that closes its sending half may still read. It is sent a sign of life, which shows whether it does; where the
/// producer has set none, it is taken to have left.
[[nodiscard]] response streamed(std::string_view content_type, body_producer produce);

} // namespace atrium::http

#pragma once

#include <base/awaitable.hpp>
#include <base/log.hpp>
#include <http/router.hpp>
#include <metrics/registry.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace atrium::http {

/// What one client may ask of the server. Each breach has its own status.
struct limits {
    std::size_t target = 8 * 1024;           ///< bytes of the request target (414)
    std::size_t header = 16 * 1024;          ///< bytes of request line and fields (431)
    std::size_t fields = 100;                ///< header fields (431)
    std::size_t body = 1024 * 1024;          ///< bytes of the decoded body (413)
    std::size_t connections = 10'000;        ///< open at once in the whole server; more wait in the listen queue
    std::size_t connections_per_address = 0; ///< open at once from one address (503); 0: no limit, as a proxy is one address
    std::size_t requests_per_connection = 0; ///< answered before the connection is closed; 0: no limit
    std::size_t pipeline = 64;               ///< answers gathered for one write; further requests wait in the socket
    std::size_t unsent = 256 * 1024;         ///< bytes of answers gathered before they are written and reading goes on
};

/// How long each phase of a connection may take.
struct deadlines {
    std::chrono::milliseconds idle{60'000};    ///< between requests: closed silently
    std::chrono::milliseconds header{10'000};  ///< from a request's first byte to the end of its header: 408
    std::chrono::milliseconds body{30'000};    ///< from there to the end of its body: 408
    std::chrono::milliseconds handler{30'000}; ///< until the handler answers: 503
    std::chrono::milliseconds write{30'000};   ///< until the client has taken the answer, or a piece of it: closed
    std::chrono::milliseconds drain{1'000};    ///< after an early error, reading on so that the client can see it
};

/// Bodies that are produced for as long as the client stays; <http/stream.hpp>.
struct stream_settings {
    std::chrono::milliseconds keep_alive{15'000}; ///< of silence, after which a sign of life is sent
};

/// <http/web_socket.hpp>.
struct web_socket_settings {
    /// From whose pages browsers may open one, beside the server's own and those of `settings::cors_origins`: origins such as
    /// "https://example.com", "*" for all.
    std::vector<std::string> origins = {};
    std::size_t message = 1024 * 1024;         ///< bytes of one message from the client (closed with 1009)
    std::size_t unsent = 1024 * 1024;          ///< bytes of messages that wait for the client to read (closed with 1013)
    std::chrono::milliseconds ping{20'000};    ///< after which a silent client is pinged
    std::chrono::milliseconds silence{60'000}; ///< after which it is cut
    std::chrono::milliseconds close{5'000};    ///< until the client has answered the server's close
};

struct settings {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8000; ///< 0: a free one
    unsigned threads = 0;      ///< workers; 0: one for each core
    /// Names by which clients may call the server, without a port. "localhost" and IP addresses need not be listed.
    std::vector<std::string> hosts = {};
    /// Origins whose pages may call: "https://example.com", "*" for all; empty: CORS is off.
    std::vector<std::string> cors_origins = {};
    /// Request headers that such pages may set, beside those that the server reads itself.
    std::vector<std::string> cors_headers = {"baggage", "sentry-trace", "tracestate"};
    http::limits limits = {};
    http::deadlines deadlines = {};
    stream_settings stream = {};
    web_socket_settings web_socket = {};
};

/// Why the server cannot listen; its text is for the person who started it.
class listen_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// HTTP/1.1 on one thread per core: each worker has its own io_context and its own SO_REUSEPORT listener, and a connection
/// lives and dies on the worker that accepted it. Constructed, started, stopped and destroyed on one thread; start, stop and
/// start of a new one in one process works.
class server {
public:
    /// `routes` must outlive the server.
    server(settings s, const router& routes, metrics::registry& metrics, logger log);
    ~server();

    /// Listens and serves. Throws `listen_error`: address not valid, port in use (also by a server that would share it).
    void start();

    /// The port it listens on, after `start`.
    [[nodiscard]] std::uint16_t port() const noexcept;

    /// From now on every response has `Connection: close` and is the last one of its connection. New connections are accepted
    /// and answered as before, streams and WebSockets go on: `drain` ends all of that. Any thread. Idempotent.
    void begin_shutdown() noexcept;

    /// In order: listeners close, idle connections close, those with a request finish their answer with `Connection: close`,
    /// streamed bodies get their farewell, WebSockets finish the message that they process and are closed with 1001; what is
    /// still open at `deadline` is cut. Returns when no connection is left, or two seconds after the cut if a handler does not
    /// stop. The workers continue to run, so that operations that handlers wait for can complete. Idempotent.
    void drain(std::chrono::steady_clock::time_point deadline);

    /// Ends the workers and joins their threads; a handler that still runs after two seconds is destroyed where it waits. After
    /// `drain`, and after the database was closed. Idempotent.
    void stop();

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace atrium::http

#pragma once

#include <base/awaitable.hpp>
#include <base/log.hpp>
#include <http/memory_budget.hpp>
#include <http/router.hpp>
#include <http/settings.hpp>
#include <metrics/registry.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace atrium::http {

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

    /// What clients may make this process use. Lives as long as the server.
    [[nodiscard]] memory_budget& memory() noexcept;

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

#pragma once

#include <base/awaitable.hpp>
#include <base/log.hpp>
#include <http/memory_budget.hpp>
#include <http/router.hpp>
#include <http/settings.hpp>
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

class recent_requests;

/// The reason why the server cannot listen. The text is meant for the person who started the server.
class listen_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A server for HTTP/1.1. It has several workers, by default one per core. Each worker has its own thread, io_context and
/// SO_REUSEPORT listener, and a connection stays on the worker that accepted it. The server must be constructed, started,
/// stopped and destroyed on one thread. After that, the process may start a new server.
class server {
public:
    /// `routes` and `recent` must outlive the server, which records its requests in `recent` unless that is null. Throws
    /// `certificate_error` (<http/certificate.hpp>).
    server(settings s, const router& routes, metrics::registry& metrics, logger log, recent_requests* recent = nullptr);
    ~server();

    /// Listens and serves. Throws `listen_error` if the address is not valid or the port is in use. A port also counts as in
    /// use if the program that listens there lets others share it.
    void start();

    /// The port on which the server listens, after `start`.
    [[nodiscard]] std::uint16_t port() const noexcept;

    /// The budget of memory that clients cause this process to use. Lives as long as the server.
    [[nodiscard]] memory_budget& memory() noexcept;

    /// Reads certificate and key again, for new connections. If they cannot be used, logs why and keeps the old ones. Returns
    /// false if the server does not use TLS. Any thread.
    bool reload_certificate();

    /// Number of threads that serve, after `start`.
    [[nodiscard]] std::size_t worker_count() const noexcept;

    /// Calls a copy of `function` once on the thread of each worker, as soon as that worker has time. The argument is the
    /// worker's executor. Any thread, between `start` and `stop`.
    void visit_workers(const std::function<void(executor)>& function);

    /// From now on every response has `Connection: close` and is the last one of its connection. New connections are still
    /// accepted and answered, and streams and WebSockets continue: `drain` ends all of them. Any thread. Idempotent.
    void begin_shutdown() noexcept;

    /// Ends all connections: listeners and idle connections are closed; pending requests get their response with `Connection:
    /// close`; streamed bodies get their farewell; WebSockets finish the message that they process and are closed with 1001.
    /// Connections that are still open at `deadline` are cut. Returns when no connection is left, or two seconds after
    /// `deadline` if a handler does not stop. The workers continue to run, so that operations for which handlers wait can
    /// complete. Idempotent.
    void drain(std::chrono::steady_clock::time_point deadline);

    /// Stops the workers and joins their threads. Connections that are still open are cut, so `drain` should be called before.
    /// The database should be closed before as well, because handlers that were cut off may otherwise still wait for a commit.
    /// A handler that has not ended after two seconds is destroyed while it waits. Idempotent.
    void stop();

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace atrium::http

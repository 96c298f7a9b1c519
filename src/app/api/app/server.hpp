#pragma once

#include <app/settings.hpp>
#include <base/clock.hpp>
#include <base/log.hpp>
#include <events/bus.hpp>
#include <host/module.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::app {

/// A subscription that belongs to no module, and its handler.
struct extra_subscription {
    events::subscription subscription;
    events::asynchronous_handler handler;
};

/// The complete server: creates, wires and destroys all parts. Must be created, started, stopped and destroyed on one thread. A
/// process can have several servers, one after another, or at the same time if each has its own database file and port.
///
///     app::server server{settings, log};
///     server.start();
///     use(server.port());
///     server.stop();
class server {
public:
    /// Opens the database and brings it up to date. Throws `storage::sqlite::open_error`, or
    /// `http::certificate_error`; their texts explain what to do.
    server(app::settings s, logger log, std::vector<extra_subscription> extra = {});
    /// Stops the server if it has not been stopped.
    ~server();
    server(const server&) = delete;
    server& operator=(const server&) = delete;

    /// Starts to deliver events and to serve requests. `on_broken` is called on another thread when the database can no longer
    /// be used, because the disk failed in the middle of a commit, or because the file is gone. The process must then end; call
    /// `drain` first, so that waiting clients get a response. Throws `http::listen_error`, whose text explains what to do.
    void start(std::function<void()> on_broken = [] {});

    /// The port on which the server listens. Call it after `start`.
    [[nodiscard]] std::uint16_t port() const noexcept;

    /// Reads the files of the TLS certificate and its key again. Existing connections keep their certificate. Logs the result.
    void reload();

    /// Calls `function` once on the thread of each worker. Can be called on any thread, between `start` and `stop`.
    void visit_workers(std::function<void()> function);

    /// Tests whether every worker and the writer of the database still respond: gives each of them a task that has no effect,
    /// and calls `on_response` on a thread of the server once all have completed their tasks or failed to. If one of them never
    /// responds, `on_response` is never called. Can be called on any thread, between `start` and `stop`.
    void request_response(std::function<void()> on_response);

    /// Path and query of a link with which the first administrator signs in, if the server requires tokens and no valid token
    /// exists; empty otherwise. The link is valid once, for half an hour. Call it after `start`.
    [[nodiscard]] std::optional<std::string> first_link() const;

    /// Whether the server has a route with this pattern, such as "/console/".
    [[nodiscard]] bool has_route(std::string_view pattern) const;

    /// From now on, /readyz returns 503, so that load balancers send their traffic elsewhere. Also, every response ends its
    /// connection. All requests are answered as before, also on new connections. Can be called on any thread. Idempotent.
    void begin_shutdown() noexcept;

    /// Whether the files of the database are no longer in the place where they were opened: see
    /// `storage::sqlite::sqlite_database`.
    [[nodiscard]] bool has_lost_database() const;

    /// The first steps of `stop`: /readyz returns 503, a running drain of the broker is stopped, no new connections are
    /// accepted, and running requests may finish until `deadline`.
    void drain(std::chrono::steady_clock::time_point deadline);

    /// How long `stop` may take from the deadline until the database is closed, unless a call does not return: 2 s for handlers
    /// that were cut off, and 3 s for waiting commits and the checkpoint of the write-ahead log.
    static constexpr std::chrono::seconds max_closing_time{5};
    /// How long `stop` may take after the database is closed: 2 s for handlers that are still running.
    static constexpr std::chrono::seconds max_ending_time{2};

    /// Stops in order: drains the requests, finishes event handlers, writes queued changes, closes the database, and ends the
    /// threads. Work that takes longer than the deadline in the settings is cut off. `on_closed` is called when the database is
    /// closed; nothing can be lost after that. Idempotent.
    void stop(const std::function<void()>& on_closed = [] {});

private:
    struct parts;

    app::settings settings_;
    logger log_;
    std::unique_ptr<parts> parts_;
};

} // namespace atrium::app

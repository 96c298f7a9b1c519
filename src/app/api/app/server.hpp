#pragma once

#include <app/settings.hpp>
#include <base/clock.hpp>
#include <base/log.hpp>
#include <host/module.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace atrium::app {

/// The whole server: every part made, wired and ended in one place. Made, started, stopped and destroyed on one thread; one
/// after another (or several, on files and ports of their own) in one process works.
///
///     app::server server{settings, log};
///     server.start();
///     use(server.port());
///     server.stop();
class server {
public:
    /// Opens the database and brings it up to date. Throws `storage::sqlite::open_error`, whose text says what to do.
    server(app::settings s, logger log);
    /// Stops it, where that has not been done.
    ~server();
    server(const server&) = delete;
    server& operator=(const server&) = delete;

    /// Begins to deliver events and to serve. `on_broken` is called on another thread if the database cannot be used any more:
    /// the disk failed in the middle of a commit, or the file is gone. The process must end (see `drain`). Throws
    /// `http::listen_error`, whose text says what to do.
    void start(std::function<void()> on_broken = [] {});

    /// The port it serves on, after `start`.
    [[nodiscard]] std::uint16_t port() const noexcept;

    /// /readyz turns 503, so that load balancers send their traffic elsewhere, and every answer ends its connection. All
    /// requests are answered as before, on new connections too. Any thread. Idempotent.
    void begin_shutdown() noexcept;

    /// Whether the database's files are not where they were opened; see `storage::sqlite::sqlite_database`.
    [[nodiscard]] bool has_lost_database() const;

    /// The first steps of `stop`: /readyz turns 503, nothing new is accepted, what runs is answered until `deadline`.
    void drain(std::chrono::steady_clock::time_point deadline);

    /// How much longer than the deadline `stop` may take as long as every call returns, until the database is closed: 2 s for
    /// handlers that were cut off, and 3 s for the commits that wait and the copying of the log.
    static constexpr std::chrono::seconds max_closing_time{5};
    /// And from there to its end: 2 s for handlers that are still running.
    static constexpr std::chrono::seconds max_ending_time{2};

    /// In order: drains; handlers of events finish; the database writes what is queued and closes; threads end. What takes
    /// longer than the settings' deadline is cut off. `on_closed` is called once the database is closed: what follows can lose
    /// nothing. Idempotent.
    void stop(const std::function<void()>& on_closed = [] {});

private:
    struct parts;

    app::settings settings_;
    logger log_;
    std::unique_ptr<parts> parts_;
};

} // namespace atrium::app

#pragma once

#include "broker_connection.hpp"
#include "reconnect.hpp"
#include "wake_event.hpp"
#include "watchdog.hpp"

#include <base/clock.hpp>
#include <base/log.hpp>
#include <base/throttle.hpp>
#include <metrics/registry.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace atrium::events::rabbitmq {

/// The state of a connection.
struct connection_status {
    std::optional<timestamp> connected_since; ///< empty while disconnected
    std::uint64_t reconnects = 0;             ///< connections after the first
    /// The last failure and what to do about it; it may have been fixed long ago.
    std::string last_error = "connecting for the first time";
};

/// The services that all code that uses a broker needs. They must outlive that code.
struct environment {
    const clock& time;
    metrics::registry& metrics;
    logger log;
};

/// A random number from 0 to 1, for the jitter of pauses. Any thread.
[[nodiscard]] double random_fraction();

/// Keeps a connection to the broker on a thread of its own: connects, lets its user work, and reconnects with growing pauses
/// after a failure. Each change of the connection's state is logged once, with what to do; a continuing failure is logged once
/// a minute.
class connection_loop {
public:
    /// The code that works on the connection. Every member is called on the loop's thread.
    class user {
    public:
        virtual ~user() = default;
        /// Prepares a new connection. May throw `broker_error`.
        virtual void on_connected(broker_connection& c) = 0;
        /// Works until the loop is `stopping` and current work is done. May throw `broker_error`.
        virtual void serve(broker_connection& c) = 0;
        /// Called when the connection has ended, for whatever reason, and also if `on_connected` threw.
        virtual void on_disconnected() noexcept = 0;
    };

    connection_loop(connection_settings settings, user& u, const environment& e);
    ~connection_loop();
    connection_loop(const connection_loop&) = delete;
    connection_loop& operator=(const connection_loop&) = delete;

    /// Starts the thread; once.
    void start();

    /// Asks the user to finish; call `stop` afterwards. Several loops can be stopped at the same time in this way.
    void begin_stop(std::chrono::steady_clock::time_point deadline);

    /// Asks the user to finish and joins the thread. `serve` ends no later than the deadline. Connecting and `on_connected` end
    /// immediately, because there is no unfinished work yet. Idempotent; on the owner's thread.
    void stop(std::chrono::steady_clock::time_point deadline);

    /// Ends the present or the next wait of the user in `broker_connection`. Any thread.
    void wake() const noexcept { wake_.notify(); }

    /// For the user: whether new work must not be started. Current work must be finished by `deadline`.
    [[nodiscard]] bool stopping() const noexcept { return stopping_; }
    [[nodiscard]] std::chrono::steady_clock::time_point deadline() const noexcept { return deadline_.load(); }

    /// Any thread.
    [[nodiscard]] connection_status status() const;

private:
    using steady = std::chrono::steady_clock;

    void run();
    void work();
    void set_serving(bool serving);
    void note_connected();
    std::chrono::milliseconds note_failure(const broker_error& e);
    void pause(std::chrono::milliseconds duration) const;

    connection_settings settings_;
    user& user_;
    environment environment_;
    logger log_;
    metrics::gauge connected_metric_;
    metrics::counter reconnects_metric_;
    wake_event wake_;
    watchdog watchdog_;
    std::atomic<bool> stopping_ = false;
    std::atomic<steady::time_point> deadline_;
    std::thread thread_;

    reconnect reconnect_; // the members from here to `connected_before_` are used only on the loop's thread
    std::optional<steady::time_point> working_since_; ///< empty while not connected
    std::string logged_failure_;
    throttle failure_log_ = throttle::once_a_minute();
    bool connected_before_ = false;

    std::mutex serving_mutex_; ///< locked by a stop and by each change of `serving_`, so that they do not overlap
    bool serving_ = false;     ///< whether the user works on the connection

    mutable std::mutex mutex_; ///< guards `status_`
    connection_status status_;
};

} // namespace atrium::events::rabbitmq

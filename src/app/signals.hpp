#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <string_view>
#include <vector>

namespace atrium::app {

/// Ignores SIGPIPE and SIGXFSZ, so that writing to a closed socket or beyond a file size limit returns an error code.
/// Affects the whole process; call it before anything else.
void ignore_signals_of_failed_writes();

/// Writes the first PIPE_BUF bytes of `text` to standard error, without waiting: writes nothing if standard error is a pipe
/// that is full. Async-signal-safe.
void write_without_waiting(std::string_view text) noexcept;

/// Opens /dev/null for each standard stream that is closed. Otherwise the next file or socket would get the stream's number,
/// and log lines would be written to that file or socket. Affects the whole process; call it before anything else.
void open_missing_streams();

/// The name of a signal that `shutdown_signal` handles: "SIGTERM".
[[nodiscard]] std::string_view name_of_signal(int signal) noexcept;

/// The terminal from which the process was started, if any.
class terminal {
public:
    terminal();
    /// Whether the process had a terminal and has lost it, because its window was closed or its connection has ended.
    [[nodiscard]] bool is_gone() const;

private:
    bool had_terminal_;
};

/// Waits for the reason to end the process: a signal, or a database that can no longer be used. Create it before the server, so
/// that a signal during the start is not lost.
///
/// SIGHUP ends the process only if the process has lost its terminal, because the system and shells send SIGHUP in that case.
/// Otherwise an operator has sent it as a request to reload, which has no effect once the process is ending.
class shutdown_signal {
public:
    /// Handles SIGINT, SIGTERM and SIGHUP. If the process was started with SIGHUP ignored (nohup), SIGHUP stays ignored.
    shutdown_signal();

    /// Reports that the database can no longer be used. Can be called on any thread.
    void report_broken_database();

    /// Whether `report_broken_database` was called. Also useful after `wait`, as the database may fail while the server stops.
    [[nodiscard]] bool is_database_broken() const noexcept { return is_database_broken_; }

    struct reason {
        int signal; ///< 0 if the reason is the database
    };

    /// Waits for a reason to end the process. Calls `reload` each time that a reload is requested.
    [[nodiscard]] reason wait(std::function<void()> reload);

    /// Call it after `wait`. Waits for `delay`, or until a further signal arrives or the database breaks. A signal within a
    /// second after the last one is ignored, as by `exit_at_next_signal`.
    void wait_for_delay(std::chrono::milliseconds delay);

    /// From now on, a further signal ends the process immediately, with status 128 + signal. A signal within a second after the
    /// last one is ignored: timeout(1) and similar programs send a signal to a program and then to its whole process group, but
    /// mean a single request to stop.
    void exit_at_next_signal();

private:
    void expect_signal();
    [[nodiscard]] bool is_reload(int signal) const;
    void run_until_signal();

    boost::asio::io_context context_{1};
    boost::asio::signal_set signals_{context_};
    std::vector<int> handled_signals_; ///< all signals that this object handles
    terminal terminal_;
    std::function<void()> reload_; ///< empty unless `wait` runs
    int signal_ = 0;
    std::atomic<bool> is_database_broken_ = false;
};

} // namespace atrium::app

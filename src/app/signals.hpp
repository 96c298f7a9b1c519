#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <atomic>
#include <chrono>
#include <string_view>
#include <vector>

namespace atrium::app {

/// Has SIGPIPE and SIGXFSZ ignored: a closed socket, a full disk and a file limit are error codes where they are met. For the
/// whole process, before anything else.
void ignore_signals_of_failed_writes();

/// Writes to standard error as much as it takes at once: nothing if it is a full pipe. Async-signal-safe.
void write_at_once(std::string_view text) noexcept;

/// Opens /dev/null for each standard stream that is closed: otherwise the next file or socket would get its number, and with it
/// the lines of the log. For the whole process, before anything else.
void open_missing_streams();

/// "SIGTERM"; one of those that `ending` takes.
[[nodiscard]] std::string_view name_of_signal(int signal) noexcept;

/// What ends the process: a signal, or a database that cannot be trusted any more. Made before the server, so that a signal
/// during its start is not lost.
class ending {
public:
    /// Takes SIGINT, SIGTERM and SIGHUP; the last one not if it is ignored (nohup).
    ending();

    /// Any thread.
    void database_broken();

    /// Whether that was called, also after the wait: it may break while the server stops.
    [[nodiscard]] bool is_database_broken() const noexcept { return broken_; }

    struct reason {
        int signal; ///< one of those that it takes; 0: the database
    };

    /// Waits for it.
    [[nodiscard]] reason wait();

    /// After `wait`: waits for that long, or until a further signal comes or the database breaks. A signal in the first second
    /// after the last one is not a further one (see below).
    void wait_out(std::chrono::milliseconds time);

    /// From now on a further signal of those that it takes ends the process at once, with status 128 + signal. In the first
    /// second after the last one it does nothing: timeout(1) and similar programs signal a program and then its whole group,
    /// which is one request.
    void end_at_next_signal();

private:
    void expect_signal();
    void run_until_signal();

    boost::asio::io_context context_{1};
    boost::asio::signal_set signals_{context_};
    std::vector<int> taken_; ///< the signals
    int signal_ = 0;
    std::atomic<bool> broken_ = false;
};

} // namespace atrium::app

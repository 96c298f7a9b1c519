#pragma once

#include <base/log.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace atrium::app {

/// The program that started this process and waits for messages about its state: systemd, for a unit with Type=notify. Without
/// such a program, all messages are ignored. Implements the protocol of sd_notify(3). Can be used on any thread.
class service_manager {
public:
    /// Reads the environment: NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID. Logs a warning if the value of NOTIFY_SOCKET cannot
    /// be used.
    explicit service_manager(logger log);

    /// Reports that the server listens. `status` is one line that `systemctl status` shows.
    void report_ready(std::string_view status) const;

    /// Reports that the server reads its certificate again. Call `report_ready` when the server has done so.
    void report_reloading() const;

    /// Reports that the server stops, and that this takes at most `limit`. Afterwards the manager does not expect calls of
    /// `report_alive`.
    void report_stopping(std::chrono::milliseconds limit) const;

    /// Reports that the server works.
    void report_alive() const;

    /// The manager ends the process if `report_alive` is not called for this long. 0 means that such calls are not expected.
    [[nodiscard]] std::chrono::microseconds max_silence() const noexcept { return max_silence_; }

private:
    void send(std::string_view message) const;

    logger log_;
    std::string socket_; ///< the address of the socket, in which a first zero byte stands for the abstract namespace; empty if
                         ///< no messages are sent
    std::chrono::microseconds max_silence_{0};
};

} // namespace atrium::app

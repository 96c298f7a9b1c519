#pragma once

#include "wake_event.hpp"
#include "watchdog.hpp"

#include <chrono>
#include <string>

namespace atrium::events::rabbitmq {

/// Owns a socket and closes it, unless it is released.
class socket_handle {
public:
    explicit socket_handle(int descriptor = -1) noexcept : descriptor_{descriptor} {}
    ~socket_handle();
    socket_handle(socket_handle&& other) noexcept : descriptor_{other.release()} {}
    socket_handle& operator=(socket_handle&& other) noexcept;

    [[nodiscard]] int get() const noexcept { return descriptor_; }
    [[nodiscard]] int release() noexcept;

private:
    int descriptor_;
};

enum class dial_failure {
    unknown_host, ///< the name service does not know the host or does not answer
    refused,      ///< no address accepted the connection, for example because no program listens or no route exists
    timed_out,    ///< one or more addresses did not answer in time; the others refused the connection
    stopped,      ///< the deadline of `watchdog::end_by` has passed
};

struct dial_result {
    socket_handle socket; ///< connected and non-blocking; if there is none, `failure` is the reason
    dial_failure failure = dial_failure::refused;
};

/// Connects to the first address of the host that answers; the addresses share the time until the deadline. Neither the name
/// service nor a host that drops packets can delay the call beyond the deadline, or beyond the time of `watchdog::end_by`. A
/// call of `end_by` takes effect when `wake` is notified.
[[nodiscard]] dial_result dial(const std::string& host, int port, std::chrono::steady_clock::time_point deadline,
                               const wake_event& wake, const watchdog& guard);

} // namespace atrium::events::rabbitmq

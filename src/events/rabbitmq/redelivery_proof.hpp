#pragma once

#include "broker_connection.hpp"
#include "wake_event.hpp"
#include "watchdog.hpp"

#include <chrono>
#include <string>

namespace atrium::events::rabbitmq {

/// Whether a queue delivers a message again that a consumer has returned: sends a probe through it and returns the probe once.
///
/// The version of one node cannot answer that. While a cluster is being upgraded from RabbitMQ 3 to 4, a queue with a delivery
/// limit of -1 still runs the older implementation, which drops a message with its first return.
///
/// One thread, and a short connection of its own: a connection that publishes is stopped while the broker is short of memory.
class redelivery_proof {
public:
    using clock = std::chrono::steady_clock;

    /// Subscribes to `queue`, which is bound to `probe_exchange(exchange)` under its name, gets nothing else and has no other
    /// consumer. Throws `broker_error`.
    redelivery_proof(connection_settings settings, const std::string& exchange, const std::string& queue);

    enum class outcome {
        pending,
        kept,    ///< the probe came again
        lost,    ///< the probe was returned and did not come again
        unknown, ///< the probe has not come at all
    };
    /// Never waits. Throws `broker_error`.
    [[nodiscard]] outcome poll();
    /// Waits a moment for something to poll.
    void wait();

    static constexpr std::chrono::seconds patience{5};

private:
    outcome judge(const incoming::delivery& d);

    wake_event wake_;
    watchdog guard_;
    clock::time_point deadline_;
    broker_connection connection_;
    std::string probe_id_;
    bool is_returned_ = false;
};

} // namespace atrium::events::rabbitmq

#pragma once

#include "broker_connection.hpp"
#include "wake_event.hpp"
#include "watchdog.hpp"

#include <chrono>
#include <string>

namespace atrium::events::rabbitmq {

/// Checks whether a queue redelivers a message that a consumer has returned, by sending a probe through it and returning the
/// probe once.
///
/// The version of one node is not enough to know whether a queue redelivers. While a cluster is being upgraded from RabbitMQ 3
/// to 4, a queue with a delivery limit of -1 still runs the older implementation, which drops a message when it is returned for
/// the first time.
///
/// Has a connection of its own, so that the consumer's connection never publishes: while the broker is short of memory, it
/// blocks each connection that has published. For one thread only.
class redelivery_proof {
public:
    using clock = std::chrono::steady_clock;

    /// Subscribes to `queue`. It must be bound to `probe_exchange(exchange)` with its name as the routing key, get no messages
    /// except the probe, and have no other consumer. Throws `broker_error`.
    redelivery_proof(connection_settings settings, const std::string& exchange, const std::string& queue);

    enum class outcome {
        pending,
        kept,    ///< the probe was redelivered
        lost,    ///< the probe was returned, but not redelivered in time
        unknown, ///< the probe has not come in time
    };
    /// Never waits. Throws `broker_error`.
    [[nodiscard]] outcome poll();
    /// Waits up to 50 ms for the next message.
    void wait();

    static constexpr std::chrono::seconds patience{5}; ///< how long the proof may take

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

#pragma once

#include "broker_connection.hpp"
#include "wake_event.hpp"
#include "watchdog.hpp"

#include <atomic>
#include <string>
#include <thread>

namespace atrium::events::rabbitmq {

/// Checks whether every node of the broker's cluster is up. A queue must not be deleted and declared again while a node is
/// down. When that node comes back, its replica of the deleted queue can become the leader of the new queue, and remove
/// messages that the new queue has confirmed (rabbitmq-server, issue 12366).
///
/// AMQP does not report the nodes. But the broker deletes a quorum queue immediately if all replicas confirm the deletion, and
/// after five seconds otherwise. So this check declares a queue that has a replica on each node, deletes it, and measures how
/// long the deletion takes. It has a thread and a connection of its own.
class node_check {
public:
    /// `queue` is a name that has never been used before.
    node_check(connection_settings settings, std::string queue);
    /// Ends the check immediately.
    ~node_check();
    node_check(const node_check&) = delete;
    node_check& operator=(const node_check&) = delete;

    enum class outcome {
        pending,
        up,
        not_proven, ///< a node is down, or the broker could not be reached
    };
    /// Never waits.
    [[nodiscard]] outcome poll() const noexcept { return outcome_; }

private:
    void run() noexcept;

    const connection_settings settings_;
    const std::string queue_;
    std::atomic<outcome> outcome_ = outcome::pending;
    wake_event wake_;
    watchdog guard_;
    std::thread thread_; ///< last, because it uses the other members
};

} // namespace atrium::events::rabbitmq

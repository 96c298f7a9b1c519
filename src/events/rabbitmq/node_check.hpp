#pragma once

#include "broker_connection.hpp"
#include "wake_event.hpp"
#include "watchdog.hpp"

#include <atomic>
#include <string>
#include <thread>

namespace atrium::events::rabbitmq {

/// Whether every node of the broker's cluster is up. A queue must not be deleted and declared again while one is down: the node
/// comes back with its replica of the deleted queue, which can win the election of the new one and remove what the new one has
/// confirmed (rabbitmq-server, issue 12366).
///
/// AMQP does not show the nodes. But a quorum queue is deleted at once only if all its replicas confirm it, and after five
/// seconds otherwise. So this declares and deletes one that has a replica on each node. It does so on a thread and a connection
/// of its own.
class node_check {
public:
    /// `queue` is a name that was never used before.
    node_check(connection_settings settings, std::string queue);
    /// Ends the check at once.
    ~node_check();
    node_check(const node_check&) = delete;
    node_check& operator=(const node_check&) = delete;

    enum class outcome {
        pending,
        up,
        not_proven, ///< a node is down, or the broker could not be asked
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
    std::thread thread_; ///< last: it uses the rest
};

} // namespace atrium::events::rabbitmq

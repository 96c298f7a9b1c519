#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace atrium::events::rabbitmq {

class broker_connection;

/// The queue of a subscription: "atrium.events.users.order_statistics".
[[nodiscard]] std::string queue_name(std::string_view exchange, std::string_view subscription);

/// What must be there before a message is sent or received. Declaring it again is harmless, and is done on each connection: it
/// may be another broker, or one that has lost its memory.
struct topology {
    struct bound_queue {
        std::string queue;
        std::vector<std::string> patterns;
    };
    struct binding {
        std::string queue;
        std::string pattern;
    };

    std::string exchange;                  ///< empty: the default exchange, which is always there
    std::vector<bound_queue> queues;       ///< quorum queues with a single active consumer, bound to the exchange
    std::vector<binding> stale;            ///< recorded earlier, and named by no subscription now: taken away
    std::vector<std::string> plain_queues; ///< with default arguments, for plain AMQP programs

    /// Throws `broker_error`.
    void declare(broker_connection& c) const;

    /// Whether a queue takes what is published under `routing_key`, once this is declared.
    [[nodiscard]] bool takes(std::string_view routing_key) const;
};

} // namespace atrium::events::rabbitmq

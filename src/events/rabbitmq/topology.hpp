#pragma once

#include "delivery_limit.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::events::rabbitmq {

class broker_connection;

/// The name of a subscription's queue: "atrium.events.users.order_statistics".
[[nodiscard]] std::string queue_name(std::string_view exchange, std::string_view subscription);

/// The name of a direct exchange that exists in addition to the topic exchange. Each queue is bound to it under the queue's own
/// name, so that a message can be sent to a single queue. This needs only permissions for names that begin with the name of the
/// topic exchange.
[[nodiscard]] std::string probe_exchange(std::string_view exchange);

/// RabbitMQ 4 first records a binding and only later uses it for routing. A connection that declares the same binding in
/// between gets its confirmation too early. So nothing may rely on a binding until this time has passed since its confirmation.
inline constexpr std::chrono::seconds routing_delay{1};

/// The exchanges, queues and bindings that must exist before a message is sent or received. They are declared again on each
/// connection, because the broker may be another one or may have lost its data. Repeating a declaration is harmless.
struct topology {
    struct bound_queue {
        std::string queue;
        std::vector<std::string> patterns;
    };
    struct binding {
        std::string queue;
        std::string pattern;
    };

    std::string exchange;                  ///< empty for the default exchange, which always exists
    std::vector<bound_queue> queues;       ///< quorum queues with a single active consumer, bound to the exchange
    std::vector<binding> stale;            ///< bindings that no subscription uses any more, which are removed
    std::vector<std::string> plain_queues; ///< queues with default arguments, for plain AMQP programs
    bool durable_plain_queues = false;     ///< whether the plain queues are durable

    /// A queue that did not exist when it was looked for.
    struct missing_queue {
        std::string queue;
        std::chrono::steady_clock::time_point lookup_time;
    };
    struct outcome {
        std::vector<missing_queue> created; ///< queues that did not exist before
        std::vector<std::string> limited;   ///< queues that exist with a delivery limit, which are used with this limit
        std::vector<std::string> unlimited; ///< queues that are known to have no limit
    };
    /// Throws `broker_error`.
    outcome declare(broker_connection& c) const;
    /// Declares `queue`, as a trial queue if `is_trial`, so that probes reach it. Does not bind it to events. Throws
    /// `broker_error`.
    delivery_limit declare_for_probes(broker_connection& c, const std::string& queue, bool is_trial) const;
    /// Binds `queue` with the patterns of `original`, which is one of `queues`; `unbind_like` removes these bindings. In both
    /// cases, probes still reach `queue`. Throws `broker_error`.
    void bind_like(broker_connection& c, const std::string& original, const std::string& queue) const;
    void unbind_like(broker_connection& c, const std::string& original, const std::string& queue) const;

    /// Whether a queue receives messages with this `routing_key` once the topology is declared.
    [[nodiscard]] bool takes(std::string_view routing_key) const;

private:
    [[nodiscard]] const std::vector<std::string>& patterns_of(const std::string& queue) const;
};

} // namespace atrium::events::rabbitmq

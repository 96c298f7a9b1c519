#pragma once

#include "delivery_limit.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::events::rabbitmq {

class broker_connection;

/// The queue of a subscription: "atrium.events.users.order_statistics".
[[nodiscard]] std::string queue_name(std::string_view exchange, std::string_view subscription);

/// A direct exchange beside the topic exchange, to which each queue is bound under its own name: through it one queue alone is
/// reached, with no permission but that on the exchange's own names.
[[nodiscard]] std::string probe_exchange(std::string_view exchange);

/// RabbitMQ 4 records a binding first and routes by it afterwards. A connection that declares the same binding meanwhile gets
/// its answer too early, so nothing may rely on a binding before this time has passed since it was confirmed.
inline constexpr std::chrono::seconds routing_delay{1};

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
    bool durable_plain_queues = false;     ///< but those are durable

    /// A queue that did not exist when it was looked for.
    struct missing_queue {
        std::string queue;
        std::chrono::steady_clock::time_point lookup_time;
    };
    struct outcome {
        std::vector<missing_queue> created;
        std::vector<std::string> limited;   ///< queues that exist with a delivery limit, and are used as they are
        std::vector<std::string> unlimited; ///< queues that are known to have none
    };
    /// Throws `broker_error`.
    outcome declare(broker_connection& c) const;
    /// Declares `queue`, which probes then reach; it is not bound to events. Throws `broker_error`.
    delivery_limit declare_for_probes(broker_connection& c, const std::string& queue, bool is_trial) const;
    /// Binds `queue` to the patterns of one of `queues`, or unbinds it from them. Probes still reach it. Throws `broker_error`.
    void bind_like(broker_connection& c, const std::string& original, const std::string& queue) const;
    void unbind_like(broker_connection& c, const std::string& original, const std::string& queue) const;

    /// Whether a queue takes what is published under `routing_key`, once this is declared.
    [[nodiscard]] bool takes(std::string_view routing_key) const;

private:
    [[nodiscard]] const std::vector<std::string>& patterns_of(const std::string& queue) const;
};

} // namespace atrium::events::rabbitmq

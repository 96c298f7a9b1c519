#include "topology.hpp"

#include "broker_connection.hpp"

#include <events/topic_pattern.hpp>

#include <algorithm>

namespace atrium::events::rabbitmq {

std::string queue_name(std::string_view exchange, std::string_view subscription) {
    return std::string{exchange}.append(".").append(subscription);
}

void topology::declare(broker_connection& c) const {
    if (!exchange.empty())
        c.declare_exchange(exchange);
    for (const auto& [queue, patterns] : queues) {
        c.declare_queue(queue, broker_connection::queue_kind::single_active_quorum);
        for (const auto& pattern : patterns)
            c.bind(queue, exchange, pattern);
    }
    for (const auto& [queue, pattern] : stale)
        c.unbind(queue, exchange, pattern);
    for (const auto& queue : plain_queues)
        c.declare_queue(queue, broker_connection::queue_kind::plain);
}

bool topology::takes(std::string_view routing_key) const {
    const auto matches = [&](const std::string& pattern) { return topic_pattern{pattern}.matches(routing_key); };
    return std::ranges::any_of(queues, [&](const auto& each) { return std::ranges::any_of(each.patterns, matches); }) ||
           std::ranges::find(plain_queues, routing_key) != plain_queues.end();
}

} // namespace atrium::events::rabbitmq

#include "topology.hpp"

#include "broker_connection.hpp"
#include "queue_move.hpp"

#include <events/topic_pattern.hpp>

#include <algorithm>

namespace atrium::events::rabbitmq {

std::string queue_name(std::string_view exchange, std::string_view subscription) {
    return std::string{exchange}.append(".").append(subscription);
}

std::string probe_exchange(std::string_view exchange) {
    return std::string{exchange}.append(".probes");
}

topology::outcome topology::declare(broker_connection& c) const {
    using kind = broker_connection::queue_kind;
    outcome result;
    const auto note_missing = [&](const std::string& queue) {
        const auto lookup_time = std::chrono::steady_clock::now();
        if (!c.find_queue(queue))
            result.created.push_back({queue, lookup_time});
    };
    if (!exchange.empty()) {
        c.declare_exchange(exchange);
        c.declare_exchange(probe_exchange(exchange), broker_connection::exchange_kind::direct);
    }
    for (const auto& each : queues) {
        note_missing(each.queue);
        const auto limit = c.declare_queue(each.queue, kind::single_active_quorum);
        if (limit == delivery_limit::limited)
            result.limited.push_back(each.queue);
        if (limit == delivery_limit::unlimited)
            result.unlimited.push_back(each.queue);
        // While a queue with a delivery limit is being replaced (queue_move.hpp), events go to its interim queue. If the old
        // queue were bound again here, it could deliver a later event of a key before an earlier one that is only in the
        // interim queue. So the interim queue is bound instead.
        const auto interim = interim_name(each.queue);
        bind_like(c, each.queue, limit == delivery_limit::limited && c.find_queue(interim) ? interim : each.queue);
        c.bind(each.queue, probe_exchange(exchange), each.queue);
    }
    for (const auto& [queue, pattern] : stale)
        c.unbind(queue, exchange, pattern);
    for (const auto& queue : plain_queues) {
        note_missing(queue);
        c.declare_queue(queue, durable_plain_queues ? kind::plain_durable : kind::plain);
    }
    return result;
}

delivery_limit topology::declare_for_probes(broker_connection& c, const std::string& queue, bool is_trial) const {
    using kind = broker_connection::queue_kind;
    const auto limit = c.declare_queue(queue, is_trial ? kind::trial_quorum : kind::single_active_quorum);
    c.bind(queue, probe_exchange(exchange), queue);
    return limit;
}

void topology::bind_like(broker_connection& c, const std::string& original, const std::string& queue) const {
    for (const auto& pattern : patterns_of(original))
        c.bind(queue, exchange, pattern);
}

void topology::unbind_like(broker_connection& c, const std::string& original, const std::string& queue) const {
    for (const auto& pattern : patterns_of(original))
        c.unbind(queue, exchange, pattern);
}

const std::vector<std::string>& topology::patterns_of(const std::string& queue) const {
    return std::ranges::find(queues, queue, &bound_queue::queue)->patterns;
}

bool topology::takes(std::string_view routing_key) const {
    const auto matches = [&](const std::string& pattern) { return topic_pattern{pattern}.matches(routing_key); };
    return std::ranges::any_of(queues, [&](const auto& each) { return std::ranges::any_of(each.patterns, matches); }) ||
           std::ranges::find(plain_queues, routing_key) != plain_queues.end();
}

} // namespace atrium::events::rabbitmq

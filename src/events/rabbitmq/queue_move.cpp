#include "queue_move.hpp"

#include "broker_connection.hpp"

#include <algorithm>

namespace atrium::events::rabbitmq {

std::string interim_name(std::string_view queue) {
    return std::string{queue}.append(".interim");
}

std::optional<queue_move> find_move(broker_connection& c, const topology& all, const std::string& queue, bool is_limited) {
    const auto interim = interim_name(queue);
    if (!is_limited)
        return c.find_queue(interim) ? std::optional{queue_move{interim, queue}} : std::nullopt;
    all.declare_like(c, *std::ranges::find(all.queues, queue, &topology::bound_queue::queue), interim);
    return queue_move{queue, interim};
}

bool is_still_due(broker_connection& c, const queue_move& move) {
    if (!c.find_queue(move.from) || !c.find_queue(move.to))
        return false;
    const bool to_interim = move.to == interim_name(move.from);
    const auto& queue = to_interim ? move.from : move.to;
    const auto declared = c.declare_queue(queue, broker_connection::queue_kind::single_active_quorum);
    return (declared == broker_connection::declaration::other_delivery_limit) == to_interim;
}

} // namespace atrium::events::rabbitmq

#pragma once

namespace atrium::events::rabbitmq {

/// What the declaration of a quorum queue shows about its delivery limit: how often the broker delivers a message before it
/// drops the message.
enum class delivery_limit {
    unlimited,   ///< the queue has `x-delivery-limit = -1`
    limited,     ///< the queue exists with another limit, or without the argument on a node of RabbitMQ 4; its limit stays
    unspecified, ///< a node that does not support -1 (RabbitMQ 3) has accepted the declaration without a limit
};

} // namespace atrium::events::rabbitmq

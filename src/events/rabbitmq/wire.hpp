#pragma once

#include "message.hpp"

#include <base/error.hpp>
#include <events/event.hpp>

#include <string>

/// Events as messages: the binary mode of the CloudEvents AMQP binding. Attributes are application properties `cloudEvents_*`,
/// the body is the event's data as it is, so that a program which knows nothing of CloudEvents reads it as plain JSON.
namespace atrium::events::rabbitmq::wire {

/// The routing key is the topic. The priority is an application property alone: a quorum queue of RabbitMQ 4 delivers what has
/// AMQP's own priority above 4 first, also before an earlier event of the same key. Errors: an id or topic of more than 255
/// bytes, attributes of more than 64 KiB in sum: AMQP cannot carry them.
[[nodiscard]] result<message> write(const event& e);

/// Bytes that the properties of a message take on the wire, or a few more.
[[nodiscard]] std::size_t size_of_properties(const message& m);

/// The event without a seq. Errors, in words for a person who looks at the message: what is missing or wrong.
[[nodiscard]] result<event> read(const message& m);

/// What a message of a plain AMQP program gives: JSON, and an id where its sender set one.
struct plain_message {
    std::string id; ///< `message_id`; may be empty
    std::string data;
};

/// Errors as `read`: a body that is no JSON object.
[[nodiscard]] result<plain_message> read_plain(const message& m);

} // namespace atrium::events::rabbitmq::wire

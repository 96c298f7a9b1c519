#pragma once

#include "message.hpp"

#include <base/error.hpp>
#include <events/event.hpp>

#include <string>

/// Events as messages: the binary mode of the CloudEvents AMQP binding. Attributes are application properties `cloudEvents_*`.
/// The body is the unchanged data of the event, so that a program without CloudEvents support reads it as plain JSON.
namespace atrium::events::rabbitmq::wire {

/// Returns the message for an event. Its routing key is the topic. The priority of the event is an application property and not
/// the AMQP priority: a quorum queue of RabbitMQ 4 delivers a message with an AMQP priority above 4 before others, even before
/// earlier events of the same key. Errors: an id or topic of more than 255 bytes, or attributes of more than 64 KiB in total,
/// which AMQP cannot carry.
[[nodiscard]] result<message> write(const event& e);

/// An upper limit for the size of a message's properties on the wire, in bytes.
[[nodiscard]] std::size_t size_of_properties(const message& m);

/// Returns the event in the message. It has no seq. The error describes for a human reader what is missing or wrong.
[[nodiscard]] result<event> read(const message& m);

/// The content of a message from a plain AMQP program: a JSON object, and an id if the sender has set one.
struct plain_message {
    std::string id; ///< `message_id`; may be empty
    std::string data;
};

/// Fails, with a description for a human reader, if the body is not a JSON object or is too large, or if the message id is
/// invalid.
[[nodiscard]] result<plain_message> read_plain(const message& m);

} // namespace atrium::events::rabbitmq::wire

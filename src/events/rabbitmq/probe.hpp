#pragma once

#include "message.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace atrium::events::rabbitmq {

/// Returns a message that a consumer sends to its own queue. The arrival of this probe proves that the consumer receives the
/// messages of the queue, and that all earlier messages of the queue have arrived. A probe is not an event, and consumers do
/// not hand it over.
[[nodiscard]] inline message make_probe(std::string id) {
    return {.content_type = "application/vnd.atrium.probe",
            .message_id = std::move(id),
            .persistent = true,
            .expiration = "60000", // in milliseconds; by then, a consumer that still waits for a probe has sent another one
            .body = "{}"};
}

[[nodiscard]] inline bool is_probe(const message& m) {
    return m.content_type == "application/vnd.atrium.probe";
}

/// Sends a probe with this id to a queue and then calls `sent`. Does neither if the broker accepts no messages at the moment,
/// or if another probe for the same queue replaces this one. Consumers do not publish on their own connections, because a
/// connection that publishes is blocked while the broker is short of memory. Any thread.
using probe_sender = std::function<void(std::string queue, std::string id, std::function<void()> sent)>;

} // namespace atrium::events::rabbitmq

#pragma once

#include "message.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace atrium::events::rabbitmq {

/// A message that a consumer sends to its own queue, to see it arrive: the proof that the queue is read, and a mark between
/// what was in the queue before and what came later. It is not an event, and no consumer hands it over.
[[nodiscard]] inline message make_probe(std::string id) {
    return {.content_type = "application/vnd.atrium.probe",
            .message_id = std::move(id),
            .persistent = true,
            .expiration = "60000", // a consumer that waits sends another one by then
            .body = "{}"};
}

[[nodiscard]] inline bool is_probe(const message& m) {
    return m.content_type == "application/vnd.atrium.probe";
}

/// Sends a probe with this id to a queue and then calls `sent`; or does neither, if the broker takes nothing at the moment. A
/// connection that publishes is stopped while the broker is short of memory, so consumers do not send on theirs. Any thread.
using probe_sender = std::function<void(std::string queue, std::string id, std::function<void()> sent)>;

} // namespace atrium::events::rabbitmq

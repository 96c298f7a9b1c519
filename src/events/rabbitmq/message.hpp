#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace atrium::events::rabbitmq {

/// An application property. Integers, booleans, byte strings and timestamps of other programs are converted to text in
/// CloudEvents' canonical form; values without such a form (tables, arrays, floating-point numbers) become "".
struct header {
    std::string name;
    std::string value;
};

/// The parts of an AMQP 0-9-1 message that Atrium uses. An empty or zero property is absent.
struct message {
    std::string routing_key = {};
    std::string content_type = {};
    std::string message_id = {};
    std::uint64_t timestamp = 0; ///< seconds since 1970
    int priority = 0;
    bool persistent = false;
    std::string expiration = {}; ///< milliseconds until the broker drops it, as decimal text
    std::vector<header> headers = {};
    std::string body = {};
    std::uint64_t omitted = 0; ///< number of bytes that are missing at the end of `body`, because it was too large
};

} // namespace atrium::events::rabbitmq

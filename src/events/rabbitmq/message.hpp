#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace atrium::events::rabbitmq {

/// An application property. Numbers, truth values and moments of other programs are given as text, in CloudEvents' canonical
/// form; what has no such form (tables, arrays) as "".
struct header {
    std::string name;
    std::string value;
};

/// A message as AMQP 0-9-1 carries it, as far as Atrium uses it. A property that is empty or zero is absent.
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
    std::uint64_t omitted = 0; ///< bytes of the body that are not kept, behind those in `body`: it is longer than allowed
};

} // namespace atrium::events::rabbitmq

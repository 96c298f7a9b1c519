#pragma once

#include <http/stream.hpp>
#include <http/web_socket.hpp>

#include <optional>

namespace atrium::http {

struct web_socket_offer {
    web_socket_options options;
    web_socket_session session;
};

/// What follows the header of a response instead of a body. Exactly one of the two members is set.
struct continuation {
    body_producer produce = {};
    std::optional<web_socket_offer> web_socket = {};
};

} // namespace atrium::http

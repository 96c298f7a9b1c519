#pragma once

#include <http/stream.hpp>
#include <http/web_socket.hpp>

#include <optional>

namespace atrium::http {

struct web_socket_offer {
    web_socket_options options;
    web_socket_session session;
};

/// What goes on after the header of a response that is not answered by it alone: one of the two.
struct continuation {
    body_producer produce = {};
    std::optional<web_socket_offer> web_socket = {};
};

} // namespace atrium::http

#pragma once

#include "sockets/tcp.hpp"

#include <http/server.hpp>

namespace atrium::http {

/// The endpoint that `s` names. Throws `listen_error` for what is no IP address.
[[nodiscard]] tcp::endpoint endpoint_of(const settings& s);

/// Listens there for a moment without SO_REUSEPORT, so that a port where any server listens is refused, be it one that would
/// share it. Throws `listen_error`.
void check_port_is_free(const tcp::endpoint& endpoint);

/// One of several sockets that listen on one port (SO_REUSEPORT): the kernel spreads the connections over them. Port 0 is one
/// that nobody uses. Throws `listen_error`.
[[nodiscard]] tcp_acceptor listen_on(asio::io_context& context, const tcp::endpoint& endpoint);

} // namespace atrium::http

#pragma once

#include "sockets/tcp.hpp"

#include <http/server.hpp>

namespace atrium::http {

/// The endpoint that `s` specifies. Throws `listen_error` if it is not an IP address.
[[nodiscard]] tcp::endpoint endpoint_of(const settings& s);

/// One of several sockets that listen on one port (SO_REUSEPORT): the kernel distributes connections among them. Port 0 picks a
/// free port. Throws `listen_error`.
[[nodiscard]] tcp_acceptor listen_on(asio::io_context& context, const tcp::endpoint& endpoint);

} // namespace atrium::http

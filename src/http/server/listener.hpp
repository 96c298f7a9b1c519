#pragma once

#include "sockets/tcp.hpp"

#include <http/server.hpp>

namespace atrium::http {

/// The endpoint that `s` specifies. Throws `listen_error` if `http.address` is not an IP address.
[[nodiscard]] tcp::endpoint endpoint_of(const settings& s);

/// Opens one of several sockets that listen on one port (SO_REUSEPORT). The kernel distributes connections among them. If the
/// port is 0, the kernel picks a free one. Throws `listen_error`.
[[nodiscard]] tcp_acceptor listen_on(asio::io_context& context, const tcp::endpoint& endpoint);

} // namespace atrium::http

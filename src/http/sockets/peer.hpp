#pragma once

#include "sockets/tcp.hpp"

#include <chrono>
#include <cstddef>

// Facts about the other end of a long-lived connection that only the operating system knows.
namespace atrium::http {

enum class peer_state {
    here,        ///< nothing shows that the other end has closed the connection
    half_closed, ///< the other end has closed its sending half or the whole connection, which looks the same until something is
                 ///< sent
    gone,        ///< the connection broke
};

/// Detects that the other end has closed the connection, even if there is unread input.
[[nodiscard]] peer_state look_at_peer(tcp_socket& socket);

/// Bytes that the system has accepted but the other end has not acknowledged; 0 if unknown.
[[nodiscard]] std::size_t unacknowledged_bytes(tcp_socket& socket);

/// Makes the system break the connection if sent data is not acknowledged for this long, which means that the other end is
/// unreachable or does not read.
void limit_unacknowledged(tcp_socket& socket, std::chrono::milliseconds time);

} // namespace atrium::http

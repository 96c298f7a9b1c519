#pragma once

#include "sockets/tcp.hpp"

#include <chrono>
#include <cstddef>

// What only the system knows about the other end of a connection that is open for long.
namespace atrium::http {

enum class peer_state {
    here,
    half_closed, ///< its sending half is closed, or all of it, which looks the same until something is sent to it
    gone,        ///< the connection broke
};

/// Unread input does not hide the end behind it.
[[nodiscard]] peer_state look_at_peer(tcp_socket& socket);

/// How many bytes the system has taken for the other end, which has not acknowledged them; 0 if that is unknown.
[[nodiscard]] std::size_t unacknowledged_bytes(tcp_socket& socket);

/// Lets the system break the connection where what was sent is not acknowledged for that long: the other end is off, or
/// reads nothing.
void limit_unacknowledged(tcp_socket& socket, std::chrono::milliseconds time);

} // namespace atrium::http

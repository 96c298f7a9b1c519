#include "sockets/peer.hpp"

#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace atrium::http {

peer_state look_at_peer(tcp_socket& socket) {
    pollfd query{socket.native_handle(), POLLRDHUP, 0};
    if (::poll(&query, 1, 0) <= 0)
        return peer_state::here;
    return (query.revents & (POLLHUP | POLLERR)) != 0 ? peer_state::gone : peer_state::half_closed;
}

std::size_t unacknowledged_bytes(tcp_socket& socket) {
    int count = 0;
    return ::ioctl(socket.native_handle(), TIOCOUTQ, &count) == 0 ? static_cast<std::size_t>(count) : 0; // tcp(7), SIOCOUTQ
}

void limit_unacknowledged(tcp_socket& socket, std::chrono::milliseconds time) {
    const auto milliseconds = static_cast<unsigned>(time.count());
    (void)::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
}

} // namespace atrium::http

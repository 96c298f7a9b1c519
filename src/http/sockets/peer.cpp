#include "sockets/peer.hpp"

#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

namespace atrium::http {

peer_state look_at_peer(tcp_socket& socket) {
    pollfd asked{socket.native_handle(), POLLRDHUP, 0};
    if (::poll(&asked, 1, 0) <= 0)
        return peer_state::here;
    return (asked.revents & (POLLHUP | POLLERR)) != 0 ? peer_state::gone : peer_state::silent;
}

void limit_unacknowledged(tcp_socket& socket, std::chrono::milliseconds time) {
    const auto milliseconds = static_cast<unsigned>(time.count());
    (void)::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
}

} // namespace atrium::http

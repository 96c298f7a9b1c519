#pragma once

#include "sockets/transport_socket.hpp"

#include <boost/beast/core/role.hpp>
#include <boost/beast/websocket/teardown.hpp>

#include <utility>

// How Beast ends the connection of a WebSocket after the close frames. Beast finds these functions by
// argument-dependent lookup.
namespace atrium::http {

/// With TLS, notifies the other side first. Then ends the TCP connection in the same way as Beast does without TLS.
template <class Handler>
void async_teardown(boost::beast::role_type role, transport_socket& socket, Handler&& completion) {
    socket.notify_of_end();
    boost::beast::websocket::async_teardown(role, socket.tcp(), std::forward<Handler>(completion));
}

inline void teardown(boost::beast::role_type role, transport_socket& socket, boost::system::error_code& failure) {
    socket.notify_of_end();
    boost::beast::websocket::teardown(role, socket.tcp(), failure);
}

inline void beast_close_socket(transport_socket& socket) {
    socket.close();
}

} // namespace atrium::http

#pragma once

#include <base/awaitable.hpp>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>

// TCP sockets on the executor of Atrium's coroutines.
namespace atrium::http {

using tcp = asio::ip::tcp;
using tcp_acceptor = asio::basic_socket_acceptor<tcp, executor>;
using tcp_socket = asio::basic_stream_socket<tcp, executor>;

} // namespace atrium::http

#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>

namespace atrium::support {

/// Reserves a TCP port of 127.0.0.1 while no program listens on it: connections are refused, and the kernel does not assign the
/// port to programs that request any free port. A program that sets SO_REUSEADDR and binds to this port can listen on it.
class held_port {
public:
    held_port();

    [[nodiscard]] std::uint16_t number() const noexcept { return number_; }

private:
    boost::asio::io_context context_;
    boost::asio::ip::tcp::acceptor holder_{context_}; // bound, but never listens
    std::uint16_t number_;
};

} // namespace atrium::support

#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>

namespace atrium::support {

/// A free TCP port of 127.0.0.1 that stays ours while nobody listens on it: connections are refused, the kernel gives it to
/// nobody who asks for any port, and whoever sets SO_REUSEADDR and asks for this one can listen on it.
class held_port {
public:
    held_port();

    [[nodiscard]] std::uint16_t number() const noexcept { return number_; }

private:
    boost::asio::io_context context_;
    boost::asio::ip::tcp::acceptor holder_{context_}; // bound, and never listens
    std::uint16_t number_;
};

} // namespace atrium::support

#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace atrium::support {

/// A port of 127.0.0.1 that looks like a broker and never becomes one. One thread.
class silent_port {
public:
    enum class kind {
        drops_packets,       ///< no attempt to connect is answered
        says_nothing,        ///< connections are accepted
        stops_within_a_frame ///< and get the first bytes of a broker's greeting
    };
    explicit silent_port(kind k);

    [[nodiscard]] std::uint16_t number() const noexcept { return number_; }

    /// Clients whose attempt to connect is not answered.
    [[nodiscard]] int waiting() const;

    /// Waits until a client is in the middle of connecting, or of its handshake. It is one of this machine.
    void expect_client();

private:
    kind kind_;
    boost::asio::io_context context_;
    boost::asio::ip::tcp::acceptor acceptor_{context_};
    std::vector<boost::asio::ip::tcp::socket> sockets_; ///< that fill its backlog, or of clients
    std::uint16_t number_;
};

} // namespace atrium::support

#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace atrium::support {

/// A port of 127.0.0.1 that looks like a broker but never responds like one. One thread.
class silent_port {
public:
    enum class kind {
        drops_packets,       ///< connection attempts get no reply
        says_nothing,        ///< connections are accepted, and nothing is sent
        stops_within_a_frame ///< connections get only the first bytes of a broker's greeting
    };
    explicit silent_port(kind k);

    [[nodiscard]] std::uint16_t number() const noexcept { return number_; }

    /// The number of connection attempts without a reply.
    [[nodiscard]] int waiting() const;

    /// Waits until a client on this machine is connecting, or is in the middle of its handshake.
    void expect_client();

private:
    kind kind_;
    boost::asio::io_context context_;
    boost::asio::ip::tcp::acceptor acceptor_{context_};
    std::vector<boost::asio::ip::tcp::socket> sockets_; ///< those that fill the backlog, and those of clients
    std::uint16_t number_;
};

} // namespace atrium::support

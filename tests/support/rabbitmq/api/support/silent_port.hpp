#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace atrium::support {

/// A port of 127.0.0.1 at which a client expects a broker, but which never responds like one. For one thread only.
class silent_port {
public:
    enum class kind {
        drops_packets,       ///< attempts to connect get no response
        sends_nothing,       ///< connections are accepted, but nothing is sent
        stops_within_a_frame ///< only the first bytes of a broker's greeting are sent
    };
    explicit silent_port(kind k);

    [[nodiscard]] std::uint16_t number() const noexcept { return number_; }

    /// The number of attempts to connect that have no response yet.
    [[nodiscard]] int waiting() const;

    /// Waits for a client on this machine. With `drops_packets`, returns as soon as a client tries to connect. With the other
    /// kinds, accepts its connection and waits for its first bytes; with `stops_within_a_frame`, then sends the first bytes of
    /// a greeting.
    void expect_client();

private:
    kind kind_;
    boost::asio::io_context context_;
    boost::asio::ip::tcp::acceptor acceptor_{context_};
    std::vector<boost::asio::ip::tcp::socket> sockets_; ///< the socket that fills the listen backlog, and those of clients
    std::uint16_t number_;
};

} // namespace atrium::support

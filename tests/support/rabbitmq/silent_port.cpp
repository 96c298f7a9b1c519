#include <support/eventually.hpp>
#include <support/silent_port.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <fstream>
#include <iomanip>
#include <sstream>

namespace atrium::support {
namespace {

using boost::asio::ip::tcp;

/// The number of attempts on this machine to connect to a port of 127.0.0.1 that have no response yet.
int count_unanswered(std::uint16_t port) {
    std::ostringstream remote;
    remote << "0100007F:" << std::hex << std::uppercase << std::setw(4) << std::setfill('0') << port;
    std::ifstream table{"/proc/net/tcp"};
    int number = 0;
    for (std::string line; std::getline(table, line);)
        number += line.find(remote.str() + " 02 ") != std::string::npos ? 1 : 0; // SYN_SENT
    return number;
}

} // namespace

silent_port::silent_port(kind k) : kind_{k} {
    acceptor_.open(tcp::v4());
    acceptor_.bind({boost::asio::ip::address_v4::loopback(), 0});
    number_ = acceptor_.local_endpoint().port();
    acceptor_.listen(k == kind::drops_packets ? 0 : 8);
    if (k != kind::drops_packets)
        return;
    // A backlog of 0 accepts one connection. Linux drops the packets of further attempts to connect.
    sockets_.emplace_back(context_).connect(acceptor_.local_endpoint());
}

int silent_port::waiting() const {
    return count_unanswered(number_);
}

void silent_port::expect_client() {
    if (kind_ == kind::drops_packets)
        return eventually([this] { return waiting() > 0; });
    auto& client = sockets_.emplace_back(acceptor_.accept());
    std::array<char, 8> greeting{}; // "AMQP" and a version, or the start of a TLS handshake
    boost::asio::read(client, boost::asio::buffer(greeting));
    if (kind_ == kind::stops_within_a_frame)
        boost::asio::write(client, boost::asio::buffer("\x01\x00\x00\x00\x00\x01", 6));
}

} // namespace atrium::support

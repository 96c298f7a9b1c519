#include <support/catch.hpp>
#include <support/eventually.hpp>
#include <support/tcp_gate.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using atrium::support::eventually;
using atrium::support::tcp_gate;
using namespace std::chrono_literals;

/// Sends back all bytes that it receives, on one connection after the other, until it is destroyed.
class echo_server {
public:
    echo_server() : acceptor_{context_, {asio::ip::address_v4::loopback(), 0}}, thread_{[this] { serve(); }} {}

    ~echo_server() {
        is_ending_ = true;
        tcp::socket{context_}.connect(acceptor_.local_endpoint()); // connects, so that `accept` returns
        thread_.join();
    }
    echo_server(const echo_server&) = delete;
    echo_server& operator=(const echo_server&) = delete;

    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
    void serve() {
        while (!is_ending_) {
            auto socket = acceptor_.accept();
            std::array<char, 1024> bytes;
            boost::system::error_code failure;
            while (!failure) {
                const auto count = socket.read_some(asio::buffer(bytes), failure);
                if (!failure)
                    asio::write(socket, asio::buffer(bytes, count), failure);
            }
        }
    }

    std::atomic<bool> is_ending_ = false;
    asio::io_context context_;
    tcp::acceptor acceptor_;
    std::thread thread_;
};

class connection {
public:
    explicit connection(const tcp_gate& gate) { socket_.connect({asio::ip::address_v4::loopback(), gate.port()}); }

    void send(const std::string& text) { asio::write(socket_, asio::buffer(text)); }

    std::string receive(std::size_t count) {
        std::string text(count, ' ');
        asio::read(socket_, asio::buffer(text));
        return text;
    }

    [[nodiscard]] std::size_t unread() { return socket_.available(); }

    /// Waits until the connection ends, and returns the reason. If a byte arrives instead, returns no error.
    boost::system::error_code read_end() {
        boost::system::error_code failure;
        char byte = 0;
        asio::read(socket_, asio::buffer(&byte, 1), failure);
        return failure;
    }

    void close() { socket_.close(); }

private:
    asio::io_context context_;
    tcp::socket socket_{context_};
};

} // namespace

TEST_CASE("a gate passes bytes in both directions") {
    const echo_server server;
    const tcp_gate gate{server.port()};
    connection client{gate};
    const std::string text(100'000, 'x');
    std::thread sender{[&] { client.send(text); }};
    CHECK(client.receive(text.size()) == text);
    sender.join();
    CHECK(gate.connections() == 1);
    client.close();
    eventually([&] { return gate.connections() == 0; });
}

TEST_CASE("a cut gate resets its connections and refuses new ones until it is opened") {
    const echo_server server;
    tcp_gate gate{server.port()};
    connection first{gate};
    first.send("a");
    CHECK(first.receive(1) == "a");

    gate.cut();
    CHECK(first.read_end() == asio::error::connection_reset);
    CHECK_THROWS(connection{gate});

    gate.open();
    connection second{gate};
    second.send("b");
    CHECK(second.receive(1) == "b");
}

TEST_CASE("a gate that swallows bytes keeps connections open, and passes the bytes once `pass` is called") {
    const echo_server server;
    tcp_gate gate{server.port()};
    connection client{gate};
    client.send("a");
    CHECK(client.receive(1) == "a");

    gate.swallow();
    client.send("b");
    std::this_thread::sleep_for(50ms); // time in which the gate could wrongly pass the byte
    CHECK(client.unread() == 0);

    gate.pass();
    CHECK(client.receive(1) == "b");
}

TEST_CASE("a gate that swallows bytes keeps a client connected even if the server closes the connection") {
    const echo_server server;
    tcp_gate other_end{server.port()};
    tcp_gate gate{other_end.port()};
    connection client{gate};
    client.send("a");
    CHECK(client.receive(1) == "a");

    gate.swallow();
    other_end.cut();
    client.send("b");
    std::this_thread::sleep_for(50ms); // time in which the gate could wrongly close the connection
    CHECK(gate.connections() == 1);

    gate.pass();
    CHECK(client.read_end());
}

TEST_CASE("a gate that swallows bytes accepts connections, and can be cut") {
    const echo_server server;
    tcp_gate gate{server.port()};
    gate.swallow();
    connection client{gate};
    client.send("a");
    eventually([&] { return gate.connections() == 1; });
    gate.cut();
    CHECK(client.read_end() == asio::error::connection_reset);
    eventually([&] { return gate.connections() == 0; });
}

TEST_CASE("a gate delays bytes in both directions by the given time") {
    const echo_server server;
    tcp_gate gate{server.port()};
    connection client{gate};
    gate.delay(30ms);
    const auto begin = std::chrono::steady_clock::now();
    client.send("a");
    CHECK(client.receive(1) == "a");
    CHECK(std::chrono::steady_clock::now() - begin >= 60ms); // 30 ms in each direction
}

TEST_CASE("a gate to a port without a server resets the connections of its clients") {
    const atrium::support::tcp_gate gate{1};
    connection client{gate};
    CHECK(client.read_end());
}

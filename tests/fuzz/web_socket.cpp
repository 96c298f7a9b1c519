#include "require.hpp"

#include <base/text.hpp>
#include <http/server.hpp>
#include <http/web_socket.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace atrium;
using boost::asio::ip::tcp;
using fuzz::require;

namespace {

constexpr std::size_t max_message = 300; // low, so that inputs exceed it

awaitable<> echo(http::web_socket& socket) {
    for (;;) {
        auto message = co_await socket.receive();
        if (!message)
            break;
        require(is_utf8(*message) && message->size() <= max_message, "a message is UTF-8 and within the limit");
        socket.send(*std::move(message));
    }
}

http::router echo_routes() {
    http::router routes;
    routes.get("/echo", "Echo",
               [](const http::request&) -> awaitable<http::response> { co_return http::web_socket_upgrade({}, echo); });
    return routes;
}

http::settings small_settings() {
    http::settings s;
    s.port = 0;
    s.threads = 1;
    s.web_socket.message = max_message;
    s.web_socket.close = std::chrono::milliseconds{20};
    s.connections = 50; // low, so that the server refuses a handshake soon if connections do not end
    return s;
}

/// A server that runs until the process ends.
struct echo_server {
    echo_server() { http.start(); }

    metrics::registry registry;
    http::router routes = echo_routes();
    http::server http{small_settings(), routes, registry, logger{}};
};

std::uint16_t port() {
    static auto* const running = new echo_server;
    return running->http.port();
}

/// Sends the bytes after a handshake, then ends the connection, and returns what the server has sent after the handshake.
std::string exchange(std::string_view bytes) {
    boost::asio::io_context context;
    tcp::socket socket{context};
    boost::system::error_code failure;
    socket.connect({boost::asio::ip::make_address("127.0.0.1"), port()}, failure);
    require(!failure, "the server accepts connections");
    const std::string handshake = "GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
    boost::asio::write(socket, boost::asio::buffer(handshake), failure);
    std::string received;
    const auto header = boost::asio::read_until(socket, boost::asio::dynamic_buffer(received), "\r\n\r\n", failure);
    require(received.starts_with("HTTP/1.1 101 "), "the server accepts the handshake");
    boost::asio::write(socket, boost::asio::buffer(bytes), failure);
    socket.shutdown(tcp::socket::shutdown_send, failure);
    boost::asio::read(socket, boost::asio::dynamic_buffer(received), failure); // until the server closes or resets it
    return received.substr(header);
}

/// Checks the first frame and removes it from `bytes`. Returns false if the frame is not complete.
bool take_frame(std::string_view& bytes) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    if (bytes.size() < 2)
        return false;
    require((byte(0) & 0x70) == 0 && (byte(1) & 0x80) == 0, "a server's frame has no reserved bits and no mask");
    std::size_t size = byte(1);
    std::size_t header = 2;
    if (size == 126) {
        if (bytes.size() < 4)
            return false;
        size = byte(2) * 256U + byte(3);
        header = 4;
    }
    require(size <= max_message, "the server sends no message that it has not received");
    if (bytes.size() < header + size)
        return false;
    if ((byte(0) & 0x0f) == 1)
        require(is_utf8(bytes.substr(header, size)), "a text is UTF-8");
    bytes.remove_prefix(header + size);
    return true;
}

} // namespace

/// The input is a sequence of frames, which the server must survive.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto received = exchange({reinterpret_cast<const char*>(data), size});
    std::string_view rest{received};
    while (take_frame(rest)) {
    }
    return 0;
}

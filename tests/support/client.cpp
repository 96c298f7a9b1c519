#include <support/client.hpp>
#include <support/recorder.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <sys/socket.h>

#include <chrono>
#include <optional>

namespace atrium::support {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

struct client::connection {
    asio::io_context context{1};
    beast::tcp_stream stream{context};
    beast::flat_buffer buffer;

    /// Runs one asynchronous operation to its end. It is asynchronous because blocking operations of Asio cannot have a
    /// deadline.
    template <class Start>
    error_code wait_for(Start start) {
        std::optional<error_code> outcome;
        stream.expires_after(std::chrono::seconds{60});
        start([&outcome](error_code failure, auto&&...) { outcome = failure; });
        context.restart();
        context.run();
        return outcome.value();
    }

    /// Whether the server has closed the connection, for example because it was idle for too long.
    [[nodiscard]] bool was_ended() {
        char byte = 0;
        return ::recv(stream.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
    }

    template <class Start>
    void run(Start start) {
        if (const auto failure = wait_for(std::move(start)))
            throw boost::system::system_error{failure};
    }
};

client::client(std::uint16_t port) : port_{port} {}
client::~client() = default;
client::client(client&&) noexcept = default;
client& client::operator=(client&&) noexcept = default;

reply client::send(std::string_view method, std::string_view target, std::string_view body, const headers& h) {
    std::string request{method};
    request.append(" ").append(target).append(" HTTP/1.1\r\nHost: 127.0.0.1:").append(std::to_string(port_)).append("\r\n");
    for (const auto& [name, value] : h)
        request.append(name).append(": ").append(value).append("\r\n");
    if (!body.empty() || method == "POST" || method == "PATCH")
        request.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    request.append("\r\n").append(body);
    if (connection_ && connection_->was_ended())
        connection_.reset();
    write(request);
    auto response = read(method == "HEAD");
    record_exchange(method, target, body, h, response);
    return response;
}

void client::connect() {
    connection_ = std::make_unique<connection>();
    const asio::ip::tcp::endpoint server{asio::ip::address_v4::loopback(), port_};
    connection_->run([&](auto handler) { connection_->stream.async_connect(server, handler); });
    connection_->stream.socket().set_option(asio::ip::tcp::no_delay{true});
}

void client::write(std::string_view bytes) {
    if (!connection_)
        connect();
    connection_->run(
        [&](auto handler) { asio::async_write(connection_->stream, asio::buffer(bytes.data(), bytes.size()), handler); });
}

reply client::read() {
    return read(false);
}

reply client::read(bool is_head) {
    beast::http::response_parser<beast::http::string_body> parser;
    parser.skip(is_head);
    parser.body_limit(boost::none);
    connection_->run([&](auto handler) { beast::http::async_read(connection_->stream, connection_->buffer, parser, handler); });

    const auto& message = parser.get();
    reply answer{.status = static_cast<int>(message.result_int()), .headers = {}, .body = message.body()};
    for (const auto& field : message)
        answer.headers.emplace_back(field.name_string(), field.value());
    if (!parser.keep_alive())
        connection_.reset();
    return answer;
}

bool client::is_closed() {
    if (!connection_)
        return true;
    char byte = 0;
    return connection_->wait_for([&](auto handler) { connection_->stream.async_read_some(asio::buffer(&byte, 1), handler); }) ==
           asio::error::eof;
}

} // namespace atrium::support

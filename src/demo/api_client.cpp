#include "api_client.hpp"

#include <base/text.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <utility>

namespace atrium::demo {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;

} // namespace

struct api_client::connection {
    explicit connection(std::uint16_t port) { socket.connect({asio::ip::address_v4::loopback(), port}); }

    asio::io_context context;
    tcp::socket socket{context};
    beast::flat_buffer buffer;
};

api_client::api_client(std::uint16_t port) : port_{port} {}
api_client::~api_client() = default;

unsigned api_client::send(beast::http::verb method, std::string_view target, std::string body) {
    beast::http::request<beast::http::string_body> request{method, {target.data(), target.size()}, 11};
    request.set(beast::http::field::host, authority("127.0.0.1", port_));
    if (!body.empty())
        request.set(beast::http::field::content_type, "application/json");
    request.body() = std::move(body);
    request.prepare_payload();

    auto used = std::exchange(connection_, nullptr); // so that a connection is not used again after an exception
    if (!used)
        used = std::make_unique<connection>(port_);
    beast::http::write(used->socket, request);
    beast::http::response<beast::http::string_body> response;
    beast::http::read(used->socket, used->buffer, response);
    if (response.keep_alive())
        connection_ = std::move(used);
    return response.result_int();
}

} // namespace atrium::demo

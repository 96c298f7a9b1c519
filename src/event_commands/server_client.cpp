#include "server_client.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <array>
#include <cstddef>
#include <utility>

namespace atrium::event_commands {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;

/// A connection to the server; a name is looked up.
struct connection {
    asio::io_context context;
    tcp::socket socket{context};
    beast::flat_buffer buffer;

    explicit connection(const http::base_url& url) {
        tcp::resolver resolver{context};
        asio::connect(socket, resolver.resolve(url.host, std::to_string(url.port), tcp::resolver::numeric_service));
    }
};

beast::http::request<beast::http::string_body> make_request(const http::base_url& url, const std::string& token,
                                                            beast::http::verb method, std::string_view target,
                                                            std::string body) {
    beast::http::request<beast::http::string_body> request{method, url.path + std::string{target}, 11};
    request.set(beast::http::field::host, url.authority);
    request.set(beast::http::field::connection, "close");
    if (!token.empty())
        request.set(beast::http::field::authorization, "Bearer " + token);
    if (!body.empty())
        request.set(beast::http::field::content_type, "application/json");
    request.body() = std::move(body);
    request.prepare_payload();
    return request;
}

template <class Body>
answer answer_of(const beast::http::response<Body>& message) {
    return {.status = message.result_int(),
            .body = {},
            .location = std::string{message[beast::http::field::location]},
            .link = std::string{message[beast::http::field::link]}};
}

} // namespace

answer server_client::send(beast::http::verb method, std::string_view target, std::string body) const {
    connection server{url_};
    beast::http::write(server.socket, make_request(url_, token_, method, target, std::move(body)));
    beast::http::response_parser<beast::http::string_body> parser;
    parser.body_limit(boost::none);
    beast::http::read(server.socket, server.buffer, parser);
    auto received = answer_of(parser.get());
    received.body = std::move(parser.get().body());
    return received;
}

answer server_client::stream(std::string_view target, std::string_view last_event_id,
                             const std::function<bool(std::string_view)>& take) const {
    connection server{url_};
    auto request = make_request(url_, token_, beast::http::verb::get, target, {});
    request.set(beast::http::field::accept, "text/event-stream");
    if (!last_event_id.empty())
        request.set("Last-Event-ID", std::string{last_event_id});
    beast::http::write(server.socket, request);

    beast::http::response_parser<beast::http::buffer_body> parser;
    parser.body_limit(boost::none);
    beast::http::read_header(server.socket, server.buffer, parser);
    auto received = answer_of(parser.get());
    std::array<char, 16 * 1024> piece{};
    while (!parser.is_done()) {
        parser.get().body().data = piece.data();
        parser.get().body().size = piece.size();
        boost::system::error_code failure;
        beast::http::read_some(server.socket, server.buffer, parser, failure);
        if (failure && failure != beast::http::error::need_buffer)
            throw boost::system::system_error{failure};
        const std::string_view bytes{piece.data(), piece.size() - parser.get().body().size};
        if (received.status != 200)
            received.body += bytes;
        else if (!take(bytes))
            break;
    }
    return received;
}

} // namespace atrium::event_commands

#include "server_client.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <stdexcept>
#include <utility>

namespace atrium::event_commands {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;
using certificate_pointer = std::unique_ptr<X509, decltype(&::X509_free)>;

/// Reads the certificate at the beginning of a PEM file.
certificate_pointer read_certificate(const std::string& file) {
    const std::unique_ptr<BIO, decltype(&::BIO_free)> bio{::BIO_new_file(file.c_str(), "r"), ::BIO_free};
    certificate_pointer found{bio ? ::PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr, ::X509_free};
    if (!found)
        throw std::runtime_error{"tls.certificate: " + file + " cannot be read"};
    return found;
}

/// Lets OpenSSL accept any certificate during the handshake. Then throws if the server's certificate is not the one in the
/// file.
void shake_hands_with_known(asio::ssl::stream<tcp::socket&>& stream, const std::string& file) {
    const auto expected = read_certificate(file);
    stream.set_verify_callback([](bool, asio::ssl::verify_context&) { return true; });
    stream.handshake(asio::ssl::stream_base::client);
    const certificate_pointer found{::SSL_get1_peer_certificate(stream.native_handle()), ::X509_free};
    if (!found || ::X509_cmp(found.get(), expected.get()) != 0)
        throw std::runtime_error{"the certificate of the server is not the one in " + file +
                                 "; if this file is new, send SIGHUP to the server, so that it reads the file"};
}

void shake_hands(asio::ssl::stream<tcp::socket&>& stream, const std::string& host) {
    stream.set_verify_callback(asio::ssl::host_name_verification{host});
    boost::system::error_code is_name;
    asio::ip::make_address(host, is_name);
    if (is_name && ::SSL_set_tlsext_host_name(stream.native_handle(), host.c_str()) != 1)
        throw std::bad_alloc{};
    boost::system::error_code failure;
    stream.handshake(asio::ssl::stream_base::client, failure);
    const auto verified = ::SSL_get_verify_result(stream.native_handle());
    if (failure && verified != X509_V_OK)
        throw std::runtime_error{"the certificate of the server was not accepted: " +
                                 std::string{::X509_verify_cert_error_string(verified)}};
    if (failure)
        throw boost::system::system_error{failure};
}

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

/// Looks up the name of the server if necessary, connects, and calls `talk` with the connection.
template <class Talk>
void server_client::connect(Talk talk) const {
    asio::io_context context;
    tcp::socket socket{context};
    tcp::resolver resolver{context};
    asio::connect(socket, resolver.resolve(url_.host, std::to_string(url_.port), tcp::resolver::numeric_service));
    if (!url_.is_secure)
        return talk(socket);
    asio::ssl::context secured{asio::ssl::context::tls_client};
    ::SSL_CTX_set_min_proto_version(secured.native_handle(), TLS1_2_VERSION);
    secured.set_verify_mode(asio::ssl::verify_peer);
    secured.set_default_verify_paths();
    if (!tls_.trust.empty())
        secured.load_verify_file(tls_.trust);
    asio::ssl::stream<tcp::socket&> stream{socket, secured};
    if (tls_.is_on())
        shake_hands_with_known(stream, tls_.certificate);
    else
        shake_hands(stream, url_.host);
    talk(stream);
}

answer server_client::send(beast::http::verb method, std::string_view target, std::string body) const {
    const auto request = make_request(url_, token_, method, target, std::move(body));
    answer received;
    connect([&](auto& server) {
        beast::http::write(server, request);
        beast::http::response_parser<beast::http::string_body> parser;
        parser.body_limit(boost::none);
        beast::flat_buffer buffer;
        beast::http::read(server, buffer, parser);
        received = answer_of(parser.get());
        received.body = std::move(parser.get().body());
    });
    return received;
}

answer server_client::stream(std::string_view target, std::string_view last_event_id,
                             const std::function<bool(std::string_view)>& take) const {
    auto request = make_request(url_, token_, beast::http::verb::get, target, {});
    request.set(beast::http::field::accept, "text/event-stream");
    if (!last_event_id.empty())
        request.set("Last-Event-ID", std::string{last_event_id});

    answer received;
    connect([&](auto& server) {
        beast::http::write(server, request);
        beast::http::response_parser<beast::http::buffer_body> parser;
        parser.body_limit(boost::none);
        beast::flat_buffer buffer;
        beast::http::read_header(server, buffer, parser);
        received = answer_of(parser.get());
        std::array<char, 16 * 1024> piece{};
        while (!parser.is_done()) {
            parser.get().body().data = piece.data();
            parser.get().body().size = piece.size();
            boost::system::error_code failure;
            beast::http::read_some(server, buffer, parser, failure);
            if (failure && failure != beast::http::error::need_buffer)
                throw boost::system::system_error{failure};
            const std::string_view bytes{piece.data(), piece.size() - parser.get().body().size};
            if (received.status != 200)
                received.body += bytes;
            else if (!take(bytes))
                break;
        }
    });
    return received;
}

} // namespace atrium::event_commands

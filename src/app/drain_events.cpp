#include "drain_events.hpp"

#include <app/command_line.hpp>
#include <base/printable.hpp>
#include <base/text.hpp>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <iostream>

namespace atrium::app {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

/// Sends one request and waits for the response. The server limits how long a drain takes, so there is no timeout here.
beast::http::response<beast::http::string_body> post(const std::string& address, std::uint16_t port,
                                                     const std::string& target) {
    asio::io_context context;
    asio::ip::tcp::socket socket{context};
    const auto configured = asio::ip::make_address(address);
    const auto host_address = configured.is_unspecified()
                                  ? (configured.is_v6() ? asio::ip::make_address("::1") : asio::ip::make_address("127.0.0.1"))
                                  : configured;
    socket.connect({host_address, port});

    beast::http::request<beast::http::empty_body> request{beast::http::verb::post, target, 11};
    request.set(beast::http::field::host, authority(host_address.to_string(), port));
    request.set(beast::http::field::connection, "close");
    request.prepare_payload();
    beast::http::write(socket, request);
    beast::flat_buffer buffer;
    beast::http::response<beast::http::string_body> response;
    beast::http::read(socket, buffer, response);
    return response;
}

} // namespace

int drain_events(const settings& s) {
    try {
        const auto answer = post(s.http.address, s.http.port, "/events/drain");
        if (answer.result() == beast::http::status::ok) {
            std::cout << "broker drained: stop the server, then start it with the other bus.adapter\n";
            return exit_success;
        }
        std::cerr << "atrium: the server answered " << answer.result_int() << ": " << printable_lines(answer.body()) << '\n';
    } catch (const boost::system::system_error& e) {
        std::cerr << "atrium: no server answers at " << s.http.address << " port " << s.http.port << " (" << e.code().message()
                  << "): this command needs a running server; start it first, or specify its port with --set http.port=...\n";
    }
    return exit_failure;
}

} // namespace atrium::app

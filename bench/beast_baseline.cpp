// This server shows the upper limit for servers with Boost.Beast on this machine. It parses each request, responds with the
// same bytes to all of them, and does nothing else. As in Atrium, each thread has its own io_context and SO_REUSEPORT listener.
//
// usage: beast_baseline PORT THREADS STATUS BODY_FILE

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
using response = http::response<http::string_body>;

asio::awaitable<void> answer_all(tcp::socket socket, const response& answer) {
    boost::beast::flat_buffer buffer;
    boost::system::error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    socket.set_option(tcp::no_delay{true});
    for (;;) {
        http::request_parser<http::string_body> request;
        co_await http::async_read(socket, buffer, request, token);
        if (error)
            co_return; // the client has closed the connection, because the load has ended
        co_await http::async_write(socket, answer, token);
        if (error || !request.keep_alive())
            co_return;
    }
}

asio::awaitable<void> accept_all(tcp::acceptor acceptor, const response& answer) {
    for (;;) {
        auto socket = co_await acceptor.async_accept(asio::use_awaitable);
        co_spawn(acceptor.get_executor(), answer_all(std::move(socket), answer), asio::detached);
    }
}

void serve(tcp::endpoint address, const response& answer) {
    asio::io_context context{1};
    tcp::acceptor acceptor{context};
    acceptor.open(address.protocol());
    acceptor.set_option(tcp::acceptor::reuse_address{true});
    acceptor.set_option(reuse_port{true});
    acceptor.bind(address);
    acceptor.listen();
    co_spawn(context, accept_all(std::move(acceptor), answer), asio::detached);
    context.run();
}

response make_answer(int status, const char* body_file) {
    std::ifstream file{body_file, std::ios::binary};
    if (!file)
        throw std::runtime_error{std::string{"cannot read "} + body_file};
    response answer{static_cast<http::status>(status), 11};
    answer.set(http::field::server, "beast");
    answer.set(http::field::content_type, "application/json");
    answer.body().assign(std::istreambuf_iterator<char>{file}, {});
    answer.prepare_payload();
    return answer;
}

} // namespace

int main(int count, char** arguments) try {
    if (count != 5) {
        std::cerr << "usage: beast_baseline PORT THREADS STATUS BODY_FILE\n";
        return EXIT_FAILURE;
    }
    const tcp::endpoint address{asio::ip::address_v4::loopback(), static_cast<unsigned short>(std::stoi(arguments[1]))};
    const auto answer = make_answer(std::stoi(arguments[3]), arguments[4]);

    std::vector<std::jthread> workers;
    for (auto n = std::stoi(arguments[2]); n > 0; --n)
        workers.emplace_back([&] { serve(address, answer); });
} catch (const std::exception& e) {
    std::cerr << "beast_baseline: " << e.what() << '\n';
    return EXIT_FAILURE;
}

#include "sockets/certificate.hpp"
#include "sockets/tls_session.hpp"
#include "test_server.hpp"

#include <support/catch.hpp>

#include <boost/asio/error.hpp>

#include <malloc.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

// Tests the estimate of the memory that TLS uses for each connection. The clients run in a separate process, so that only the
// memory of the server is measured.

using namespace atrium::http;
using namespace atrium::http::test;

namespace {

constexpr std::size_t count = 200;

/// Reads the port of the server from `input`, and sends a request on each of `count` connections. Writes a byte to `output`
/// when all requests are answered, and keeps the connections open until `input` ends.
[[noreturn]] void run_clients(int input, int output, bool is_secure) {
    std::uint16_t port = 0;
    if (::read(input, &port, sizeof port) != sizeof port)
        std::_Exit(1);
    std::vector<std::unique_ptr<raw_client>> clients;
    for (std::size_t i = 0; i < count; ++i) {
        clients.push_back(is_secure ? std::make_unique<raw_client>(port, tls_options{})
                                    : std::make_unique<raw_client>(port, raw_client::plain{}));
        clients.back()->send(get_small);
        if (clients.back()->read_answer().status != 200)
            std::_Exit(1);
    }
    char byte = 'r';
    if (::write(output, &byte, 1) != 1)
        std::_Exit(1);
    (void)!::read(input, &byte, 1);
    std::_Exit(0);
}

/// The bytes of the heap that the server uses for each idle connection.
std::size_t measure(bool is_secure) {
    int to_clients[2];
    int from_clients[2];
    REQUIRE(::pipe(to_clients) == 0);
    REQUIRE(::pipe(from_clients) == 0);
    const auto child = ::fork();
    if (child == 0) {
        ::close(to_clients[1]);
        run_clients(to_clients[0], from_clients[1], is_secure);
    }
    ::close(to_clients[0]);
    ::close(from_clients[1]);
    std::size_t used = 0;
    {
        auto s = small_settings();
        s.tls = is_secure ? common_tls() : tls_settings{};
        test_server server{s};
        const auto port = server.port();
        const auto before = ::mallinfo2();
        REQUIRE(::write(to_clients[1], &port, sizeof port) == sizeof port);
        char ready = 0;
        REQUIRE(::read(from_clients[0], &ready, 1) == 1);
        const auto after = ::mallinfo2();
        used = (after.uordblks + after.hblkhd - before.uordblks - before.hblkhd) / count;
        ::close(to_clients[1]);
        ::close(from_clients[0]);
        ::waitpid(child, nullptr, 0);
    }
    return used;
}

} // namespace

TEST_CASE("the estimate of the memory that TLS uses for an idle connection is close to the measured memory", "[plain]") {
    const auto plain = measure(false);
    const auto secure = measure(true);
    CAPTURE(plain, secure);
    REQUIRE(secure > plain);
    CHECK(secure - plain < tls_session::idle_memory * 5 / 4);
    CHECK(secure - plain > tls_session::idle_memory * 3 / 4);
}

TEST_CASE("the estimate of the memory that a TLS handshake uses is not less than the measured memory", "[plain]") {
    const auto context = make_server_context(common_tls());
    for (const auto& bytes : {std::string{"\x16"}, std::string{"\x16\x03\x01\x00\x04\x01\x00\x40\x00", 9}}) {
        int pair[2];
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
        const auto before = ::mallinfo2();
        tls_session session{context, tls_role::server};
        REQUIRE(::write(pair[1], bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
        CHECK(session.shake_hands(pair[0]).failure == boost::asio::error::would_block);
        const auto after = ::mallinfo2();
        CHECK(after.uordblks + after.hblkhd - before.uordblks - before.hblkhd <= tls_session::handshake_memory);
        ::close(pair[0]);
        ::close(pair[1]);
    }
}

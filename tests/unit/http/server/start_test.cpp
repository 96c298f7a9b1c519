#include "test_server.hpp"

#include <support/catch.hpp>

using namespace atrium;
using namespace atrium::http;
using namespace atrium::http::test;

namespace {

/// The error of a server that tries to listen on this address and port; empty if it succeeds.
std::string refusal_of(const std::string& address, std::uint16_t port) {
    metrics::registry registry;
    const router no_routes;
    settings s;
    s.address = address;
    s.port = port;
    s.threads = 2;
    server second{s, no_routes, registry, logger{}};
    try {
        second.start();
    } catch (const listen_error& e) {
        return e.what();
    }
    return {};
}

bool mentions(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("a server cannot listen on a port that another server uses, and its error contains advice") {
    auto s = small_settings();
    s.threads = 2;
    test_server first{s};
    const auto message = refusal_of("127.0.0.1", first.port());
    CAPTURE(message);
    CHECK(mentions(message, "127.0.0.1:" + std::to_string(first.port())));
    CHECK(mentions(message, "the port is in use"));
    CHECK(mentions(message, "--set http.port="));
    raw_client client{first.port()};
    client.send(get_small);
    CHECK(client.read_answer().status == 200);
}

TEST_CASE("an address that is invalid or does not belong to this machine is refused with advice") {
    CHECK(mentions(refusal_of("localhost", 0), "http.address must be an IP address"));
    CHECK(mentions(refusal_of("192.0.2.1", 0), "this machine has no such address"));
}

TEST_CASE("every worker listens on the same port if the operating system has chosen a free one") {
    auto s = small_settings();
    s.threads = 4;
    test_server server{s};
    CHECK(server.port() != 0);
    for (int i = 0; i < 50; ++i) {
        raw_client client{server.port()};
        client.send(get_small);
        REQUIRE(client.read_answer().status == 200);
    }
}

TEST_CASE("a process can stop a server and start another one on the same port") {
    auto s = small_settings();
    s.threads = 2;
    for (int i = 0; i < 5; ++i) {
        test_server server{s};
        s.port = server.port();
        raw_client client{server.port()};
        client.send(get_small);
        REQUIRE(client.read_answer().status == 200);
        if (i % 2 == 0)
            server.http.drain(std::chrono::steady_clock::now() + 10s);
        server.http.stop();
        REQUIRE(client.read_to_end().empty());
    }
}

TEST_CASE("a server that was never started can be stopped") {
    metrics::registry registry;
    const router no_routes;
    server idle{settings{}, no_routes, registry, logger{}};
    idle.drain(std::chrono::steady_clock::now() + 10s);
    idle.stop();
}

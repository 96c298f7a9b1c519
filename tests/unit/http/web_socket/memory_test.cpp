// Tests how much memory WebSockets use, and for how long.
#include "echo_server.hpp"

#include <http/memory_budget.hpp>
#include <support/catch.hpp>

#include <list>
#include <string>

using namespace atrium;
using namespace atrium::http;
using namespace atrium::http::test;

namespace {

constexpr std::size_t mebibyte = 1024 * 1024;

settings settings_with_memory(std::size_t bytes) {
    settings s;
    s.limits.memory = bytes;
    s.web_socket.message = 8 * mebibyte;
    return s;
}

/// A frame with a message of `size` bytes, cut off after the first `sent` bytes of the message.
std::string begin_message(std::size_t size, std::size_t sent) {
    auto bytes = to_bytes({.payload = std::string(size, 'x')});
    return bytes.substr(0, bytes.size() - (size - sent));
}

std::string ended_metric(std::string_view reason) {
    return "atrium_http_web_sockets_ended_total{reason=\"" + std::string{reason} + "\"}";
}

} // namespace

TEST_CASE("a message that does not arrive in time closes the WebSocket with 1008, even if a byte arrives from time to time") {
    settings s;
    s.web_socket.message_deadline = 300ms;
    s.web_socket.close = 200ms;
    routed_server server{routes_with_session(echo), s};
    web_socket_client client{server.port()};
    CHECK(client.open().status == 101);
    client.raw.send(begin_message(mebibyte, mebibyte - 100'000));
    bool is_over = false;
    for (int i = 0; i < 10'000 && !is_over; ++i) {
        client.raw.send("x");
        std::this_thread::sleep_for(1ms);
        is_over = client.raw.has_arrived();
    }
    REQUIRE(is_over);
    CHECK(client.read_close() == close_code::policy_violation);
    CHECK(client.reason == "the message did not arrive in time");
    eventually([&] { return server.metric("atrium_http_web_sockets") == "0"; }); // although the peer does not answer the close
    CHECK(server.metric(ended_metric("refused")) == "1");
    eventually([&] { return server.http.memory().used() < mebibyte; });
}

TEST_CASE("the deadline of a message applies to all of its fragments together, but not to the pause after it") {
    settings s;
    s.web_socket.message_deadline = 300ms;
    routed_server server{routes_with_session(echo), s};
    web_socket_client client{server.port()};
    CHECK(client.open().status == 101);
    client.send({.payload = "one ", .fin = false});
    client.send({.opcode = continuation_frame, .payload = "message"});
    CHECK(client.read_text() == "one message");

    web_socket_client late{server.port()};
    CHECK(late.open().status == 101);
    late.send({.payload = "never ", .fin = false});
    late.send({.opcode = ping_frame});
    CHECK(late.read().opcode == pong_frame);
    CHECK(late.read_close() == close_code::policy_violation);

    client.send_text("still here"); // the pause after its last message was longer than the deadline
    CHECK(client.read_text() == "still here");
}

TEST_CASE("a message that does not fit into the memory budget closes the WebSocket with 1013") {
    routed_server server{routes_with_session(echo), settings_with_memory(4 * mebibyte)};
    web_socket_client client{server.port()};
    CHECK(client.open().status == 101);
    client.raw.send(begin_message(8 * mebibyte, 6 * mebibyte));
    CHECK(client.read_close() == close_code::try_again_later);
    CHECK(client.reason == "the server is short of memory");
    eventually([&] { return server.http.memory().used() < mebibyte; });
}

TEST_CASE("while memory is short, a WebSocket whose peer reads nothing is closed") {
    routed_server server{routes_with_session(echo), settings_with_memory(8 * mebibyte)};
    web_socket_client slow_client{server.port(), 16 * 1024};
    CHECK(slow_client.open().status == 101);
    slow_client.send_text(std::string(3 * mebibyte, 'x'));
    eventually([&] { return server.http.memory().share(memory_use::responses).used() >= 3 * mebibyte; });

    std::list<web_socket_client> others;
    eventually([&] {
        others.emplace_back(server.port());
        CHECK(others.back().open().status == 101);
        others.back().raw.send(begin_message(8 * mebibyte, 5 * mebibyte));
        return server.metric("atrium_http_memory_closed_total") != "0";
    });
    eventually([&] { return server.metric(ended_metric("too_slow")) == "1"; });
}

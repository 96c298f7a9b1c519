// Tests with peers that are slow, silent, or disconnected without a close.
#include "echo_server.hpp"

#include <support/catch.hpp>

#include <array>
#include <atomic>
#include <thread>

using namespace atrium;
using namespace atrium::http;
using namespace atrium::http::test;
using std::chrono::steady_clock;

namespace {

std::string ended_metric(std::string_view reason) {
    return "atrium_http_web_sockets_ended_total{reason=\"" + std::string{reason} + "\"}";
}

constexpr std::size_t message_size = 100'000;

/// A session that sends messages without waiting for space in the send queue, until the socket refuses one. Counts the
/// messages in `sent`.
web_socket_session flood(std::atomic<int>& sent) {
    return [&sent](web_socket& socket) -> awaitable<> {
        const auto own_executor = co_await asio::this_coro::executor;
        while (socket.send(std::string(message_size, 'x'))) {
            ++sent;
            co_await asio::post(own_executor, use_awaitable);
        }
        co_await receive_all(socket);
    };
}

} // namespace

TEST_CASE("the WebSocket of a peer that does not read is closed with 1013 when the send queue is full") {
    std::atomic<int> sent{0};
    settings s;
    s.web_socket.unsent = 500'000;
    routed_server server{routes_with_session(flood(sent)), s};
    web_socket_client client{server.port(), 16 * 1024};
    CHECK(client.open().status == 101);
    int previous = -1;
    eventually([&] { return sent > 0 && std::exchange(previous, sent.load()) == sent; });
    eventually([&] { return previous == sent; });

    // Messages in the system's buffers, and the message that is being written, still arrive. Those in the queue are discarded.
    int arrived = 0;
    frame last = client.read();
    for (; last.opcode == text_frame; last = client.read())
        ++arrived;
    CHECK(last.opcode == close_frame);
    CHECK(last.payload == close_payload(1013, "messages were not read in time"));
    CHECK(arrived < sent);
    CHECK(static_cast<std::size_t>(arrived) * message_size < 16 * 1024 * 1024);
    client.send({.opcode = close_frame, .payload = close_payload(1013)});
    CHECK(client.reads_end());
    client.raw.close();
    eventually([&] { return server.metric(ended_metric("too_slow")) == "1"; });
}

TEST_CASE("a handler chooses the code and reason with which the WebSocket of a slow peer is closed") {
    std::atomic<int> sent{0};
    settings s;
    s.web_socket.unsent = 200'000;
    routed_server server{routes_with_session(flood(sent), {.too_slow = {4499, "too slow"}}), s};
    web_socket_client client{server.port(), 16 * 1024};
    CHECK(client.open().status == 101);
    frame last = client.read();
    while (last.opcode == text_frame)
        last = client.read();
    if (last.opcode != close_frame)
        FAIL("the server sent a frame that is neither text nor a close");
    CHECK(last.payload == close_payload(4499, "too slow"));
}

TEST_CASE("if a session waits for space in the queue before each message, all messages arrive, whatever their size") {
    std::atomic<int> sent{0};
    constexpr std::array sizes{message_size, 4 * message_size, message_size / 100, 6 * message_size};
    settings s;
    s.web_socket.unsent = 500'000;
    routed_server server{routes_with_session([&](web_socket& socket) -> awaitable<> {
                             for (std::size_t i = 0; i < 300; ++i) {
                                 const auto size = sizes.at(i % sizes.size());
                                 const bool is_open = co_await socket.wait_for_room(size);
                                 if (!is_open)
                                     break;
                                 socket.send(std::string(size, 'x'));
                                 ++sent;
                             }
                         }),
                         s};
    web_socket_client client{server.port(), 16 * 1024};
    CHECK(client.open().status == 101);
    int previous = -1;
    eventually([&] { return sent > 0 && std::exchange(previous, sent.load()) == sent; });
    CHECK(sent < 300); // the session waits for space
    for (std::size_t i = 0; i < 300; ++i)
        CHECK(client.read_text().size() == sizes.at(i % sizes.size()));
    CHECK(client.read_close() == 1000);
    CHECK(sent == 300);
}

TEST_CASE("a message that is larger than the limit of the queue is sent if the queue is empty") {
    settings s;
    s.web_socket.unsent = 1000;
    routed_server server{routes_with_session([](web_socket& socket) -> awaitable<> {
                             socket.send(std::string(message_size, 'x'));
                             co_return;
                         }),
                         s};
    web_socket_client client{server.port()};
    CHECK(client.open().status == 101);
    CHECK(client.read_text().size() == message_size);
    CHECK(client.read_close() == 1000);
}

TEST_CASE("if a peer reads no message in time while a sender waits, its WebSocket is closed after all earlier messages") {
    std::atomic<int> sent{0};
    std::atomic<bool> is_closed{false};
    settings s;
    s.web_socket.unsent = 500'000;
    routed_server server{routes_with_session(
                             [&](web_socket& socket) -> awaitable<> {
                                 for (;;) {
                                     const bool is_open = co_await socket.wait_for_room(message_size);
                                     if (!is_open)
                                         break;
                                     socket.send(std::string(message_size, 'x'));
                                     ++sent;
                                 }
                                 is_closed = true;
                             },
                             {.patience = 300ms}),
                         s};
    web_socket_client client{server.port(), 16 * 1024};
    CHECK(client.open().status == 101);
    eventually([&] { return is_closed.load(); });
    for (int i = 0; i < sent; ++i)
        CHECK(client.read_text().size() == message_size);
    CHECK(client.read_close() == 1013);
    CHECK(client.reason == "messages were not read in time");
    client.send({.opcode = close_frame, .payload = close_payload(1013)});
    CHECK(client.reads_end());
    client.raw.close();
    eventually([&] { return server.metric(ended_metric("too_slow")) == "1"; });
}

TEST_CASE("a sender may wait longer than the option `patience` if the peer reads each message in time") {
    constexpr int messages_in_queue = 48;                 // three times what the buffers of the system may contain
    constexpr int message_count = messages_in_queue + 24; // the other messages fill the system's buffers
    constexpr std::size_t size = 256 * 1024;
    constexpr auto patience = 1500ms;
    std::atomic<int> sent{0};
    std::atomic<bool> waited_for_long{false};
    settings s;
    s.web_socket.unsent = messages_in_queue * (size + 1024);
    routed_server server{routes_with_session(
                             [&](web_socket& socket) -> awaitable<> {
                                 for (int i = 0; i < message_count; ++i) {
                                     (void)co_await socket.wait_for_room(size);
                                     socket.send(std::string(size, 'x'));
                                     ++sent;
                                 }
                                 const auto begin = steady_clock::now();
                                 (void)co_await socket.wait_for_room(messages_in_queue * size); // until all messages are sent
                                 waited_for_long = steady_clock::now() - begin > patience;
                                 socket.send("the last");
                             },
                             {.patience = patience}),
                         s};
    web_socket_client client{server.port(), 16 * 1024};
    CHECK(client.open().status == 101);
    int received = 0;
    for (; sent < message_count; ++received)
        CHECK(client.read_text().size() == size);
    for (; received < message_count; ++received) {
        CHECK(client.read_text().size() == size);
        std::this_thread::sleep_for(70ms); // this test needs a slow client
    }
    CHECK(client.read_text() == "the last");
    CHECK(client.read_close() == 1000);
    CHECK(waited_for_long);
}

TEST_CASE("while a message larger than the limit of the queue is sent, senders may wait longer than the option `patience`") {
    settings s;
    s.web_socket.unsent = 1000;
    routed_server server{routes_with_session(
                             [](web_socket& socket) -> awaitable<> {
                                 socket.send(std::string(16 * 1024 * 1024, 'x'));
                                 (void)co_await socket.wait_for_room(5);
                                 socket.send("after");
                             },
                             {.patience = 100ms}),
                         s};
    web_socket_client client{server.port(), 16 * 1024};
    CHECK(client.open().status == 101);
    const auto begin = steady_clock::now();
    eventually([&] { return steady_clock::now() - begin > 1s; });
    CHECK(client.read_text().size() == 16 * 1024 * 1024);
    CHECK(client.read_text() == "after");
    CHECK(client.read_close() == 1000);
}

TEST_CASE("a peer that does not read a message in time is disconnected") {
    settings s;
    s.deadlines.write = 200ms;
    s.web_socket.unsent = 1'000'000'000;
    routed_server server{routes_with_session([&](web_socket& socket) -> awaitable<> {
                             socket.send(std::string(32 * 1024 * 1024, 'x'));
                             co_await receive_all(socket);
                         }),
                         s};
    web_socket_client client{server.port(), 16 * 1024};
    CHECK(client.open().status == 101);
    eventually([&] { return server.metric(ended_metric("too_slow")) == "1"; });
    eventually([&] { return server.metric("atrium_http_connections") == "0"; });
}

TEST_CASE("a silent peer is pinged, and stays connected while it answers") {
    settings s;
    s.web_socket.ping = 100ms;
    s.web_socket.silence = 1500ms;
    s.deadlines.idle = 50ms; // the deadlines of requests do not apply to a WebSocket
    s.deadlines.handler = 50ms;
    routed_server server{routes_with_session(receive_all), s};
    web_socket_client client{server.port()};
    CHECK(client.open().status == 101);
    const auto begin = steady_clock::now();
    while (steady_clock::now() - begin < 2s) {
        const auto ping = client.read();
        CHECK(ping.opcode == ping_frame);
        client.send({.opcode = pong_frame, .payload = ping.payload});
    }
    CHECK(server.metric("atrium_http_web_sockets") == "1");
}

TEST_CASE("a peer that stays silent is disconnected") {
    settings s;
    s.web_socket.ping = 100ms;
    s.web_socket.silence = 300ms;
    routed_server server{routes_with_session(receive_all), s};
    web_socket_client client{server.port()};
    CHECK(client.open().status == 101);
    CHECK(client.read().opcode == ping_frame);
    CHECK_THROWS(client.read()); // the connection was reset
    eventually([&] { return server.metric("atrium_http_connections") == "0"; });
    CHECK(server.metric(ended_metric("silent")) == "1");
}

TEST_CASE("a peer does not count as silent while the session does not receive its message") {
    std::atomic<bool> may_continue{false};
    settings s;
    s.web_socket.ping = 50ms;
    s.web_socket.silence = 1500ms; // long enough for the client to read the response after the session has begun to receive
    routed_server server{routes_with_session([&](web_socket& socket) -> awaitable<> {
                             co_await wait_for(may_continue);
                             co_await echo(socket);
                         }),
                         s};
    web_socket_client client{server.port()};
    CHECK(client.open().status == 101);
    client.send_text("hello");
    const auto begin = steady_clock::now();
    eventually([&] { return steady_clock::now() - begin > 2s; });
    may_continue = true;
    frame answer = client.read();
    while (answer.opcode == ping_frame)
        answer = client.read();
    CHECK(answer.payload == "hello");
}

TEST_CASE("a peer that does not answer a close is disconnected") {
    settings s;
    s.web_socket.close = 100ms;
    routed_server server{routes_with_session([](web_socket& socket) -> awaitable<> {
                             socket.close(4000, "enough");
                             co_return;
                         }),
                         s};
    web_socket_client client{server.port()};
    CHECK(client.open().status == 101);
    CHECK(client.read_close() == 4000);
    eventually([&] { return server.metric("atrium_http_connections") == "0"; });
    CHECK(server.metric(ended_metric("finished")) == "1");
}

TEST_CASE("a peer that answers a refusal with more invalid frames is disconnected") {
    settings s;
    s.web_socket.close = 200ms;
    routed_server server{routes_with_session(receive_all), s};
    web_socket_client client{server.port()};
    CHECK(client.open().status == 101);
    client.send({.payload = "x", .masked = false});
    CHECK(client.read_close() == 1002);
    eventually([&] {
        try {
            client.send({.payload = "x", .masked = false});
        } catch (const std::runtime_error&) {
        }
        return server.metric("atrium_http_connections") == "0";
    });
}

TEST_CASE("the server does not accumulate pongs for a flood of pings") {
    routed_server server{routes_with_session(receive_all)};
    web_socket_client client{server.port(), 256 * 1024};
    CHECK(client.open().status == 101);
    std::string all;
    for (int i = 0; i < 100'000; ++i)
        all += to_bytes({.opcode = ping_frame, .payload = std::string(125, 'p')});
    CHECK(client.raw.send_until_stuck(all) < all.size());
}

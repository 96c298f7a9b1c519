// Tests of what a session can do with its socket, and of how the session and the socket end.
#include "draining.hpp"
#include "echo_server.hpp"

#include <support/catch.hpp>

#include <boost/asio/this_coro.hpp>

using namespace atrium;
using namespace atrium::http;
using namespace atrium::http::test;
using std::chrono::steady_clock;

namespace {

std::string ended_metric(std::string_view reason) {
    return "atrium_http_web_sockets_ended_total{reason=\"" + std::string{reason} + "\"}";
}

/// A session that ends only when it is cancelled.
web_socket_session endless(std::atomic<bool>& stopped) {
    return [&stopped](web_socket&) -> awaitable<> {
        try {
            co_await wait_forever();
        } catch (const boost::system::system_error&) {
            stopped = true;
            throw;
        }
    };
}

} // namespace

TEST_CASE("when a session ends, its WebSocket is closed after the messages that the session has sent") {
    routed_server server{routes_with_session([](web_socket& socket) -> awaitable<> {
        socket.send("one");
        socket.send("two");
        co_return;
    })};
    web_socket_client client{server.port()};
    CHECK(client.open().status == 101);
    CHECK(client.read_text() == "one");
    CHECK(client.read_text() == "two");
    CHECK(client.read_close() == 1000);
    client.send({.opcode = close_frame, .payload = close_payload(1000)});
    CHECK(client.reads_end());
    client.raw.close();
    eventually([&] { return server.metric("atrium_http_connections") == "0"; });
    CHECK(server.metric(ended_metric("finished")) == "1");
    CHECK(server.metric("atrium_http_web_sockets") == "0");
}

TEST_CASE("a session can close its WebSocket with a code and a reason of its own, and then neither receives nor sends") {
    std::atomic<bool> heard_nothing{false};
    std::atomic<bool> sent_nothing{false};
    routed_server server{routes_with_session([&](web_socket& socket) -> awaitable<> {
        (void)co_await socket.receive();
        socket.send("before");
        socket.close(4400, std::string(122, 'r') + "\xc3\xa4"); // the reason is one byte too long
        socket.close(4401, "a second close");
        sent_nothing = !socket.send("after") && !socket.is_open();
        const auto message = co_await socket.receive();
        heard_nothing = !message.has_value();
    })};
    web_socket_client client{server.port()};
    CHECK(client.open().status == 101);
    client.raw.send(to_bytes({.payload = "one"}) + to_bytes({.payload = "two"}));
    CHECK(client.read_text() == "before");
    CHECK(client.read_close() == 4400);
    CHECK(client.reason == std::string(122, 'r'));
    client.send_text("three"); // the peer may not have received the close yet
    client.send({.opcode = close_frame, .payload = close_payload(4400)});
    CHECK(client.reads_end());
    eventually([&] { return heard_nothing && sent_nothing; });
}

TEST_CASE("if a session fails, its WebSocket is closed with 1011, and the reason is not revealed to the peer") {
    routed_server server{routes_with_session([](web_socket& socket) -> awaitable<> {
        (void)co_await socket.receive();
        throw std::runtime_error{"a secret"};
    })};
    web_socket_client client{server.port()};
    CHECK(client.open().status == 101);
    client.send_text("go");
    CHECK(client.read_close() == 1011);
    CHECK(client.reason.empty());
    client.send({.opcode = close_frame, .payload = close_payload(1011)});
    CHECK(client.reads_end());
    client.raw.close();
    eventually([&] { return server.metric(ended_metric("failed")) == "1"; });
}

TEST_CASE("a session is notified that its peer left, whether the connection was closed or reset") {
    std::atomic<int> sessions{0};
    routed_server server{routes_with_session([&](web_socket& socket) -> awaitable<> {
        co_await receive_all(socket);
        ++sessions;
    })};
    for (const bool is_reset : {false, true}) {
        web_socket_client client{server.port()};
        CHECK(client.open().status == 101);
        if (is_reset)
            client.raw.reset();
        else
            client.raw.close();
    }
    eventually([&] { return sessions == 2; });
    eventually([&] { return server.metric("atrium_http_connections") == "0"; });
    CHECK(server.metric(ended_metric("client_left")) == "2");
}

TEST_CASE("several coroutines can send on one WebSocket, and each message arrives completely") {
    routed_server server{routes_with_session([](web_socket& socket) -> awaitable<> {
        const auto own_executor = co_await asio::this_coro::executor;
        int running = 3;
        const auto send_some = [&](char name) -> awaitable<> {
            for (int i = 0; i < 100; ++i) {
                const bool is_open = co_await socket.wait_for_room(10'000);
                if (!is_open)
                    break;
                socket.send(std::string(10'000, name));
                co_await asio::post(own_executor, use_awaitable);
            }
            --running;
        };
        for (const char name : {'a', 'b', 'c'})
            spawn_logged(own_executor, send_some(name), logger{}, "send some");
        co_await receive_all(socket);
        while (running > 0)
            co_await asio::post(own_executor, use_awaitable);
    })};
    web_socket_client client{server.port()};
    CHECK(client.open().status == 101);
    std::map<char, int> count;
    for (int i = 0; i < 300; ++i) {
        const auto text = client.read_text();
        CHECK(text == std::string(10'000, text.at(0)));
        ++count[text[0]];
    }
    CHECK(count == std::map<char, int>{{'a', 100}, {'b', 100}, {'c', 100}});
}

TEST_CASE("while a session is busy, the server reads no further messages") {
    std::atomic<bool> may_continue{false};
    std::atomic<int> received{0};
    routed_server server{routes_with_session([&](web_socket& socket) -> awaitable<> {
        (void)co_await socket.receive();
        co_await wait_for(may_continue);
        for (;;) {
            const auto message = co_await socket.receive();
            if (!message)
                break;
            ++received;
        }
    })};
    web_socket_client client{server.port(), 256 * 1024};
    CHECK(client.open().status == 101);
    std::string all;
    for (int i = 0; i < 400; ++i)
        all += to_bytes({.payload = std::string(50'000, 'x')});
    const auto sent_bytes = client.raw.send_until_stuck(all);
    CHECK(sent_bytes < all.size());
    may_continue = true;
    client.raw.send(std::string_view{all}.substr(sent_bytes));
    eventually([&] { return received == 399; });
}

TEST_CASE("at shutdown WebSockets are closed with 1001, long before the deadline") {
    std::atomic<bool> session_ended{false};
    routed_server server{routes_with_session([&](web_socket& socket) -> awaitable<> {
        co_await receive_all(socket);
        session_ended = true;
    })};
    web_socket_client client{server.port()};
    CHECK(client.open().status == 101);
    client.send({.opcode = ping_frame});
    CHECK(client.read().opcode == pong_frame);
    draining drain{server.http};
    CHECK(client.read_close() == 1001);
    client.send({.opcode = close_frame, .payload = close_payload(1001)});
    CHECK(client.reads_end());
    client.raw.close();
    drain.finish(); // long before its deadline
    CHECK(session_ended);
    CHECK(server.metric(ended_metric("shutdown")) == "1");
}

TEST_CASE("at shutdown a session finishes its current work and receives no further message") {
    std::atomic<bool> is_working{false};
    std::atomic<bool> may_finish{false};
    std::atomic<int> received{0};
    routed_server server{routes_with_session([&](web_socket& socket) -> awaitable<> {
        (void)co_await socket.receive();
        is_working = true;
        co_await wait_for(may_finish);
        const auto message = co_await socket.receive();
        received = message.has_value() ? 2 : 1;
        socket.send("finished");
    })};
    web_socket_client client{server.port()};
    CHECK(client.open().status == 101);
    client.raw.send(to_bytes({.payload = "one"}) + to_bytes({.payload = "not taken"}));
    eventually([&] { return is_working.load(); });
    draining drain{server.http};
    client.send_text("too late");
    client.send({.opcode = ping_frame, .payload = "still read"});
    CHECK(client.read().payload == "still read");
    may_finish = true;
    CHECK(client.read_text() == "finished");
    CHECK(client.read_close() == 1001);
    CHECK(received == 1);
    client.send({.opcode = close_frame, .payload = close_payload(1001)});
    CHECK(client.reads_end());
    client.raw.close();
    drain.finish();
    CHECK(server.metric(ended_metric("shutdown")) == "1");
}

TEST_CASE("at shutdown the WebSocket of a session that does not end in time is closed, and then the session is cancelled") {
    std::atomic<bool> stopped{false};
    settings s;
    s.deadlines.handler = 100ms;
    routed_server server{routes_with_session(endless(stopped)), s};
    web_socket_client client{server.port()};
    CHECK(client.open().status == 101);
    draining drain{server.http};
    CHECK(client.read_close() == 1001);
    client.send({.opcode = close_frame, .payload = close_payload(1001)});
    CHECK(client.reads_end());
    client.raw.close();
    drain.finish(); // long before its deadline
    CHECK(stopped);
    CHECK(server.metric(ended_metric("shutdown")) == "1");
}

TEST_CASE("at shutdown a peer that does not answer the close is disconnected at the deadline") {
    routed_server server{routes_with_session(receive_all)};
    web_socket_client client{server.port()};
    CHECK(client.open().status == 101);
    server.http.drain(steady_clock::now() + 100ms);
    CHECK(server.metric("atrium_http_connections") == "0");
    CHECK(client.read_close() == 1001);
}

TEST_CASE("a session that is still running long after its socket was disconnected is cancelled") {
    std::atomic<bool> stopped{false};
    settings s;
    s.deadlines.handler = 100ms;
    routed_server server{routes_with_session(endless(stopped)), s};
    {
        web_socket_client client{server.port()};
        CHECK(client.open().status == 101);
    }
    eventually([&] { return stopped.load(); });
    eventually([&] { return server.metric("atrium_http_connections") == "0"; });
}

TEST_CASE("a WebSocket that opens after a shutdown has begun is closed immediately, even if it was requested before") {
    std::atomic<bool> is_waiting{false};
    std::atomic<bool> may_continue{false};
    routed_server server{[&](router& r) {
        r.get("/late", "", [&](const request&) -> awaitable<response> {
            is_waiting = true;
            co_await wait_for(may_continue);
            co_return web_socket_upgrade({}, receive_all);
        });
    }};
    web_socket_client client{server.port()};
    client.raw.send(handshake("/late") + "\r\n");
    eventually([&] { return is_waiting.load(); });
    draining drain{server.http};
    may_continue = true;
    CHECK(client.raw.read_answer().status == 101);
    CHECK(client.read_close() == 1001);
    client.send({.opcode = close_frame, .payload = close_payload(1001)});
    client.raw.finish_sending();
    drain.finish();
}

TEST_CASE("a WebSocket ends at the deadline even if the close of the peer arrives while the server sends its own") {
    settings s;
    s.web_socket.close = 100ms;
    routed_server server{routes_with_session(echo), s};
    for (const std::string payload : {"\x03\xe8", "\x03\x31"}) { // 1000, and 817, which is not a valid code
        web_socket_client client{server.port()};
        REQUIRE(client.open().status == 101);
        client.raw.send(to_bytes({.opcode = binary_frame, .payload = "x"}) + to_bytes({.opcode = ping_frame, .payload = "p"}) +
                        to_bytes({.opcode = close_frame, .payload = payload}));
        CHECK(client.read_close() == 1003);
        eventually([&] { return server.metric("atrium_http_web_sockets") == "0"; });
    }
}

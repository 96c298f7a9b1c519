#include "echo_server.hpp"
#include "web_socket/web_socket_handshake.hpp"

#include <support/catch.hpp>

using namespace atrium;
using namespace atrium::http;
using namespace atrium::http::test;

namespace {

request valid_request() {
    request q{.path = "/echo"};
    q.headers.add({"Host", "a.example:8000"});
    q.headers.add({"Connection", "keep-alive, Upgrade"});
    q.headers.add({"Upgrade", "websocket"});
    q.headers.add({"Sec-WebSocket-Version", "13"});
    q.headers.add({"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="});
    return q;
}

/// A valid handshake with one change: the header `name` has the value `value`, or is missing if `value` is empty.
request request_with_changed_header(std::string_view name, std::string_view value) {
    auto q = valid_request();
    request changed{.path = "/echo"};
    for (const auto& each : q.headers.all())
        if (each.name != name)
            changed.headers.add(each);
    if (!value.empty())
        changed.headers.add({name, value});
    return changed;
}

unsigned status_for(const request& q) {
    const auto refused = refuse_handshake(q);
    return refused ? static_cast<unsigned>(refused->status) : 101;
}

} // namespace

TEST_CASE("a handshake that does not meet RFC 6455 is refused") {
    CHECK(status_for(valid_request()) == 101);
    CHECK(status_for(request_with_changed_header("Connection", "")) == 426);
    CHECK(status_for(request_with_changed_header("Connection", "keep-alive")) == 426);
    CHECK(status_for(request_with_changed_header("Connection", "UPGRADE")) == 101);
    CHECK(status_for(request_with_changed_header("Upgrade", "")) == 426);
    CHECK(status_for(request_with_changed_header("Upgrade", "h2c")) == 426);
    CHECK(status_for(request_with_changed_header("Upgrade", "WebSocket")) == 101);
    CHECK(status_for(request_with_changed_header("Sec-WebSocket-Version", "")) == 400);
    CHECK(status_for(request_with_changed_header("Sec-WebSocket-Version", "8")) == 426);
    CHECK(status_for(request_with_changed_header("Sec-WebSocket-Key", "")) == 400);
    CHECK(status_for(request_with_changed_header("Sec-WebSocket-Key", "c2hvcnQ=")) == 400);
    CHECK(status_for(request_with_changed_header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZ!==")) == 400);
    auto two_keys = valid_request();
    two_keys.headers.add({"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="});
    CHECK(status_for(two_keys) == 400);
    auto old_version = valid_request();
    old_version.version = 10; // HTTP/1.0
    CHECK(status_for(old_version) == 426);
    auto unexpected_body = valid_request();
    unexpected_body.body = "x";
    CHECK(status_for(unexpected_body) == 400);
}

TEST_CASE("the subprotocol is the server's first choice among those that the client offers") {
    auto q = valid_request();
    CHECK(choose_subprotocol(q, {"a", "b"}).empty());
    q.headers.add({"Sec-WebSocket-Protocol", "x, b"});
    q.headers.add({"sec-websocket-protocol", "a"});
    CHECK(choose_subprotocol(q, {"a", "b"}) == "a");
    CHECK(choose_subprotocol(q, {"b", "a"}) == "b");
    CHECK(choose_subprotocol(q, {"B"}).empty());
    CHECK(choose_subprotocol(q, {}).empty());
}

TEST_CASE("a valid handshake gets the response of the example in RFC 6455") {
    routed_server server{routes_with_session(echo, {.subprotocols = {"other", "graph"}})};
    web_socket_client client{server.port()};
    const auto begin =
        client.open("/echo", "Sec-WebSocket-Protocol: graph\r\nSec-WebSocket-Extensions: permessage-deflate\r\n");
    CHECK(begin.status == 101);
    CHECK(begin.header("sec-websocket-accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    CHECK(begin.header("sec-websocket-protocol") == "graph");
    CHECK(begin.header("sec-websocket-extensions").empty());
    CHECK_FALSE(begin.header("x-request-id").empty());
    client.send_text("hello");
    CHECK(client.read_text() == "hello");
    CHECK(server.metric("atrium_http_web_sockets") == "1");
    CHECK(server.metric("atrium_http_connections") == "1");
    CHECK(server.metric(R"(atrium_http_requests_total{method="GET",route="/echo",status="101"})") == "1");
}

TEST_CASE("a session can read the subprotocol, which is empty if none was agreed on") {
    routed_server server{routes_with_session(
        [](web_socket& socket) -> awaitable<> {
            socket.send("[" + std::string{socket.subprotocol()} + "]");
            co_await echo(socket);
        },
        {.subprotocols = {"graph"}})};
    web_socket_client client{server.port()};
    CHECK(client.open("/echo", "Sec-WebSocket-Protocol: graph\r\n").status == 101);
    CHECK(client.read_text() == "[graph]");
    web_socket_client other{server.port()};
    CHECK(other.open("/echo", "Sec-WebSocket-Protocol: soap\r\n").header("sec-websocket-protocol").empty());
    CHECK(other.read_text() == "[]");
}

TEST_CASE("a refused handshake gets an ordinary response, and the connection stays open") {
    routed_server server{routes_with_session(echo)};
    raw_client client{server.port()};
    client.send("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto plain = client.read_answer();
    CHECK(plain.status == 426);
    CHECK(plain.header("upgrade") == "websocket");
    CHECK(plain.header("sec-websocket-version") == "13");
    CHECK(plain.header("content-type") == problem_type);
    client.send("HEAD /echo HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.read_answer(false).status == 426);
    client.send(handshake() + "Origin: http://evil.example\r\n\r\n");
    CHECK(client.read_answer().status == 403);
    client.send("POST" + (handshake() + "\r\n").substr(3));
    CHECK(client.read_answer().status == 426);
    client.send(handshake() + "Content-Length: 5\r\n\r\nhello");
    CHECK(client.read_answer().status == 400);
    client.send(handshake() + "\r\n");
    CHECK(client.read_answer().status == 101);
}

TEST_CASE("pages of configured origins may open a WebSocket") {
    settings s;
    s.web_socket.origins = {"https://pages.example"};
    routed_server server{routes_with_session(echo), s};
    web_socket_client client{server.port()};
    CHECK(client.open("/echo", "Origin: https://pages.example\r\n").status == 101);
}

TEST_CASE("requests that are pipelined before an upgrade are answered first") {
    routed_server server{routes_with_session(echo)};
    web_socket_client client{server.port()};
    client.raw.send("GET /small HTTP/1.1\r\nHost: a\r\n\r\n");
    client.raw.send("GET /small HTTP/1.1\r\nHost: a\r\n\r\n" + handshake() + "\r\n");
    CHECK(client.raw.read_answer().body == "\"small\"");
    CHECK(client.raw.read_answer().body == "\"small\"");
    CHECK(client.raw.read_answer().status == 101);
    client.send_text("hello");
    CHECK(client.read_text() == "hello");
}

TEST_CASE("an upgrade request that is followed by data is refused, so that the data cannot be read as frames") {
    routed_server server{routes_with_session(echo)};
    raw_client eager{server.port()};
    eager.send(handshake() + "\r\n" + to_bytes({.payload = "hello"}));
    CHECK(eager.read_answer().status == 400);
    CHECK(eager.read_answer().status == 400); // the response to the frame, which is read as a request
    CHECK(eager.read_to_end().empty());

    raw_client pipelining{server.port()};
    pipelining.send(handshake() + "\r\nGET /small HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(pipelining.read_answer().status == 400);
    CHECK(pipelining.read_answer().body == "\"small\"");
    CHECK(server.metric("atrium_http_web_sockets").substr(0, 1) != "1");
}

TEST_CASE("a handler may send something else to clients that do not ask for a WebSocket") {
    routed_server server{[](router& r) {
        r.get("/graph", "", [](const request& q) -> awaitable<response> {
            if (wants_web_socket(q))
                co_return web_socket_upgrade({}, echo);
            co_return json("\"page\"");
        });
    }};
    raw_client plain{server.port()};
    plain.send("GET /graph HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(plain.read_answer().body == "\"page\"");
    web_socket_client client{server.port()};
    CHECK(client.open("/graph").status == 101);
}

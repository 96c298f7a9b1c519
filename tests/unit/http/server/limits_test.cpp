#include "no_descriptors_left.hpp"
#include "test_server.hpp"

#include <support/catch.hpp>

using namespace atrium::http;
using namespace atrium::http::test;

namespace {

int answer_to(const test_server& server, const std::string& bytes) {
    raw_client client{server.port()};
    client.send(bytes);
    return client.read_answer().status;
}

} // namespace

TEST_CASE("a request that exceeds a limit gets the status for that limit") {
    auto s = small_settings();
    s.limits.target = 100;
    s.limits.header = 500;
    s.limits.fields = 5;
    s.limits.body = 1000;
    s.deadlines.drain = 100ms;
    test_server server{s};
    const std::string request = "GET /items/1 HTTP/1.1\r\nHost: a\r\n";

    CHECK(answer_to(server, "GET /items/1?" + std::string(91, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n") == 200);
    CHECK(answer_to(server, "GET /items/1?" + std::string(92, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n") == 414);
    CHECK(answer_to(server, "GET /items/1?" + std::string(400, 'x')) == 414);
    CHECK(answer_to(server, request + "X: " + std::string(400, 'x') + "\r\n\r\n") == 200);
    CHECK(answer_to(server, request + "X: " + std::string(600, 'x') + "\r\n\r\n") == 431);
    CHECK(answer_to(server, request + "X: " + std::string(600, 'x')) == 431);
    CHECK(answer_to(server, request + "A: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\n\r\n") == 200);
    CHECK(answer_to(server, request + "A: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\nE: 1\r\n\r\n") == 431);
    const std::string post = "POST /echo HTTP/1.1\r\nHost: a\r\n";
    CHECK(answer_to(server, post + "Content-Length: 1000\r\n\r\n" + std::string(1000, 'x')) == 200);
    CHECK(answer_to(server, post + "Content-Length: 1001\r\n\r\n") == 413);
    CHECK(answer_to(server, post + "Transfer-Encoding: chunked\r\n\r\n3e8\r\n" + std::string(1000, 'x') + "\r\n1\r\n") == 413);
}

TEST_CASE("by default a body may have a mebibyte, but not one byte more") {
    test_server server;
    const std::string post = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: ";
    CHECK(answer_to(server, post + "1048576\r\n\r\n" + std::string(1048576, 'x')) == 200);
    CHECK(answer_to(server, post + "1048577\r\n\r\n") == 413);
}

TEST_CASE("if no connection is idle, a connection beyond the maximum number waits until another one closes", "[plain]") {
    auto s = small_settings();
    s.threads = 2;
    s.limits.connections = 2;
    test_server server{s};
    raw_client first{server.port()};
    raw_client second{server.port()};
    for (auto* client : {&first, &second})
        client->send("GET /waits HTTP/1.1\r\nHost: a\r\n\r\n");
    eventually([&] { return server.waits.started == 2; });
    raw_client third{server.port()};
    third.send(get_small);
    CHECK_FALSE(third.has_arrived());
    CHECK(server.metric("atrium_http_connections") == "2");
    first.reset();
    CHECK(third.read_answer().status == 200);
    CHECK(server.waits.ended == 0);
    server.waits.release = true;
    CHECK(second.read_answer().status == 200);
}

TEST_CASE("a connection from an address that already has its maximum number of connections gets 503", "[plain]") {
    auto s = small_settings();
    s.limits.connections_per_address = 1;
    s.deadlines.drain = 100ms;
    test_server server{s};
    auto first = std::make_unique<raw_client>(server.port());
    first->send(get_small);
    CHECK(first->read_answer().status == 200);
    raw_client second{server.port()};
    const auto refused = second.read_answer();
    CHECK(refused.status == 503);
    CHECK(refused.header("connection") == "close");
    CHECK(second.read_to_end().empty());
    first.reset();
    eventually([&] { return server.metric("atrium_http_connections") == "0"; });
    CHECK(answer_to(server, get_small) == 200);
}

TEST_CASE("a connection ends after its maximum number of requests") {
    auto s = small_settings();
    s.limits.requests_per_connection = 2;
    test_server server{s};
    raw_client client{server.port()};
    client.send(std::string{get_small} + get_small + get_small);
    CHECK(client.read_answer().header("connection").empty());
    CHECK(client.read_answer().header("connection") == "close");
    CHECK(client.read_to_end().empty());
}

TEST_CASE("a server that has run out of file descriptors accepts connections again when some are free", "[plain]") {
    test_server server;
    raw_client early{server.port()};
    early.send("GET /waits HTTP/1.1\r\nHost: a\r\n\r\n");
    eventually([&] { return server.waits.started == 1; });

    CHECK(server.metric("atrium_http_accept_failures_total") == "0");

    raw_client late{server.port(), raw_client::unconnected{}};
    {
        const no_descriptors_left no_descriptors;
        late.connect();
        late.send(get_small);
        eventually([&] { return server.metric("atrium_http_accept_failures_total") != "0"; });
        CHECK_FALSE(late.has_arrived());
        server.waits.release = true;
        CHECK(early.read_answer().status == 200);
    }
    CHECK(late.read_answer().status == 200);
}

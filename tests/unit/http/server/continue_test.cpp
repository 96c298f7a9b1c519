#include "test_server.hpp"

#include <support/catch.hpp>

using namespace atrium::http::test;

namespace {

std::string request_with_expect(const std::string& method_and_target, int length, const std::string& version = "HTTP/1.1") {
    return method_and_target + " " + version +
           "\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
}

} // namespace

TEST_CASE("a client that waits for permission to send its body gets 100") {
    test_server server;
    raw_client client{server.port()};
    for (int i = 0; i < 2; ++i) {
        client.send(request_with_expect("POST /echo", 5));
        CHECK(client.read_answer().status == 100);
        client.send("hel");
        client.send("lo");
        const auto reply = client.read_answer();
        CHECK(reply.status == 200);
        CHECK(reply.body == "hello");
    }
}

TEST_CASE("a client that waits for permission to send a chunked body gets 100") {
    test_server server;
    raw_client client{server.port()};
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nTransfer-Encoding: chunked\r\n\r\n");
    CHECK(client.read_answer().status == 100);
    client.send("5\r\nhello\r\n0\r\n\r\n");
    CHECK(client.read_answer().body == "hello");
}

TEST_CASE("a client that asks for permission gets no 100 if its body is empty or has already begun to arrive") {
    test_server server;
    raw_client client{server.port()};
    client.send(request_with_expect("POST /echo", 5) + "hello");
    CHECK(client.read_answer().status == 200);
    client.send(request_with_expect("GET /small", 0));
    CHECK(client.read_answer().status == 200);
}

TEST_CASE("an HTTP/1.0 client that asks for permission to send its body gets no 100") {
    test_server server;
    raw_client client{server.port()};
    client.send(request_with_expect("POST /echo", 5, "HTTP/1.0"));
    client.send("hello");
    CHECK(client.read_answer().status == 200);
}

TEST_CASE("a request whose header is enough to refuse it is refused before its body is sent") {
    test_server server;
    const std::vector<std::pair<std::string, int>> refused{{request_with_expect("POST /nowhere", 5), 404},
                                                           {request_with_expect("POST /small", 5), 405},
                                                           {request_with_expect("POST /echo", 99'999'999), 413},
                                                           {request_with_expect("POST /picky", 5), 415}};
    for (const auto& [bytes, status] : refused) {
        raw_client client{server.port()};
        client.send(bytes);
        const auto reply = client.read_answer();
        CHECK(reply.status == status);
        CHECK(reply.header("connection") == "close");
        CHECK(client.read_to_end().empty());
    }
}

TEST_CASE("a client gets 100 if the early check of the route accepts the header of the request") {
    test_server server;
    raw_client client{server.port()};
    client.send("POST /picky HTTP/1.1\r\nHost: a\r\nContent-Type: a/b\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    CHECK(client.read_answer().status == 100);
    client.send("hello");
    CHECK(client.read_answer().body == "hello");
}

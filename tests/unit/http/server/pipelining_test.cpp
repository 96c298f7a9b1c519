#include "test_server.hpp"

#include <support/catch.hpp>

using namespace atrium::http;
using namespace atrium::http::test;

namespace {

std::string get(const std::string& target) {
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

} // namespace

TEST_CASE("pipelined requests are answered in order") {
    test_server server;
    raw_client client{server.port()};
    std::string all;
    for (int i = 0; i < 1000; ++i)
        all += i % 7 == 0 ? "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n" + std::to_string(10'000 + i)
                          : get("/items/" + std::to_string(i));
    client.send(all);
    for (int i = 0; i < 1000; ++i) {
        const auto body = client.read_answer().body;
        if (i % 7 == 0)
            REQUIRE(body == std::to_string(10'000 + i));
        else
            REQUIRE(body.starts_with("/items/" + std::to_string(i) + "\n"));
    }
}

TEST_CASE("pipelined requests run one after the other, and their responses are sent in one write") {
    test_server server;
    raw_client client{server.port()};
    client.send(get("/small") + get("/waits") + get("/waits") + get("/small"));
    eventually([&] { return server.waits.started == 1; });
    CHECK_FALSE(client.has_arrived()); // the first response waits for the write of the batch
    server.waits.release = true;
    auto all = client.read_once();
    CHECK(take_answer(all).body == R"({"ok":true})");
    CHECK(take_answer(all).body == "\"waited\"");
    CHECK(take_answer(all).body == "\"waited\"");
    CHECK(take_answer(all).body == R"({"ok":true})");
    CHECK(all.empty());
}

TEST_CASE("the size of a batch of pipelined requests is limited, and its responses are sent before further requests run") {
    auto s = small_settings();
    s.limits.pipeline = 2;
    test_server server{s};
    raw_client client{server.port()};
    client.send(get("/small") + get("/small") + get("/waits"));
    eventually([&] { return server.waits.started == 1; });
    CHECK(client.read_answer().status == 200);
    CHECK(client.read_answer().status == 200);
    CHECK_FALSE(client.has_arrived());
    server.waits.release = true;
    CHECK(client.read_answer().body == "\"waited\"");
}

TEST_CASE("the responses to pipelined requests are sent as soon as they exceed the limit for unsent bytes") {
    auto s = small_settings();
    s.limits.unsent = 1000;
    test_server server{s};
    raw_client client{server.port()};
    client.send(get("/big") + get("/waits"));
    CHECK(client.read_answer().body.size() == 100'000);
    eventually([&] { return server.waits.started == 1; });
    server.waits.release = true;
    CHECK(client.read_answer().status == 200);
}

TEST_CASE("the server stops reading from a client that does not read its responses, and no request is lost", "[plain]") {
    test_server server;
    raw_client client{server.port(), 64 * 1024};
    const auto request = "GET /big HTTP/1.1\r\nHost: a\r\nX: " + std::string(1000, 'x') + "\r\n\r\n";
    std::string all;
    for (int i = 0; i < 20'000; ++i)
        all += request;
    const auto sent = client.send_until_stuck(all);
    REQUIRE(sent < all.size());
    const auto complete_requests = sent / request.size();
    CHECK(static_cast<std::size_t>(server.big_calls) < complete_requests); // the other requests wait in the socket

    client.finish_sending();
    for (std::size_t i = 0; i < complete_requests; ++i)
        REQUIRE(client.read_answer().body.size() == 100'000);
    CHECK(client.read_to_end().empty());
}

TEST_CASE("a request that follows a request with Connection: close is not answered") {
    test_server server;
    raw_client client{server.port()};
    client.send("GET /small HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + get("/smuggled"));
    auto all = client.read_to_end();
    CHECK(take_answer(all).status == 200);
    CHECK(all.empty());
    CHECK(server.smuggled == 0);
}

#include "test_server.hpp"

#include <support/catch.hpp>

using namespace atrium::http;
using namespace atrium::http::test;
using std::chrono::steady_clock;

namespace {

/// Sends one byte after the other until the server responds or closes the connection. Returns false if the server does neither.
bool trickle(raw_client& client, std::string_view bytes) {
    for (const char byte : bytes) {
        client.send({&byte, 1});
        std::this_thread::sleep_for(5ms); // this test needs a slow client
        if (client.has_arrived() || client.is_closed())
            return true;
    }
    return false;
}

} // namespace

TEST_CASE("an idle connection is closed at its deadline, without a response") {
    auto s = small_settings();
    s.deadlines.idle = 150ms;
    test_server server{s};
    raw_client silent{server.port()};
    raw_client used{server.port()};
    used.send(get_small);
    CHECK(used.read_answer().status == 200);
    CHECK(silent.read_to_end().empty());
    CHECK(used.read_to_end().empty());
}

TEST_CASE("empty lines do not keep an idle connection open") {
    auto s = small_settings();
    s.deadlines.idle = 200ms;
    test_server server{s};
    raw_client client{server.port()};
    client.send("\r\n");
    CHECK(client.read_to_end().empty());
}

TEST_CASE("a header that arrives slowly gets 408 at its deadline, which is not extended by further bytes") {
    auto s = small_settings();
    s.deadlines.header = 200ms;
    s.deadlines.drain = 100ms;
    test_server server{s};
    raw_client client{server.port()};
    const auto begin = steady_clock::now();
    CHECK(trickle(client, "GET /small HTTP/1.1\r\nHost: a\r\nX: " + std::string(2000, 'x')));
    CHECK(steady_clock::now() - begin >= 150ms);
    const auto refused = client.read_answer();
    CHECK(refused.status == 408);
    CHECK(refused.header("connection") == "close");
    CHECK(server.metric("atrium_http_refused_total{reason=\"header_timeout\"}") == "1");
}

TEST_CASE("the deadline of a header also applies to a second request of a connection") {
    auto s = small_settings();
    s.deadlines.header = 150ms;
    test_server server{s};
    raw_client client{server.port()};
    client.send(std::string{get_small} + "GET /small HT");
    CHECK(client.read_answer().status == 200);
    CHECK(client.read_answer().status == 408);
    CHECK(client.read_to_end().empty());
}

TEST_CASE("a HEAD request whose header does not arrive in time gets 408 without a body") {
    auto s = small_settings();
    s.deadlines.header = 150ms;
    test_server server{s};
    raw_client client{server.port()};
    client.send(std::string{get_small} + "HEAD /small HT");
    CHECK(client.read_answer().status == 200);
    auto last = client.read_to_end();
    CHECK(take_answer(last, false).status == 408);
    CHECK(last.empty());
}

TEST_CASE("a body that does not arrive in time gets 408") {
    auto s = small_settings();
    s.deadlines.body = 150ms;
    test_server server{s};
    raw_client client{server.port()};
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nhello");
    const auto refused = client.read_answer();
    CHECK(refused.status == 408);
    CHECK(client.read_to_end().empty());
    CHECK(server.metric("atrium_http_refused_total{reason=\"body_timeout\"}") == "1");
}

TEST_CASE("a handler that takes too long is cancelled, and its client gets 503 with Retry-After") {
    auto s = small_settings();
    s.deadlines.handler = 150ms;
    test_server server{s};
    raw_client client{server.port()};
    client.send("GET /waits HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto late = client.read_answer();
    CHECK(late.status == 503);
    CHECK(late.header("retry-after") == "1");
    CHECK(late.body.find(late.header("x-request-id")) != std::string::npos);
    CHECK(server.waits.stopped == 1);

    client.send(get_small); // the connection can still be used
    CHECK(client.read_answer().status == 200);
    client.send("GET /waits HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.read_answer().status == 503);
}

TEST_CASE("a client does not wait for a handler that cannot be cancelled, and the handler may still finish") {
    auto s = small_settings();
    s.deadlines.handler = 100ms;
    test_server server{s};
    raw_client client{server.port()};
    client.send(std::string{get_small} + "GET /commits HTTP/1.1\r\nHost: a\r\n\r\n" + get_small);
    CHECK(client.read_answer().status == 200);
    const auto late = client.read_answer();
    CHECK(late.status == 503);
    CHECK(late.header("connection") == "close");
    CHECK(client.read_to_end().empty());
    CHECK(server.commits.ended == 0);
    server.commits.release = true;
    eventually([&] { return server.commits.ended == 1; });
    eventually([&] { return server.metric("atrium_http_connections") == "0"; });
    CHECK(server.metric(R"(atrium_http_requests_total{method="GET",route="/commits",status="503"})") == "1");
}

TEST_CASE("if a handler ends between its cancellation and the next check of the deadline, its response is sent") {
    auto s = small_settings();
    s.deadlines.handler = 1ms; // the first tick of the timer cancels the handler, and the second one would send 503
    test_server server{s};
    server.commits.release = true;
    raw_client client{server.port()};
    client.send("GET /commits HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.read_answer().status == 200);
}

TEST_CASE("a client that does not read its response in time is disconnected") {
    auto s = small_settings();
    s.deadlines.write = 200ms;
    test_server server{s};
    raw_client client{server.port(), 64 * 1024};
    std::string all;
    for (int i = 0; i < 100; ++i)
        all += "GET /big HTTP/1.1\r\nHost: a\r\n\r\n";
    client.send(all);
    eventually([&] { return server.big_calls > 0; });
    eventually([&] { return server.metric("atrium_http_connections") == "0"; });
    CHECK(client.read_to_end().size() < 100 * 100'000);
}

TEST_CASE("after an early refusal, the server continues to read for a while, so that the client can read the refusal") {
    auto s = small_settings();
    s.deadlines.drain = 300ms;
    test_server server{s};
    raw_client client{server.port()};
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n");
    client.send(std::string(2'000'000, 'b')); // if the server closed the connection immediately, this input would cause a reset
    CHECK(client.read_answer().status == 413);
    CHECK(client.read_to_end().empty());
    eventually([&] { return server.metric("atrium_http_connections") == "0"; });
}

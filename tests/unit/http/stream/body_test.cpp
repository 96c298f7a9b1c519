#include "routed_server.hpp"
#include "streamed_answer.hpp"

#include <http/stream.hpp>
#include <support/catch.hpp>

using namespace atrium;
using namespace atrium::http;
using namespace atrium::http::test;

namespace {

constexpr auto get_stream = "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n";

/// Routes for a server: /stream runs `produce`, and /small responds immediately.
std::function<void(router&)> routes_with(body_producer produce) {
    return [produce = std::move(produce)](router& r) {
        r.get("/stream", "", [produce](const request&) -> awaitable<response> { co_return streamed(text_type, produce); });
        r.get("/small", "", [](const request&) -> awaitable<response> { co_return json("\"small\""); });
    };
}

awaitable<> two_pieces(body_writer& writer) {
    co_await writer.write("one");
    co_await writer.write("");
    co_await writer.write("two");
}

} // namespace

TEST_CASE("a streamed body is chunked, and the connection stays open after it") {
    routed_server server{routes_with(two_pieces)};
    raw_client client{server.port()};
    client.send(std::string{get_small} + get_stream + get_small);
    CHECK(client.read_answer().body == "\"small\"");
    const auto begin = client.read_answer(); // the response has no length, so `read_answer` does not read the chunks
    CHECK(begin.status == 200);
    CHECK(begin.header("transfer-encoding") == "chunked");
    CHECK(begin.header("content-type") == text_type);
    CHECK(begin.header("content-length").empty());
    CHECK(begin.header("connection").empty());
    client.finish_sending();
    const auto rest = client.read_to_end();
    CHECK(rest.starts_with("3\r\none\r\n3\r\ntwo\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n"));
    CHECK(rest.ends_with("\"small\""));
    eventually([&] { return server.metric("atrium_http_streams") == "0"; });
    CHECK(server.metric(R"(atrium_http_streams_ended_total{reason="finished"})") == "1");
    CHECK(server.metric(R"(atrium_http_requests_total{method="GET",route="/stream",status="200"})") == "1");
}

TEST_CASE("the header and each piece of a streamed response are sent immediately") {
    std::atomic<bool> may_write{false};
    std::atomic<bool> may_end{false};
    routed_server server{routes_with([&](body_writer& writer) -> awaitable<> {
        co_await wait_for(may_write);
        co_await writer.write("one");
        co_await wait_for(may_end);
    })};
    raw_client client{server.port()};
    client.send(get_stream);
    streamed_answer body{client};
    CHECK(body.header().status == 200);
    CHECK(server.metric("atrium_http_streams") == "1");
    may_write = true;
    CHECK(body.chunk() == "one");
    may_end = true;
    CHECK(body.chunk().empty());
    client.send(get_small);
    CHECK(client.read_answer().body == "\"small\"");
}

TEST_CASE("an HTTP/1.0 client gets a body that ends with the connection") {
    routed_server server{routes_with(two_pieces)};
    raw_client client{server.port()};
    client.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    const auto begin = client.read_answer();
    CHECK(begin.header("transfer-encoding").empty());
    CHECK(begin.header("content-length").empty());
    CHECK(begin.header("connection") == "close");
    CHECK(client.read_to_end() == "onetwo");
}

TEST_CASE("HEAD gets the header of a stream, and the producer does not run") {
    std::atomic<int> runs{0};
    routed_server server{routes_with([&](body_writer&) -> awaitable<> {
        ++runs;
        co_return;
    })};
    raw_client client{server.port()};
    client.send("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n" + std::string{get_small});
    const auto begin = client.read_answer(false);
    CHECK(begin.status == 200);
    CHECK(begin.header("content-type") == text_type);
    CHECK(client.read_answer().body == "\"small\"");
    CHECK(runs == 0);
}

TEST_CASE("if the client has sent Connection: close, the connection is closed after the last chunk") {
    routed_server server{routes_with(two_pieces)};
    raw_client client{server.port()};
    client.send("GET /stream HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    CHECK(client.read_answer().header("connection") == "close");
    CHECK(client.read_to_end().ends_with("0\r\n\r\n"));
}

TEST_CASE("if the producer of a body throws, the client can see that the body was broken off") {
    routed_server server{routes_with([](body_writer& writer) -> awaitable<> {
        co_await writer.write("one");
        throw std::runtime_error{"a secret"};
    })};
    raw_client client{server.port()};
    client.send(get_stream);
    CHECK(client.read_answer().status == 200);
    CHECK(client.read_to_end() == "3\r\none\r\n");

    raw_client old{server.port()};
    old.send("GET /stream HTTP/1.0\r\n\r\n");
    CHECK_THROWS([&] {
        while (!old.read_once().empty()) {
        }
    }());
    eventually([&] { return server.metric(R"(atrium_http_streams_ended_total{reason="failed"})") == "2"; });
    raw_client other{server.port()};
    other.send(get_small);
    CHECK(other.read_answer().status == 200);
}

TEST_CASE("writing a piece while another one is being sent throws logic_error") {
    std::atomic<bool> is_refused{false};
    routed_server server{routes_with([&](body_writer& writer) -> awaitable<> {
        const auto own_executor = co_await asio::this_coro::executor;
        const std::string large(16 * 1024 * 1024, 'x'); // larger than the system's buffers
        steady_timer delay{own_executor, 1ms};
        bool second_is_done = false;
        const auto second = [&]() -> awaitable<> {
            co_await delay.async_wait(asio::deferred);
            try {
                co_await writer.write("in between");
            } catch (const std::logic_error&) {
                is_refused = true;
            }
            second_is_done = true;
        };
        spawn_logged(own_executor, second(), logger{}, "second piece");
        co_await writer.write(large);
        while (!second_is_done) {
            steady_timer pause{own_executor, 1ms};
            co_await pause.async_wait(asio::deferred);
        }
    })};
    raw_client client{server.port(), 16 * 1024};
    client.send(get_stream);
    streamed_answer body{client};
    CHECK(body.header().status == 200);
    eventually([&] { return is_refused.load(); });
    CHECK(body.chunk().size() == 16 * 1024 * 1024);
    CHECK(body.chunk().empty());
}

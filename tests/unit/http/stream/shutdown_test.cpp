#include "draining.hpp"
#include "routed_server.hpp"
#include "streamed_answer.hpp"

#include <http/stream.hpp>
#include <support/catch.hpp>

using namespace atrium;
using namespace atrium::http;
using namespace atrium::http::test;
using std::chrono::steady_clock;

namespace {

constexpr auto get_stream = "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n";

std::function<void(router&)> stream_of(body_producer produce) {
    return [produce = std::move(produce)](router& r) {
        r.get("/stream", "", [produce](const request&) -> awaitable<response> { co_return streamed(text_type, produce); });
    };
}

/// Waits until `number` has reached `goal`.
awaitable<> wait_for_number(const std::atomic<int>& number, int goal) {
    steady_timer pause{co_await asio::this_coro::executor};
    while (number < goal) {
        pause.expires_after(2ms);
        co_await pause.async_wait(asio::deferred);
    }
}

awaitable<> produce_with_farewell(body_writer& writer) {
    writer.set_farewell("so long");
    writer.set_farewell("goodbye");
    co_await writer.write("hello");
    co_await wait_forever();
}

} // namespace

TEST_CASE("at shutdown a stream sends its farewell and ends normally") {
    routed_server server{stream_of(produce_with_farewell)};
    raw_client client{server.port()};
    client.send(get_stream);
    streamed_answer body{client};
    CHECK(body.header().status == 200);
    CHECK(body.chunk() == "hello");
    server.http.drain(steady_clock::now() + 60s); // returns as soon as the stream has ended
    CHECK(body.chunk() == "goodbye");
    CHECK(body.chunk().empty());
    CHECK(body.rest().empty());
    CHECK(server.metric(R"(atrium_http_streams_ended_total{reason="shutdown"})") == "1");
    CHECK(server.metric("atrium_http_connections") == "0");
}

TEST_CASE("a stream continues after a shutdown has begun, and sends its farewell when the server drains") {
    std::atomic<int> next{0};
    routed_server server{stream_of([&](body_writer& writer) -> awaitable<> {
        writer.set_farewell("goodbye");
        for (int piece = 0;; ++piece) {
            co_await wait_for_number(next, piece);
            co_await writer.write(std::to_string(piece));
        }
    })};
    raw_client early_client{server.port()};
    early_client.send(get_stream);
    streamed_answer early_answer{early_client};
    CHECK(early_answer.header().header("connection").empty());
    CHECK(early_answer.chunk() == "0");

    server.http.begin_shutdown();
    raw_client late_client{server.port()};
    late_client.send(get_stream);
    streamed_answer late_answer{late_client};
    CHECK(late_answer.header().header("connection") == "close");
    CHECK(late_answer.chunk() == "0");
    next = 1;
    CHECK(early_answer.chunk() == "1");
    CHECK(late_answer.chunk() == "1");
    server.http.drain(steady_clock::now() + 60s);
    for (auto* each : {&early_answer, &late_answer}) {
        CHECK(each->chunk() == "goodbye");
        CHECK(each->chunk().empty());
        CHECK(each->rest().empty());
    }
}

TEST_CASE("at shutdown a stream to an HTTP/1.0 client sends its farewell and closes the connection") {
    routed_server server{stream_of(produce_with_farewell)};
    raw_client client{server.port()};
    client.send("GET /stream HTTP/1.0\r\n\r\n");
    streamed_answer body{client};
    CHECK(body.header().status == 200);
    server.http.drain(steady_clock::now() + 60s);
    CHECK(body.rest() == "hellogoodbye");
}

TEST_CASE("at shutdown the piece that is being sent is completed before the farewell") {
    constexpr std::size_t size = 16 * 1024 * 1024;
    std::atomic<bool> has_continued{false};
    routed_server server{stream_of([&](body_writer& writer) -> awaitable<> {
        const std::string piece(size, 'x');
        writer.set_farewell("goodbye");
        co_await writer.write(piece);
        co_await writer.write("never");
        has_continued = true;
    })};
    raw_client client{server.port(), 16 * 1024};
    client.send(get_stream);
    streamed_answer body{client};
    CHECK(body.header().status == 200);
    draining drain{server.http};
    CHECK(body.chunk().size() == size);
    CHECK(body.chunk() == "goodbye");
    CHECK(body.chunk().empty());
    drain.finish();
    CHECK_FALSE(has_continued);
}

TEST_CASE("a stream that is requested before draining begins, but starts after that, ends without a piece") {
    std::atomic<bool> is_waiting{false};
    std::atomic<bool> may_continue{false};
    std::atomic<bool> has_continued{false};
    routed_server server{[&](router& r) {
        r.get("/stream", "", [&](const request&) -> awaitable<response> {
            is_waiting = true;
            co_await wait_for(may_continue);
            co_return streamed(text_type, [&](body_writer& writer) -> awaitable<> {
                co_await writer.write("late");
                has_continued = true;
            });
        });
    }};
    raw_client client{server.port()};
    client.send(get_stream);
    eventually([&] { return is_waiting.load(); });
    draining drain{server.http};
    may_continue = true;
    streamed_answer body{client};
    CHECK(body.header().header("connection") == "close");
    CHECK(body.chunk().empty());
    CHECK(body.rest().empty());
    drain.finish();
    CHECK_FALSE(has_continued);
}

TEST_CASE("at shutdown a client that does not read its stream is disconnected at the deadline of draining") {
    routed_server server{stream_of([](body_writer& writer) -> awaitable<> {
        const std::string piece(1024 * 1024, 'x');
        for (;;)
            co_await writer.write(piece);
    })};
    raw_client client{server.port(), 16 * 1024};
    client.send(get_stream);
    eventually([&] { return client.has_arrived(); });
    server.http.drain(steady_clock::now() + 200ms);
    CHECK(server.metric("atrium_http_connections") == "0");
}

TEST_CASE("a producer that does not end cannot keep the server from stopping") {
    std::atomic<bool> may_continue{false};
    std::atomic<bool> has_started{false};
    routed_server server{stream_of([&](body_writer&) -> awaitable<> {
        co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation{});
        has_started = true;
        co_await wait_for(may_continue);
    })};
    raw_client client{server.port()};
    client.send(get_stream);
    eventually([&] { return has_started.load(); });
    server.http.stop();
    CHECK(server.metric("atrium_http_connections") == "0");
}

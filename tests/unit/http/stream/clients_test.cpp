// Tests with clients that disconnect, read slowly or fast, or send unexpected data while a body is streamed.
#include "routed_server.hpp"
#include "streamed_answer.hpp"

#include <http/stream.hpp>
#include <support/catch.hpp>

#include <thread>

using namespace atrium;
using namespace atrium::http;
using namespace atrium::http::test;
using std::chrono::steady_clock;

namespace {

constexpr auto get_stream = "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::size_t piece_size = 64 * 1024;

/// What the producers of a server have done. The test's thread reads the counts.
struct producer_counts {
    std::atomic<int> started{0};
    std::atomic<int> stopped{0}; ///< ended by an exception, because the producer was cancelled
    std::atomic<std::size_t> bytes{0};
};

/// Routes for a server: /silent writes nothing, /stream writes as much as the client reads, and /small responds immediately.
std::function<void(router&)> routes_of(producer_counts& counts) {
    return [&counts](router& r) {
        const auto count_runs = [&counts](body_producer produce) {
            return [&counts, produce = std::move(produce)](body_writer& writer) -> awaitable<> {
                ++counts.started;
                try {
                    co_await produce(writer);
                } catch (const boost::system::system_error&) {
                    ++counts.stopped;
                    throw;
                }
            };
        };
        const body_producer silent = count_runs([](body_writer&) { return wait_forever(); });
        const body_producer endless = count_runs([&counts](body_writer& writer) -> awaitable<> {
            const std::string piece(piece_size, 'x');
            for (;;) {
                co_await writer.write(piece);
                counts.bytes += piece_size;
            }
        });
        r.get("/silent", "", [silent](const request&) -> awaitable<response> { co_return streamed(text_type, silent); });
        r.get("/stream", "", [endless](const request&) -> awaitable<response> { co_return streamed(text_type, endless); });
        r.get("/small", "", [](const request&) -> awaitable<response> { co_return json("\"small\""); });
    };
}

} // namespace

TEST_CASE("a client that disconnects while nothing is written is detected, and its producer is cancelled") {
    producer_counts counts;
    routed_server server{routes_of(counts)};
    for (int i = 0; i < 3; ++i) {
        raw_client client{server.port()};
        client.send("GET /silent HTTP/1.1\r\nHost: a\r\n\r\n");
        CHECK(client.read_answer().status == 200);
        if (i == 1)
            client.reset();
        if (i == 2) // data that the client has sent in advance does not hide that it left
            client.send(get_small);
    }
    eventually([&] { return counts.stopped == 3; });
    eventually([&] { return server.metric("atrium_http_connections") == "0"; });
    CHECK(server.metric(R"(atrium_http_streams_ended_total{reason="client_left"})") == "3");
}

TEST_CASE("neither the handler's deadline nor that of an idle connection applies to a stream") {
    producer_counts counts;
    settings s;
    s.deadlines.handler = 50ms;
    s.deadlines.idle = 50ms;
    routed_server server{routes_of(counts), s};
    raw_client client{server.port()};
    client.send("GET /silent HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.read_answer().status == 200);
    const auto begin = steady_clock::now();
    // This is enough time for several checks of whether the client is still there.
    eventually([&] { return steady_clock::now() - begin > 1500ms; });
    CHECK(counts.stopped == 0);
    CHECK_FALSE(client.is_closed());
}

TEST_CASE("a producer waits while its client does not read, and continues once the client reads again") {
    producer_counts counts;
    routed_server server{routes_of(counts)};
    raw_client client{server.port(), 16 * 1024};
    client.send(get_stream);
    streamed_answer body{client};
    CHECK(body.header().status == 200);
    std::size_t previous = 1;
    eventually([&] { // until nothing more is written, because the system's buffers are full
        const auto now = counts.bytes.load();
        const bool is_unchanged = now == previous;
        previous = now;
        std::this_thread::sleep_for(100ms);
        return is_unchanged;
    });
    const auto bytes_when_stuck = counts.bytes.load();
    CHECK(bytes_when_stuck < 16 * 1024 * 1024);

    // When the client reads, the producer continues.
    for (std::size_t read = 0; read < bytes_when_stuck + piece_size; read += piece_size)
        CHECK(body.chunk().size() == piece_size);
    eventually([&] { return counts.bytes > bytes_when_stuck; });
}

TEST_CASE("a client that does not read a piece in time is disconnected") {
    producer_counts counts;
    settings s;
    s.deadlines.write = 200ms;
    routed_server server{routes_of(counts), s};
    raw_client client{server.port(), 16 * 1024};
    client.send(get_stream);
    eventually([&] { return counts.stopped == 1; });
    eventually([&] { return server.metric("atrium_http_connections") == "0"; });
    CHECK(server.metric(R"(atrium_http_streams_ended_total{reason="too_slow"})") == "1");
    CHECK(counts.bytes < 16 * 1024 * 1024);
}

TEST_CASE("if a client disconnects in the middle of a piece, the producer is cancelled") {
    producer_counts counts;
    routed_server server{routes_of(counts)};
    {
        raw_client client{server.port(), 16 * 1024};
        client.send(get_stream);
        streamed_answer body{client};
        CHECK(body.header().status == 200);
    }
    eventually([&] { return counts.stopped == 1; });
    CHECK(server.metric(R"(atrium_http_streams_ended_total{reason="client_left"})") == "1");
}

TEST_CASE("a client that reads as fast as the producer writes leaves time for other clients") {
    producer_counts counts;
    routed_server server{routes_of(counts)};
    raw_client greedy{server.port()};
    greedy.send(get_stream);
    std::atomic<bool> may_stop{false};
    std::thread reader{[&] {
        while (!may_stop)
            (void)greedy.read_once();
    }};
    eventually([&] { return counts.bytes > 4 * 1024 * 1024; });
    raw_client other{server.port()};
    for (int i = 0; i < 20; ++i) {
        other.send(get_small);
        CHECK(other.read_answer().body == "\"small\"");
    }
    may_stop = true;
    reader.join();
    CHECK(counts.stopped == 0);
}

TEST_CASE("a keep-alive is sent whenever nothing was sent for the configured time") {
    settings s;
    s.stream.keep_alive = 100ms;
    routed_server server{[](router& r) {
                             r.get("/stream", "", [](const request&) -> awaitable<response> {
                                 co_return streamed(text_type, [](body_writer& writer) -> awaitable<> {
                                     writer.set_keep_alive("here");
                                     co_await writer.write("first");
                                     co_await wait_forever();
                                 });
                             });
                         },
                         s};
    raw_client client{server.port()};
    client.send(get_stream);
    streamed_answer body{client};
    CHECK(body.header().status == 200);
    CHECK(body.chunk() == "first");
    CHECK(body.chunk() == "here");
    CHECK(body.chunk() == "here");
}

TEST_CASE("a stream with a keep-alive continues if its client closes only its sending half") {
    std::atomic<int> stopped{0};
    routed_server server{[&](router& r) {
        r.get("/stream", "", [&](const request&) -> awaitable<response> {
            co_return streamed(text_type, [&](body_writer& writer) -> awaitable<> {
                writer.set_keep_alive("here");
                try {
                    co_await wait_forever();
                } catch (const boost::system::system_error&) {
                    ++stopped;
                    throw;
                }
            });
        });
    }};
    raw_client half_closed{server.port()};
    half_closed.send(get_stream);
    half_closed.finish_sending();
    streamed_answer body{half_closed};
    CHECK(body.header().status == 200);
    CHECK(body.chunk() == "here"); // sent immediately to check the client, long before the regular keep-alive is due
    {
        raw_client gone{server.port()};
        gone.send(get_stream);
        CHECK(gone.read_answer().status == 200);
    }
    eventually([&] { return stopped == 1 && server.metric("atrium_http_streams") == "1"; });
    CHECK_FALSE(half_closed.is_closed());
}

TEST_CASE("a client that does not read the keep-alives is disconnected at the deadline for writing") {
    settings s;
    s.stream.keep_alive = 10ms;
    s.deadlines.write = 300ms;
    routed_server server{[](router& r) {
                             r.get("/stream", "", [](const request&) -> awaitable<response> {
                                 co_return streamed(text_type, [](body_writer& writer) -> awaitable<> {
                                     writer.set_keep_alive(std::string(8 * 1024 * 1024, 'x'));
                                     co_await wait_forever();
                                 });
                             });
                         },
                         s};
    raw_client client{server.port(), 16 * 1024};
    client.send(get_stream);
    eventually([&] { return server.metric(R"(atrium_http_streams_ended_total{reason="too_slow"})") == "1"; });
}

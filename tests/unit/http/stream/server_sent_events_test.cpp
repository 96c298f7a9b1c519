#include "draining.hpp"
#include "routed_server.hpp"
#include "streamed_answer.hpp"

#include <http/server_sent_events.hpp>
#include <support/catch.hpp>

using namespace atrium;
using namespace atrium::http;
using namespace atrium::http::test;
using std::chrono::steady_clock;

namespace {

std::string render(const server_sent_event& e) {
    std::string text;
    append_event(text, e);
    return text;
}

constexpr auto get_events = "GET /events HTTP/1.1\r\nHost: a\r\n\r\n";

std::function<void(router&)> events_of(event_producer produce) {
    return [produce = std::move(produce)](router& r) {
        r.get("/events", "", [produce](const request&) -> awaitable<response> { co_return server_sent_events(produce); });
    };
}

} // namespace

TEST_CASE("an event has the format that browsers read") {
    CHECK(render({.data = "hello"}) == "data: hello\n\n");
    CHECK(render({.event = "next", .data = "{}", .id = "7"}) == "event: next\nid: 7\ndata: {}\n\n");
    CHECK(render({.event = "complete"}) == "event: complete\ndata: \n\n");
    CHECK(render({.data = "x", .retry = 1500ms}) == "retry: 1500\ndata: x\n\n");
    CHECK(render({.data = "x", .id = ""}) == "id: \ndata: x\n\n"); // resets the client's last id
}

TEST_CASE("each line of the data becomes a field of its own, whatever its line ending") {
    CHECK(render({.data = "a\nb"}) == "data: a\ndata: b\n\n");
    CHECK(render({.data = "a\r\nb\rc\n"}) == "data: a\ndata: b\ndata: c\ndata: \n\n");
    CHECK(render({.data = "\n"}) == "data: \ndata: \n\n");
    CHECK(render({.data = " a: b"}) == "data:  a: b\n\n");
}

TEST_CASE("an event type with a line break, and an id with a line break or NUL, are refused") {
    CHECK_THROWS_AS(render({.event = "a\ndata: b"}), std::invalid_argument);
    CHECK_THROWS_AS(render({.id = "a\rb"}), std::invalid_argument);
    CHECK_THROWS_AS(render({.id = std::string_view{"a\0b", 3}}), std::invalid_argument);
}

TEST_CASE("events arrive one by one, in a response that must not be cached or buffered") {
    std::atomic<bool> may_continue{false};
    routed_server server{events_of([&](event_stream& events) -> awaitable<> {
        co_await events.send({.event = "order", .data = "1", .id = "1"});
        co_await wait_for(may_continue);
        co_await events.comment("nearly done");
        std::string both;
        append_event(both, {.data = "2"});
        append_event(both, {.data = "3"});
        co_await events.send_rendered(both);
    })};
    raw_client client{server.port()};
    client.send(get_events);
    streamed_answer body{client};
    const auto begin = body.header();
    CHECK(begin.status == 200);
    CHECK(begin.header("content-type") == "text/event-stream");
    CHECK(begin.header("cache-control") == "no-store");
    CHECK(begin.header("x-accel-buffering") == "no");
    CHECK(body.chunk() == "event: order\nid: 1\ndata: 1\n\n");
    may_continue = true;
    CHECK(body.chunk() == ": nearly done\n\n");
    CHECK(body.chunk() == "data: 2\n\ndata: 3\n\n");
    CHECK(body.chunk().empty());
}

TEST_CASE("a response whose events are all known in advance is sent completely even if the server shuts down") {
    std::atomic<bool> is_waiting{false};
    std::atomic<bool> may_continue{false};
    routed_server server{[&](router& r) {
        r.get("/events", "", [&](const request&) -> awaitable<response> {
            is_waiting = true;
            co_await wait_for(may_continue);
            co_return server_sent_events(render({.data = "1"}) + render({.data = "2"}));
        });
    }};
    raw_client client{server.port()};
    client.send(get_events);
    eventually([&] { return is_waiting.load(); });
    draining drain{server.http};
    may_continue = true;
    const auto whole = client.read_answer();
    drain.finish();
    CHECK(whole.status == 200);
    CHECK(whole.header("content-type") == "text/event-stream");
    CHECK(whole.header("cache-control") == "no-store");
    CHECK(whole.header("x-accel-buffering") == "no");
    CHECK(whole.body == "data: 1\n\ndata: 2\n\n");
}

TEST_CASE("a comment is sent if nothing else has been sent for the keep-alive time") {
    settings s;
    s.stream.keep_alive = 50ms;
    routed_server server{events_of([](event_stream&) { return wait_forever(); }), s};
    raw_client client{server.port()};
    client.send(get_events);
    streamed_answer body{client};
    CHECK(body.header().status == 200);
    CHECK(body.chunk() == ":\n\n");
}

TEST_CASE("a producer may provide ids that are sent as keep-alives instead of the comment") {
    settings s;
    s.stream.keep_alive = 50ms;
    routed_server server{events_of([](event_stream& events) -> awaitable<> {
                             co_await events.send_id("1");
                             events.set_keep_alive_id(
                                 [calls = 0]() mutable { return ++calls == 2 ? std::string{} : std::to_string(10 * calls); });
                             co_await wait_forever();
                         }),
                         s};
    raw_client client{server.port()};
    client.send(get_events);
    streamed_answer body{client};
    CHECK(body.header().status == 200);
    for (const auto* piece : {"id: 1\n\n", "id: 10\n\n", ":\n\n", "id: 30\n\n"})
        CHECK(body.chunk() == piece);
}

TEST_CASE("at shutdown the farewell of an event stream is sent as its last comment") {
    routed_server server{events_of([](event_stream& events) -> awaitable<> {
        events.set_farewell("goodbye");
        co_await wait_forever();
    })};
    raw_client client{server.port()};
    client.send(get_events);
    streamed_answer body{client};
    CHECK(body.header().status == 200);
    server.http.drain(steady_clock::now() + 60s);
    CHECK(body.chunk() == ": goodbye\n\n");
    CHECK(body.chunk().empty());
}

TEST_CASE("a producer can read the id of the last event that a reconnecting client received") {
    routed_server server{[](router& r) {
        r.get("/events", "", [](const request& q) -> awaitable<response> {
            co_return server_sent_events([last_id = std::string{last_event_id(q)}](event_stream& events) -> awaitable<> {
                co_await events.send({.data = "after " + last_id});
            });
        });
    }};
    raw_client client{server.port()};
    client.send("GET /events HTTP/1.1\r\nHost: a\r\nLast-Event-ID: 41\r\n\r\n");
    streamed_answer body{client};
    CHECK(body.header().status == 200);
    CHECK(body.chunk() == "data: after 41\n\n");
}

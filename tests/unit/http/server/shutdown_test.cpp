#include "draining.hpp"
#include "routed_server.hpp"
#include "test_server.hpp"

#include <support/catch.hpp>

#include <thread>

using namespace atrium;
using namespace atrium::http;
using namespace atrium::http::test;
using std::chrono::steady_clock;

namespace {

constexpr auto get_waits = "GET /waits HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr auto get_commits = "GET /commits HTTP/1.1\r\nHost: a\r\n\r\n";

} // namespace

TEST_CASE("draining closes idle connections, lets busy connections finish, and accepts no new ones") {
    test_server server;
    raw_client idle{server.port()};
    idle.send(get_small);
    CHECK(idle.read_answer().status == 200);
    raw_client busy{server.port()};
    busy.send(get_waits);
    eventually([&] { return server.waits.started == 1; });

    draining drain{server.http};
    CHECK(idle.read_to_end().empty());
    server.waits.release = true;
    const auto last = busy.read_answer();
    CHECK(last.status == 200);
    CHECK(last.body == "\"waited\"");
    CHECK(last.header("connection") == "close");
    CHECK(busy.read_to_end().empty());
    drain.finish();
    CHECK(server.metric("atrium_http_connections") == "0");
}

TEST_CASE("a request that has partly arrived when draining begins is still answered") {
    test_server server;
    raw_client client{server.port()};
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    CHECK(client.read_answer().status == 100);
    draining drain{server.http};
    client.send("hello");
    const auto last = client.read_answer();
    CHECK(last.body == "hello");
    CHECK(last.header("connection") == "close");
    drain.finish();
}

TEST_CASE("connections that are still open at the deadline of draining are closed, and their handlers are cancelled") {
    test_server server;
    raw_client busy{server.port()};
    busy.send(get_waits);
    raw_client unfinished{server.port()};
    unfinished.send("GET /sm");
    eventually([&] { return server.waits.started == 1; });
    server.http.drain(steady_clock::now() + 50ms);
    CHECK(server.waits.stopped == 1);
    CHECK(server.metric("atrium_http_connections") == "0");
    CHECK(busy.read_to_end().empty());
    CHECK(unfinished.read_to_end().empty());
}

TEST_CASE("the workers continue after draining, so that handlers can finish") {
    test_server server;
    raw_client busy{server.port()};
    busy.send(get_commits);
    eventually([&] { return server.commits.started == 1; });
    server.http.drain(steady_clock::now());
    CHECK(server.commits.ended == 0);
    server.commits.release = true;
    eventually([&] { return server.commits.ended == 1; });
    server.http.stop();
    CHECK(server.metric("atrium_http_connections") == "0");
}

TEST_CASE("a handler that never ends does not keep the server from stopping") {
    test_server server;
    raw_client busy{server.port()};
    busy.send(get_commits);
    eventually([&] { return server.commits.started == 1; });
    server.http.stop();
    server.http.stop();
    CHECK(server.commits.ended == 0);
    CHECK(busy.read_to_end().empty());
}

TEST_CASE("once a shutdown has begun, every response is the last one of its connection, and new connections are answered") {
    test_server server;
    raw_client kept{server.port()};
    kept.send(get_small);
    CHECK(kept.read_answer().header("connection").empty());
    raw_client busy{server.port()};
    busy.send(get_waits);
    eventually([&] { return server.waits.started == 1; });

    server.http.begin_shutdown();
    kept.send(std::string{get_small} + get_small); // the second request gets no response
    const auto last = kept.read_answer();
    CHECK(last.status == 200);
    CHECK(last.header("connection") == "close");
    CHECK(kept.read_to_end().empty());
    for (int i = 0; i < 3; ++i) {
        raw_client later{server.port()};
        later.send("GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n");
        const auto answer = later.read_answer();
        CHECK(answer.status == 404);
        CHECK(answer.header("connection") == "close");
    }
    server.waits.release = true;
    CHECK(busy.read_answer().header("connection") == "close");
    draining{server.http}.finish();
}

TEST_CASE("a request that has arrived on a kept connection when draining begins gets the connection's last response") {
    for (int round = 0; round < 20; ++round) {
        std::atomic<bool> is_blocked{false};
        std::atomic<bool> may_continue{false};
        routed_server server{[&](router& r) {
            r.get("/small", "", [](const request&) -> awaitable<response> { co_return json("1"); });
            // The handler blocks the worker, so that the worker meets the next request and the shutdown at the same time.
            r.get("/blocks", "", [&](const request&) -> awaitable<response> {
                is_blocked = true;
                while (!may_continue)
                    std::this_thread::yield();
                co_return json("2");
            });
        }};
        raw_client kept{server.port()};
        kept.send(get_small);
        REQUIRE(kept.read_answer().status == 200);
        raw_client blocking{server.port()};
        blocking.send("GET /blocks HTTP/1.1\r\nHost: a\r\n\r\n");
        eventually([&] { return is_blocked.load(); });

        kept.send(get_small);
        server.http.begin_shutdown(); // the worker may handle the request and the shutdown in any order
        std::atomic<bool> has_begun{false};
        std::thread drainer{[&] {
            has_begun = true;
            server.http.drain(steady_clock::now() + 60s);
        }};
        eventually([&] { return has_begun.load(); });
        may_continue = true;
        const auto last = kept.read_answer();
        CHECK(last.body == "1");
        CHECK(last.header("connection") == "close");
        CHECK(blocking.read_answer().header("connection") == "close");
        drainer.join();
    }
}

TEST_CASE("the handler of a client that disconnects is cancelled") {
    test_server server;
    {
        raw_client closing{server.port()};
        closing.send(get_waits);
        eventually([&] { return server.waits.started == 1; });
    }
    eventually([&] { return server.waits.stopped == 1; });
    raw_client resetting{server.port()};
    resetting.send(get_waits);
    eventually([&] { return server.waits.started == 2; });
    resetting.reset();
    eventually([&] { return server.waits.stopped == 2; });
    eventually([&] { return server.metric("atrium_http_connections") == "0"; });
}

TEST_CASE("a client that has closed its sending half, but whose further requests are still unread, is not considered gone") {
    test_server server;
    raw_client client{server.port()};
    client.send(std::string{get_waits} + get_small);
    client.finish_sending();
    eventually([&] { return server.waits.started == 1; });
    const auto begin = steady_clock::now();
    // This is enough time for several checks of whether the client is still there.
    eventually([&] { return steady_clock::now() - begin > 400ms; });
    server.waits.release = true;
    CHECK(client.read_answer().body == "\"waited\"");
    CHECK(client.read_answer().status == 200);
    CHECK(server.waits.stopped == 0);
}

TEST_CASE("a client that closes its sending half still gets the response of a handler that takes long") {
    test_server server;
    raw_client client{server.port()};
    client.send(get_waits);
    client.finish_sending();
    CHECK(client.read_answer().status == 100); // the server sends it to find out whether the client is still there
    CHECK(server.waits.stopped == 0);
    server.waits.release = true;
    CHECK(client.read_answer().body == "\"waited\"");
    CHECK(client.read_to_end().empty());
}

TEST_CASE("an HTTP/1.0 client that closes its sending half gets its response and no 100 before it") {
    test_server server;
    raw_client client{server.port()};
    client.send("GET /waits HTTP/1.0\r\n\r\n");
    client.finish_sending();
    eventually([&] { return server.waits.started == 1; });
    const auto begin = steady_clock::now();
    eventually([&] { return steady_clock::now() - begin > 1300ms; }); // by then an HTTP/1.1 client would have received a 100
    server.waits.release = true;
    CHECK(client.read_answer().body == "\"waited\"");
    CHECK(server.waits.stopped == 0);
}

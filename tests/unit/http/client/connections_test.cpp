#include "client_fixture.hpp"
#include "scripted_server.hpp"

#include <http/server.hpp>
#include <support/eventually.hpp>

#include <thread>

// Tests that the client keeps a limited number of connections for later calls, and that each connection is used on one thread
// only and ends with the io_context of that thread.

namespace {

using namespace atrium;
using namespace atrium::http::test;
using support::eventually;

/// The real server, with one route.
struct real_server {
    explicit real_server(std::uint16_t port = 0) : http{settings_at(port), routes, registry, logger{}} {
        routes.get("/small", "", [](const http::request&) -> awaitable<http::response> { co_return http::json("{}"); });
        http.start();
    }
    static http::settings settings_at(std::uint16_t port) {
        http::settings s;
        s.port = port;
        s.threads = 1;
        return s;
    }
    std::size_t open_connections() {
        const auto all = registry.render();
        const std::string series = "\natrium_http_connections ";
        return std::stoul(all.substr(all.find(series) + series.size()));
    }

    metrics::registry registry;
    http::router routes;
    http::server http;
};

} // namespace

TEST_CASE("consecutive calls use one connection") {
    real_server server;
    client_fixture fixture{server.http.port()};
    for (int i = 0; i < 20; ++i)
        REQUIRE(fixture.get("/small").value().status == 200);
    CHECK(fixture.connections() == "1");
    CHECK(fixture.calls("answered") == "20");
    CHECK(fixture.metric(R"(atrium_http_client_request_duration_seconds_count{service="users"})") == "20");
}

TEST_CASE("concurrent calls have one connection each, and only the configured number of connections is kept afterwards") {
    real_server server;
    auto s = settings_for(local_url(server.http.port()));
    s.idle_connections = 2;
    client_fixture fixture{s};
    const std::string target = "/small";
    std::vector<std::future<result<http::client_response>>> answers;
    for (int i = 0; i < 10; ++i)
        answers.push_back(asio::co_spawn(fixture.context, fixture.http.get(target), asio::use_future));
    fixture.context.run();
    for (auto& each : answers)
        CHECK(each.get().value().status == 200);
    CHECK(fixture.connections() == "10");
    eventually([&] { return server.open_connections() == 2; });

    for (int i = 0; i < 2; ++i)
        answers[static_cast<std::size_t>(i)] = asio::co_spawn(fixture.context, fixture.http.get(target), asio::use_future);
    fixture.context.restart();
    fixture.context.run();
    CHECK(fixture.connections() == "10");
}

TEST_CASE("idle connections end with their io_context, and are not used by other threads") {
    real_server server;
    client_fixture fixture{server.http.port()};
    for (int i = 0; i < 3; ++i) {
        asio::io_context other{1};
        unsigned status = 0;
        std::thread{[&] {
            status = get_on(other, fixture.http, "/small").value().status;
        }}.join(); // an idle connection does not keep the thread running
        CHECK(status == 200);
    }
    CHECK(fixture.connections() == "3");
    eventually([&] { return server.open_connections() == 0; });
}

TEST_CASE("many threads can use one HTTP client") {
    real_server server;
    client_fixture fixture{server.http.port()};
    std::vector<std::thread> threads;
    std::atomic<int> successes = 0;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            asio::io_context context{1};
            for (int round = 0; round < 50; ++round)
                successes += get_on(context, fixture.http, "/small").value().status == 200;
        });
    for (auto& each : threads)
        each.join();
    CHECK(successes == 200);
    CHECK(fixture.connections() == "4");
}

TEST_CASE("a connection that has been idle for too long is not used again") {
    real_server server;
    auto s = settings_for(local_url(server.http.port()));
    s.idle = 0ms;
    client_fixture fixture{s};
    CHECK(fixture.get("/small"));
    CHECK(fixture.get("/small"));
    CHECK(fixture.connections() == "2");
    eventually([&] { return server.open_connections() == 1; });
}

TEST_CASE("a connection is not kept if the server closes it, the response has no length, or bytes follow the response") {
    for (const std::string_view answer :
         {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok", "HTTP/1.1 200 OK\r\n\r\nok",
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhidden"}) {
        const auto once = [answer](auto& c) { c.answer(answer); };
        scripted_server server{{once, once}};
        client_fixture fixture{server.port()};
        CHECK(fixture.get("/").value().body == "ok");
        CHECK(fixture.get("/").value().body == "ok");
        CHECK(fixture.connections() == "2");
    }
}

TEST_CASE("after a server was restarted, the client opens a new connection") {
    auto server = std::make_unique<real_server>();
    const auto port = server->http.port();
    client_fixture fixture{port};
    for (int round = 0; round < 3; ++round) {
        CHECK(fixture.get("/small").value().status == 200);
        CHECK(fixture.get("/small").value().status == 200);
        server.reset();
        server = std::make_unique<real_server>(port);
    }
    CHECK(fixture.connections() == "3");
    CHECK(fixture.calls("answered") == "6");
}

TEST_CASE("an HTTP client may be destroyed before the io_contexts on which it was used") {
    real_server server;
    asio::io_context context{1};
    for (int i = 0; i < 2; ++i) {
        client_fixture fixture{server.http.port()};
        CHECK(get_on(context, fixture.http, "/small"));
        CHECK(fixture.connections() == "1"); // the connection of the previous client is not used
    }
}

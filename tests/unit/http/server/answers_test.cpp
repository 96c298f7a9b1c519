#include "test_server.hpp"

#include <support/catch.hpp>

using namespace atrium::http;
using namespace atrium::http::test;

TEST_CASE("every response has a date and a request id of its own, and forbids clients to guess its type") {
    test_server server;
    raw_client client{server.port()};
    client.send(get_small);
    const auto first = client.read_answer();
    client.send("GET /nowhere HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine\r\n\r\n");
    const auto second = client.read_answer();

    CHECK(first.status == 200);
    CHECK(first.body == R"({"ok":true})");
    CHECK(first.header("date").ends_with(" GMT"));
    CHECK(first.header("x-content-type-options") == "nosniff");
    CHECK_FALSE(first.header("x-request-id").empty());
    CHECK(second.header("x-request-id") != first.header("x-request-id"));
    CHECK(second.header("x-request-id") != "mine");
}

TEST_CASE("HEAD gets the headers of GET and no body") {
    test_server server;
    raw_client client{server.port()};
    client.send("HEAD /small HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto head = client.read_answer(false); // false: the response has no body
    CHECK(head.status == 200);
    CHECK(head.header("content-length") == "11");
    CHECK(head.header("content-type") == "application/json");
    client.send("HEAD /nowhere HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.read_answer(false).status == 404);
    client.send(get_small);
    CHECK(client.read_answer().status == 200);
}

TEST_CASE("a response without content has no Content-Length, and the connection stays open") {
    test_server server;
    raw_client client{server.port()};
    client.send("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto nothing = client.read_answer();
    CHECK(nothing.status == 304);
    CHECK(nothing.header("content-length").empty());
    client.send(get_small);
    CHECK(client.read_answer().status == 200);
}

TEST_CASE("an unknown path gets 404, an unsupported method 405 with Allow, and OPTIONS 204 with Allow") {
    test_server server;
    raw_client client{server.port()};
    client.send("GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto unknown = client.read_answer();
    CHECK(unknown.status == 404);
    CHECK(unknown.header("content-type") == "application/problem+json");
    CHECK(unknown.body.find("\"instance\":\"" + unknown.header("x-request-id") + "\"}") != std::string::npos);

    for (const std::string method : {"POST", "BREW", "get", "TRACE"}) {
        client.send(method + " /small HTTP/1.1\r\nHost: a\r\n\r\n");
        const auto refused = client.read_answer();
        CHECK(refused.status == 405);
        CHECK(refused.header("allow") == "GET, HEAD, OPTIONS");
    }
    client.send("OPTIONS /small HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto options = client.read_answer();
    CHECK(options.status == 204);
    CHECK(options.header("allow") == "GET, HEAD, OPTIONS");

    client.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto all = client.read_answer();
    CHECK(all.status == 204);
    CHECK(all.header("allow") == "DELETE, GET, HEAD, OPTIONS, PATCH, POST");
}

TEST_CASE("an exception thrown by a handler becomes a 500 that reveals only the request id") {
    test_server server;
    raw_client client{server.port()};
    client.send("GET /fails HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto failed = client.read_answer();
    CHECK(failed.status == 500);
    CHECK(failed.body.find("secret") == std::string::npos);
    CHECK(failed.body.find(failed.header("x-request-id")) != std::string::npos);
    client.send(get_small);
    CHECK(client.read_answer().status == 200);
}

TEST_CASE("an exception after which it is unknown whether a change was kept becomes a 500 without Retry-After") {
    test_server server;
    raw_client client{server.port()};
    client.send("GET /loses_a_commit HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto failed = client.read_answer();
    CHECK(failed.status == 500);
    CHECK(failed.header("retry-after").empty());
    CHECK(failed.body.find("it is not known whether the change was kept") != std::string::npos);
    CHECK(failed.body.find("secret") == std::string::npos);
}

TEST_CASE("HTTP/1.1 keeps the connection unless the client asks to close it") {
    test_server server;
    raw_client persistent{server.port()};
    persistent.send(get_small);
    CHECK(persistent.read_answer().header("connection").empty());
    CHECK_FALSE(persistent.is_closed());

    raw_client closing{server.port()};
    closing.send("GET /small HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n");
    CHECK(closing.read_answer().header("connection") == "close");
    CHECK(closing.read_to_end().empty());
}

TEST_CASE("HTTP/1.0 closes the connection unless the client asks to keep it") {
    test_server server;
    raw_client closing{server.port()};
    closing.send("GET /small HTTP/1.0\r\n\r\n");
    CHECK(closing.read_answer().header("connection") == "close");
    CHECK(closing.read_to_end().empty());

    raw_client persistent{server.port()};
    for (int i = 0; i < 2; ++i) {
        persistent.send("GET /small HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
        CHECK(persistent.read_answer().header("connection") == "keep-alive");
    }
}

TEST_CASE("a client that closes its sending half still gets its responses") {
    test_server server;
    raw_client client{server.port()};
    client.send(std::string{get_small} + get_small);
    client.finish_sending();
    auto all = client.read_to_end();
    CHECK(take_answer(all).status == 200);
    CHECK(take_answer(all).status == 200);
    CHECK(all.empty());
}

TEST_CASE("an incoming trace continues with a new span") {
    test_server server;
    raw_client client{server.port()};
    const std::string trace = "00-0af7651916cd43dd8448eb211c80319c-";
    client.send("GET /items/1 HTTP/1.1\r\nHost: a\r\ntraceparent: " + trace + "b7ad6b7169203331-01\r\n\r\n");
    const auto continued = client.read_answer().body;
    const auto parent = continued.substr(continued.rfind('\n') + 1);
    CHECK(parent.starts_with(trace));
    CHECK(parent.find("b7ad6b7169203331") == std::string::npos);

    client.send("GET /items/1 HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto fresh = client.read_answer().body;
    CHECK(fresh.substr(fresh.rfind('\n') + 1).starts_with("00-"));
}

TEST_CASE("requests are counted by route, method and status, and timed by route") {
    test_server server;
    raw_client client{server.port()};
    client.send("GET /items/1 HTTP/1.1\r\nHost: a\r\n\r\nHEAD /items/2 HTTP/1.1\r\nHost: a\r\n\r\n"
                "GET /items/3 HTTP/1.1\r\nHost: a\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n"
                "BREW /items/3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    (void)client.read_to_end();
    const std::string total = "atrium_http_requests_total";
    CHECK(server.metric(total + R"({method="GET",route="/items/{name}",status="200"})") == "2");
    CHECK(server.metric(total + R"({method="HEAD",route="/items/{name}",status="200"})") == "1");
    CHECK(server.metric(total + R"({method="GET",route="none",status="404"})") == "1");
    CHECK(server.metric(total + R"({method="other",route="/items/{name}",status="405"})") == "1");
    CHECK(server.metric(R"(atrium_http_request_duration_seconds_count{route="/items/{name}"})") == "4");
}

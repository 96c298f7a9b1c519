// Tests which clients may use a route, and that streams and WebSockets end when their client may no longer use them.
#include "routed_server.hpp"

#include <access/principal.hpp>
#include <access/requirement.hpp>
#include <http/stream.hpp>
#include <http/web_socket.hpp>
#include <support/catch.hpp>
#include <support/web_socket_client.hpp>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace atrium;
using namespace atrium::http;
using namespace atrium::http::test;

namespace {

/// An authorization that knows one client, whose credential is "ann". The client may read users until its credential is
/// revoked.
struct one_client {
    std::shared_ptr<access::validity> valid = std::make_shared<access::validity>();
    std::shared_ptr<const access::principal> ann =
        std::make_shared<const access::principal>("token:ann", std::vector<std::string>{"users:read"}, std::nullopt, valid);

    [[nodiscard]] authorization decide() const {
        return [this](request& q, const route& r) -> awaitable<std::optional<response>> {
            if (q.headers.get("Authorization") == "ann" && ann->is_valid())
                q.principal = ann;
            const auto allowed = access::check(q.principal.get(), r.requirement);
            co_return allowed ? std::nullopt : std::optional{problem(allowed.error())};
        };
    }
};

awaitable<response> name_of_sender(const request& q) {
    co_return json('"' + std::string{access::name_of(q.principal.get())} + '"');
}

awaitable<response> open_stream(const request&) {
    co_return streamed(text_type, [](body_writer& writer) -> awaitable<> {
        co_await writer.write("one");
        co_await wait_forever();
    });
}

awaitable<response> open_web_socket(const request&) {
    co_return web_socket_upgrade({}, [](web_socket& socket) -> awaitable<> { (void)co_await socket.receive(); });
}

std::function<void(router&)> routes_for(const one_client& known) {
    return [&known](router& r) {
        r.get("/open", "", name_of_sender).open();
        r.get("/any", "", name_of_sender).any_principal();
        r.get("/users", "", name_of_sender).scope("users:read");
        r.post("/users", "", name_of_sender).scope("users:write");
        r.post("/upload", "", name_of_sender).scope("users:read");
        r.get("/stream", "", open_stream).scope("users:read");
        r.get("/socket", "", open_web_socket).scope("users:read");
        r.set_authorization(known.decide());
    };
}

answer ask(const routed_server& server, const std::string& line, const std::string& credential = {}) {
    raw_client client{server.port()};
    client.send(line + " HTTP/1.1\r\nHost: a\r\n" + (credential.empty() ? "" : "Authorization: " + credential + "\r\n") +
                "Content-Length: 0\r\n\r\n");
    return client.read_answer();
}

} // namespace

TEST_CASE("the handler of a route gets the principal of the request") {
    const one_client known;
    const routed_server server{routes_for(known)};
    CHECK(ask(server, "GET /users", "ann").body == R"("token:ann")");
    CHECK(ask(server, "GET /any", "ann").body == R"("token:ann")");
}

TEST_CASE("an open route also answers clients without a credential") {
    const one_client known;
    const routed_server server{routes_for(known)};
    CHECK(ask(server, "GET /open").body == R"("anonymous")");
    CHECK(ask(server, "GET /open", "unknown").body == R"("anonymous")");
}

TEST_CASE("a client gets 401 with the same text whether its credential is missing, unknown or revoked") {
    const one_client known;
    const routed_server server{routes_for(known)};
    const auto without = ask(server, "GET /users");
    CHECK(without.status == 401);
    CHECK(without.header("www-authenticate") == R"(Bearer realm="atrium")");
    CHECK(without.header("content-type") == problem_type);
    const auto same_text = [&](const answer& other) {
        return other.body.substr(0, other.body.find("instance")) == without.body.substr(0, without.body.find("instance"));
    };
    CHECK(same_text(ask(server, "GET /users", "unknown")));
    known.valid->revoke();
    CHECK(same_text(ask(server, "GET /users", "ann")));
}

TEST_CASE("a client without the scope of a route gets 403, which names the scope") {
    const one_client known;
    const routed_server server{routes_for(known)};
    const auto refused = ask(server, "POST /users", "ann");
    CHECK(refused.status == 403);
    CHECK_THAT(refused.body, Catch::Matchers::ContainsSubstring("the scope users:write is needed"));
}

TEST_CASE("a stream ends soon after the credential of its client is revoked") {
    const one_client known;
    routed_server server{routes_for(known)};
    raw_client client{server.port()};
    client.send("GET /stream HTTP/1.1\r\nHost: a\r\nAuthorization: ann\r\n\r\n");
    std::string received;
    while (received.find("3\r\none\r\n") == std::string::npos)
        received += client.read_once();
    known.valid->revoke();
    CHECK(client.read_to_end().empty()); // the last chunk is missing, so the client knows that the body was broken off
    eventually([&] { return server.metric(R"(atrium_http_streams_ended_total{reason="refused"})") == "1"; });
}

TEST_CASE("a WebSocket is closed soon after the credential of its client is revoked") {
    const one_client known;
    const routed_server server{routes_for(known)};
    web_socket_client client{server.port()};
    CHECK(client.open("/socket", "Authorization: ann\r\n").status == 101);
    known.valid->revoke();
    CHECK(client.read_close() == 1008);
    CHECK(client.reason == "the credential is no longer valid");
}

TEST_CASE("an authorization cannot be set while a route does not declare what its clients need") {
    router r;
    r.get("/users", "", name_of_sender);
    CHECK_THROWS_WITH(r.set_authorization(one_client{}.decide()),
                      Catch::Matchers::ContainsSubstring("the route GET /users does not declare what its clients need"));
}

namespace {

/// Sends a header that announces a body, but not the body. Checks that the server closes the connection after the response.
answer send_unfinished(const routed_server& server, const std::string& headers, const std::string& credential = {}) {
    raw_client client{server.port()};
    client.send("POST /users HTTP/1.1\r\nHost: a\r\n" + headers +
                (credential.empty() ? "" : "Authorization: " + credential + "\r\n") + "\r\n");
    auto reply = client.read_answer();
    CHECK(reply.header("connection") == "close");
    CHECK(client.read_to_end().empty());
    return reply;
}

} // namespace

TEST_CASE("a client that may not use a route is refused before its large body is received") {
    const one_client known;
    routed_server server{routes_for(known)};
    for (const auto* body :
         {"Content-Length: 900000\r\n", "Transfer-Encoding: chunked\r\n", "Expect: 100-continue\r\nContent-Length: 5\r\n"}) {
        CHECK(send_unfinished(server, body).status == 401);
        CHECK(send_unfinished(server, body, "unknown").status == 401);
        CHECK(send_unfinished(server, body, "ann").status == 403);
    }
    CHECK(server.metric(R"(atrium_http_requests_total{method="POST",route="/users",status="401"})") == "6");
}

TEST_CASE("a client that was authorized before it sent a large body is authorized again when the body is complete") {
    const one_client known;
    const routed_server server{routes_for(known)};
    for (const bool is_revoked : {false, true}) {
        raw_client client{server.port()};
        client.send("POST /upload HTTP/1.1\r\nHost: a\r\nAuthorization: ann\r\nContent-Length: 100000\r\n\r\n");
        client.send(std::string(50'000, 'x'));
        std::this_thread::sleep_for(50ms); // so that the first half is received
        if (is_revoked)
            known.valid->revoke();
        client.send(std::string(50'000, 'x'));
        CHECK(client.read_answer().status == (is_revoked ? 401 : 200));
    }
}

TEST_CASE("a small body is received before a refusal, so that the connection stays open") {
    const one_client known;
    const routed_server server{routes_for(known)};
    raw_client client{server.port()};
    for (int i = 0; i < 2; ++i) {
        client.send("POST /users HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
        std::this_thread::sleep_for(20ms);
        client.send("hello");
        const auto reply = client.read_answer();
        CHECK(reply.status == 401);
        CHECK(reply.header("connection").empty());
    }
}

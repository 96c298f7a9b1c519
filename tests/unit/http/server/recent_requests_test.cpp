#include "routed_server.hpp"

#include <http/recent_requests.hpp>
#include <support/catch.hpp>
#include <support/raw_client.hpp>

#include <string>
#include <vector>

namespace atrium::http::test {
namespace {

/// A server that records its requests.
struct recording_server {
    metrics::registry registry;
    router routes = make_routes();
    recent_requests recent;
    server http{make_settings(), routes, registry, logger{}, &recent};

    recording_server() { http.start(); }
    ~recording_server() { http.stop(); }

    static router make_routes() {
        router r;
        r.get("/things/{id}", "Show a thing", [](const request&) -> awaitable<response> { co_return json("{}"); });
        return r;
    }
    static settings make_settings() {
        settings s{.port = 0, .threads = 2, .hosts = {"a"}};
        s.limits.header = 1024;
        if (support::is_over_tls())
            s.tls = common_tls();
        return s;
    }

    std::vector<recorded_request> read_requests() {
        std::vector<recorded_request> found;
        recent.visit(0, [&](const recorded_request& r) {
            found.push_back(r);
            return true;
        });
        return found;
    }
};

} // namespace

TEST_CASE("a server records each request with its response, even if no route matches") {
    recording_server server;
    support::raw_client client{server.http.port()};
    client.send("GET /things/7?x=1 HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto shown = client.read_answer();
    client.send("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.read_answer().status == 404);
    const auto found = server.read_requests();
    REQUIRE(found.size() == 2);
    CHECK(found[1].target == "/things/7?x=1");
    CHECK(found[1].route == "/things/{id}");
    CHECK(found[1].status == status::ok);
    CHECK(found[1].body_bytes == 2);
    CHECK(found[1].request_id == shown.header("x-request-id"));
    CHECK(found[1].address.is_loopback());
    CHECK(found[0].route.empty());
    CHECK(found[0].status == status::not_found);
}

TEST_CASE("if the header of a request is too long, its record has no target, not even that of the previous request") {
    recording_server server;
    support::raw_client client{server.http.port()};
    client.send("GET /things/7 HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.read_answer().status == 200);
    client.send("GET /things/8 HTTP/1.1\r\nHost: a\r\nX: " + std::string(2'000, 'x'));
    CHECK(client.read_answer().status == 431);
    const auto found = server.read_requests();
    REQUIRE(found.size() == 2);
    CHECK(found[0].status == status::request_header_fields_too_large);
    CHECK(found[0].target.empty());
    CHECK(found[0].traceparent.empty());
    CHECK(found[0].method == verb::get);
}

} // namespace atrium::http::test

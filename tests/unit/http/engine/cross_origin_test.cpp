#include "test_server.hpp"

#include <support/catch.hpp>

using namespace atrium::http;
using namespace atrium::http::test;

namespace {

settings with_origin(std::string origin) {
    auto s = small_settings();
    s.cors_origin = std::move(origin);
    return s;
}

answer ask(const test_server& server, const std::string& request) {
    raw_client client{server.port()};
    client.send(request);
    return client.read_answer();
}

constexpr auto call = "GET /small HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example\r\n\r\n";
constexpr auto preflight = "OPTIONS /small HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example\r\n"
                           "Access-Control-Request-Method: GET\r\n\r\n";

} // namespace

TEST_CASE("by default pages of other origins are told nothing") {
    test_server server;
    CHECK(ask(server, call).header("access-control-allow-origin").empty());
    CHECK(ask(server, call).header("vary").empty());
    CHECK(ask(server, preflight).header("access-control-allow-methods").empty());
}

TEST_CASE("pages of the configured origin may call, others may not") {
    test_server server{with_origin("https://app.example")};
    const auto allowed = ask(server, call);
    CHECK(allowed.header("access-control-allow-origin") == "https://app.example");
    CHECK(allowed.header("vary") == "Origin");
    CHECK(allowed.header("access-control-expose-headers").find("ETag") != std::string::npos);

    const auto other = ask(server, "GET /small HTTP/1.1\r\nHost: a\r\nOrigin: https://evil.example\r\n\r\n");
    CHECK(other.header("access-control-allow-origin").empty());
    CHECK(other.header("vary") == "Origin");
}

TEST_CASE("a browser that asks before its call hears which methods there are") {
    test_server server{with_origin("*")};
    const auto asked = ask(server, preflight);
    CHECK(asked.status == 204);
    CHECK(asked.header("access-control-allow-origin") == "*");
    CHECK(asked.header("access-control-allow-methods") == "GET, HEAD, OPTIONS");
    CHECK(asked.header("access-control-allow-headers").find("Content-Type") != std::string::npos);
    CHECK(ask(server, call).header("access-control-allow-origin") == "*");
}

TEST_CASE("errors can be read by the pages that may call, refusals of the header too") {
    test_server server{with_origin("https://app.example")};
    const auto too_large = ask(server, "POST /echo HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example\r\n"
                                       "Content-Length: 99999999\r\n\r\n");
    CHECK(too_large.status == 413);
    CHECK(too_large.header("access-control-allow-origin") == "https://app.example");
}

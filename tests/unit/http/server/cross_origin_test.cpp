#include "test_server.hpp"

#include <support/catch.hpp>

using namespace atrium::http;
using namespace atrium::http::test;

namespace {

settings settings_with_origin(std::string origin) {
    auto s = small_settings();
    s.cors_origins = {std::move(origin)};
    return s;
}

answer response_to(const test_server& server, const std::string& request) {
    raw_client client{server.port()};
    client.send(request);
    return client.read_answer();
}

constexpr auto call = "GET /small HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example\r\n\r\n";
constexpr auto preflight = "OPTIONS /small HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example\r\n"
                           "Access-Control-Request-Method: GET\r\n\r\n";

} // namespace

TEST_CASE("by default pages of other origins get no CORS headers") {
    test_server server;
    CHECK(response_to(server, call).header("access-control-allow-origin").empty());
    CHECK(response_to(server, call).header("vary").empty());
    CHECK(response_to(server, preflight).header("access-control-allow-methods").empty());
}

TEST_CASE("pages of the configured origin may read responses, and pages of other origins may not") {
    test_server server{settings_with_origin("https://app.example")};
    const auto allowed = response_to(server, call);
    CHECK(allowed.header("access-control-allow-origin") == "https://app.example");
    CHECK(allowed.header("vary") == "Origin");
    CHECK(allowed.header("access-control-expose-headers").find("ETag") != std::string::npos);
    CHECK(allowed.header("access-control-expose-headers").find("Idempotency-Replayed") != std::string::npos);

    const auto other = response_to(server, "GET /small HTTP/1.1\r\nHost: a\r\nOrigin: https://evil.example\r\n\r\n");
    CHECK(other.header("access-control-allow-origin").empty());
    CHECK(other.header("vary") == "Origin");
}

TEST_CASE("the response to a preflight contains the allowed methods and headers") {
    test_server server{settings_with_origin("*")};
    const auto response = response_to(server, preflight);
    CHECK(response.status == 204);
    CHECK(response.header("access-control-allow-origin") == "*");
    CHECK(response.header("access-control-allow-methods") == "GET, HEAD, OPTIONS");
    CHECK(response.header("access-control-allow-headers").find("Content-Type") != std::string::npos);
    CHECK(response.header("access-control-allow-headers").find("Idempotency-Key") != std::string::npos);
    CHECK(response_to(server, call).header("access-control-allow-origin") == "*");
}

TEST_CASE("pages of allowed origins can read error responses, even if the request was refused because of its header") {
    test_server server{settings_with_origin("https://app.example")};
    const auto too_large = response_to(server, "POST /echo HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example\r\n"
                                               "Content-Length: 99999999\r\n\r\n");
    CHECK(too_large.status == 413);
    CHECK(too_large.header("access-control-allow-origin") == "https://app.example");
}

TEST_CASE("several origins can be allowed, and each response contains only the origin of its request") {
    auto several = small_settings();
    several.cors_origins = {"HTTPS://App.Example:443", "http://localhost:3000"};
    test_server server{several};
    for (const std::string origin : {"https://app.example", "http://localhost:3000"})
        for (const auto* path : {"/small", "/nowhere", "/fails"}) {
            const auto response =
                response_to(server, "GET " + std::string{path} + " HTTP/1.1\r\nHost: a\r\nOrigin: " + origin + "\r\n\r\n");
            CHECK(response.header("access-control-allow-origin") == origin);
            CHECK(response.header("vary") == "Origin");
        }
    for (const auto* origin : {"https://app.example:444", "http://app.example", "http://localhost", "null"}) {
        const auto response =
            response_to(server, "GET /small HTTP/1.1\r\nHost: a\r\nOrigin: " + std::string{origin} + "\r\n\r\n");
        CHECK(response.header("access-control-allow-origin").empty());
        CHECK(response.header("vary") == "Origin");
    }
    // Without Vary, a cache could return this response, which allows no origin, to a page of an allowed origin.
    CHECK(response_to(server, get_small).header("vary") == "Origin");
}

TEST_CASE("a page may set the built-in request headers and the configured ones, which by default are those for tracing") {
    const std::string built_in =
        "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, Last-Event-ID, traceparent";
    test_server server{settings_with_origin("https://app.example")};
    CHECK(response_to(server, preflight).header("access-control-allow-headers") ==
          built_in + ", baggage, sentry-trace, tracestate");
    auto extended = settings_with_origin("https://app.example");
    extended.cors_headers = {"X-Shop", "baggage"};
    CHECK(response_to(test_server{extended}, preflight).header("access-control-allow-headers") ==
          built_in + ", X-Shop, baggage");
    extended.cors_headers = {};
    CHECK(response_to(test_server{extended}, preflight).header("access-control-allow-headers") == built_in);
}

TEST_CASE("the response to a preflight allows the methods of each path, but only to pages of allowed origins") {
    test_server server{settings_with_origin("https://app.example")};
    const auto response_to_preflight = [&](const std::string& path, const std::string& method, const std::string& origin) {
        return response_to(server, "OPTIONS " + path + " HTTP/1.1\r\nHost: a\r\nOrigin: " + origin +
                                       "\r\nSec-Fetch-Site: cross-site\r\nAccess-Control-Request-Method: " + method +
                                       "\r\n\r\n");
    };
    for (const auto& [path, method] : {std::pair{"/small", "GET"}, {"/echo", "POST"}, {"/items/x", "GET"}, {"/waits", "GET"}}) {
        const auto response = response_to_preflight(path, method, "https://app.example");
        CHECK(response.status == 204);
        CHECK(response.header("access-control-allow-origin") == "https://app.example");
        CHECK(response.header("access-control-allow-methods").find(method) != std::string::npos);
    }
    const auto foreign = response_to_preflight("/echo", "POST", "https://evil.example");
    CHECK(foreign.header("access-control-allow-origin").empty());
    CHECK(foreign.header("access-control-allow-methods").empty());
    CHECK(foreign.header("access-control-allow-headers").empty());
}

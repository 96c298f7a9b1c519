#include "answers.hpp"

#include <support/running_server.hpp>

#include <string>
#include <string_view>
#include <vector>

// Tests that a web page that a developer visits while the server runs cannot affect the server, unless the settings allow
// requests from its origin.

namespace {

using namespace atrium::support;

constexpr std::string_view form_type = "application/x-www-form-urlencoded";
constexpr std::string_view form = "username=mallory&email=mallory%40example.com";

const headers from_evil{{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}};

headers with_type(std::string_view type, headers others) {
    others.emplace_back("Content-Type", type);
    return others;
}

/// Sends a request with this Host header, which `requester::send` cannot do, and returns the response.
reply send_to_host(running_server& server, const std::string& request_line, const std::string& host,
                   const std::string& more_headers = {}) {
    client raw{server.port()};
    raw.write(request_line + " HTTP/1.1\r\nHost: " + host + "\r\n" + more_headers + "\r\n");
    return raw.read();
}

struct api_route {
    std::string method;
    std::string path;
};

std::vector<api_route> read_routes(running_server& server) {
    std::vector<api_route> all;
    const auto index = server.http().get("/").json();
    for (const auto& each : index.at("routes").as_array())
        all.push_back({std::string{each.at("method").as_string()}, std::string{each.at("path").as_string()}});
    REQUIRE(all.size() > 10);
    return all;
}

} // namespace

TEST_CASE("a form or script of another site changes nothing, whatever its content type") {
    running_server server;
    server.create_user("ann");
    for (const auto* type :
         {"application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", "application/json"})
        check_problem(server.http().send("POST", "/users/", form, with_type(type, from_evil)), 403);
    const std::string_view mutation =
        R"({"query": "mutation { createUser(input: {username: \"m\", email: \"m@example.com\"}) { id } }"})";
    check_problem(server.http().send("POST", "/graphql/", mutation, with_type("application/json", from_evil)), 403);
    check_problem(server.http().send("DELETE", "/users/1", "", from_evil), 403);
    CHECK(server.users().size() == 1);
    CHECK(server.http().send("POST", "/users/", form, with_type(form_type, {})).status == 201);
}

TEST_CASE("a request without Sec-Fetch-Site, as old browsers send it, is refused if its Origin is foreign") {
    running_server server;
    const auto port = std::to_string(server.port());
    for (const std::string origin : {"https://evil.example", "null", "http://127.0.0.1", "http://127.0.0.1:1"}) {
        CHECK(server.http().send("POST", "/users/", form, with_type(form_type, {{"Origin", origin}})).status == 403);
        CHECK(server.http().send("POST", "/events/drain", "", {{"Origin", origin}}).status == 403);
    }
    CHECK(server.http().send("POST", "/users/", form, with_type(form_type, {{"Origin", "http://127.0.0.1:" + port}})).status ==
          201);
}

TEST_CASE("no route lets another site's page change something, or accepts a foreign host name") {
    running_server server;
    server.create_user("ann");
    server.place_order("ann", "tea");
    eventually([&] { return server.is_quiet(); });
    for (const auto& [method, path] : read_routes(server)) {
        INFO(method << " " << path);
        if (method != "GET")
            check_problem(server.http().send(method, path, "", from_evil), 403);
        check_problem(send_to_host(server, method + " " + path, "rebind.example"), 421);
        check_problem(send_to_host(server, method + " http://rebind.example:8000" + path, "localhost"), 421);
    }
    CHECK_FALSE(server.http().get("/readyz").json().at("drained").as_bool());
    CHECK(server.users().size() == 1);
}

TEST_CASE("neither a request to a foreign host name nor a page of another origin can open a WebSocket or a stream") {
    running_server server;
    const std::string socket = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    const std::string stream = "Accept: text/event-stream\r\n";
    const std::string subscription = "GET /graphql/?query=subscription%7Bevents%7Bseq%7D%7D";
    const std::string evil = "Origin: http://localhost:1\r\nSec-Fetch-Site: same-site\r\n";
    CHECK(send_to_host(server, "GET /graphql/", "rebind.example", socket).status == 421);
    CHECK(send_to_host(server, subscription, "rebind.example", stream).status == 421);
    CHECK(send_to_host(server, "GET /graphql/", "localhost", socket + evil).status == 403);
    CHECK(send_to_host(server, "GET /graphql/?query=%7BallUsers%7Bid%7D%7D", "localhost", stream + evil).status == 403);
    CHECK(send_to_host(server, subscription, "localhost", stream + evil).status == 403);
    CHECK(send_to_host(server, "GET /graphql/", "localhost", socket).status == 101);
}

TEST_CASE("a browser may follow a link on another site, but that site cannot read the response") {
    running_server server;
    const auto answer =
        server.http().send("GET", "/users/", "", {{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Mode", "navigate"}});
    CHECK(answer.status == 200);
    CHECK(answer.header("Access-Control-Allow-Origin").empty());
}

TEST_CASE("requests to the names in http.hosts and from the origins in http.cors_origin are accepted") {
    running_server server{
        {R"(http.hosts=["shop.example"])", R"(http.cors_origin=["https://App.Example:443", "http://localhost:3000"])"}};
    CHECK(send_to_host(server, "GET /livez", "Shop.example:8000").status == 200);
    CHECK(send_to_host(server, "GET /livez", "rebind.example").status == 421);
    for (const std::string origin : {"https://app.example", "http://localhost:3000"}) {
        const headers origin_headers{{"Origin", origin}, {"Sec-Fetch-Site", "cross-site"}};
        for (const auto& [method, path] : read_routes(server)) {
            auto preflight_headers = origin_headers;
            preflight_headers.emplace_back("Access-Control-Request-Method", method);
            preflight_headers.emplace_back("Access-Control-Request-Headers",
                                           "content-type,baggage,sentry-trace,tracestate,traceparent");
            const auto preflight = server.http().send("OPTIONS", path, "", preflight_headers);
            INFO(method << " " << path);
            CHECK(preflight.status == 204);
            CHECK(preflight.header("Access-Control-Allow-Origin") == origin);
            CHECK(preflight.header("Access-Control-Allow-Methods").find(method) != std::string::npos);
            for (const auto* name : {"Content-Type", "baggage", "sentry-trace", "tracestate", "traceparent"})
                CHECK(preflight.header("Access-Control-Allow-Headers").find(name) != std::string::npos);
        }
        const auto listed = server.http().send("GET", "/users/", "", origin_headers);
        CHECK(listed.header("Access-Control-Allow-Origin") == origin);
        CHECK(listed.header("Vary") == "Origin");
    }
    const headers allowed{{"Origin", "https://app.example"}, {"Sec-Fetch-Site", "cross-site"}};
    CHECK(server.http().send("POST", "/users/", form, with_type(form_type, allowed)).status == 201);
    CHECK(server.http().send("POST", "/users/", form, with_type(form_type, from_evil)).status == 403);
}

#include "routed_server.hpp"
#include "server/site_policy.hpp"

#include <http/server_sent_events.hpp>
#include <support/catch.hpp>

#include <utility>
#include <vector>

using namespace atrium;
using namespace atrium::http;
using namespace atrium::http::test;

namespace {

using headers = std::vector<field>;

settings settings_with_hosts(std::vector<std::string> hosts) {
    settings s;
    s.hosts = std::move(hosts);
    return s;
}

settings settings_with_cors_origins(std::vector<std::string> origins) {
    settings s;
    s.cors_origins = std::move(origins);
    return s;
}

request request_with(verb method, const headers& fields) {
    request q{.method = method, .path = "/"};
    for (const auto& each : fields)
        q.headers.add(each);
    return q;
}

/// The status of the refusal; 200 if there is none.
unsigned status_of(const refusal* why) {
    return why ? static_cast<unsigned>(why->status) : 200;
}

unsigned status_for_host(std::string_view host, std::vector<std::string> hosts = {}) {
    return status_of(site_policy{settings_with_hosts(std::move(hosts))}.refuse(request_with(verb::get, {{"Host", host}})));
}

/// The status of a POST to localhost:8000.
unsigned status_for(const headers& fields, std::vector<std::string> cors_origins = {}) {
    auto q = request_with(verb::post, fields);
    q.headers.add({"Host", "localhost:8000"});
    return status_of(site_policy{settings_with_cors_origins(std::move(cors_origins))}.refuse(q));
}

unsigned status_for_origin(std::string_view origin, std::vector<std::string> cors_origins = {}) {
    return status_for({{"Origin", origin}}, std::move(cors_origins));
}

unsigned status_for_site(std::string_view site) {
    return status_for({{"Sec-Fetch-Site", site}});
}

/// The status of a WebSocket handshake; 101 if it is accepted. Its Host is a.example:8000, unless `fields` contain another one.
unsigned status_for_socket(const headers& fields, std::vector<std::string> origins = {},
                           std::vector<std::string> cors_origins = {}) {
    settings s;
    s.web_socket.origins = std::move(origins);
    s.cors_origins = std::move(cors_origins);
    auto q = request_with(verb::get, fields);
    if (!q.headers.has("Host"))
        q.headers.add({"Host", "a.example:8000"});
    const auto status = status_of(site_policy{s}.refuse_web_socket(q));
    return status == 200 ? 101 : status;
}

unsigned status_for_socket_of(std::string_view origin, std::vector<std::string> origins = {}) {
    return status_for_socket({{"Origin", origin}}, std::move(origins));
}

/// A server with two routes: /change counts its calls, and /stream sends events and counts how often its producer runs.
struct counting_server {
    explicit counting_server(settings s = {})
        : server{[this](router& r) {
                     r.post("/change", "", [this](const request&) -> awaitable<response> {
                         ++changes;
                         co_return json("\"changed\"");
                     });
                     r.get("/stream", "", [this](const request&) -> awaitable<response> {
                         co_return server_sent_events([this](event_stream& events) -> awaitable<> {
                             ++streams;
                             co_await events.send({.data = "secret"});
                         });
                     });
                 },
                 std::move(s)} {}

    answer response_to(const std::string& request) {
        raw_client client{server.port()};
        client.send(request);
        return client.read_answer();
    }

    std::atomic<int> changes = 0;
    std::atomic<int> streams = 0;
    routed_server server;
};

} // namespace

TEST_CASE("the host must be localhost, an IP address, or a configured name, with any port") {
    for (const auto* host : {"localhost", "localhost:8000", "LOCALHOST", "localhost.", "127.0.0.1", "127.0.0.1:1", "10.1.2.3",
                             "[::1]", "[::1]:8000", "[fe80::1]"}) {
        CAPTURE(host);
        CHECK(status_for_host(host) == 200);
    }
    for (const auto* host : {"rebind.example", "rebind.example:8000", "localhost.rebind.example", "xlocalhost", "a.localhost",
                             "127.0.0.1.rebind.example", "127.0.0.1x", "127.1", "0x7f000001", "2130706433", "%6cocalhost"}) {
        CAPTURE(host);
        CHECK(status_for_host(host) == 421);
    }
    for (const auto* host : {"shop.example", "SHOP.example:8000", "shop.example."})
        for (const auto* name : {"shop.example", "Shop.Example", "shop.example."})
            CHECK(status_for_host(host, {"other", name}) == 200);
    CHECK(status_for_host("a.shop.example", {"shop.example"}) == 421);
    CHECK(status_of(site_policy{settings{}}.refuse(request_with(verb::get, {}))) == 200); // HTTP/1.0 needs no Host
}

TEST_CASE("programs that are not browsers, and the server's own pages, may change things") {
    CHECK(status_for({}) == 200);
    CHECK(status_for_site("same-origin") == 200);
    CHECK(status_for_site("none") == 200);
    CHECK(status_for_origin("http://localhost:8000") == 200);
    CHECK(status_for_origin("https://localhost:8000") == 200); // a proxy terminates TLS
    CHECK(status_for({{"Origin", "http://localhost:8000"}, {"Sec-Fetch-Site", "same-origin"}}) == 200);
    CHECK(status_for({{"Origin", "null"}, {"Sec-Fetch-Site", "same-origin"}}) == 200); // a page that sends no referrer
    CHECK(status_for({{"Origin", "chrome-extension://abc"}, {"Sec-Fetch-Site", "none"}}) == 200);
}

TEST_CASE("pages of other origins may not change anything") {
    for (const auto* site : {"cross-site", "same-site", "", "something-new", "Same-Origin", "same-origin, cross-site"})
        CHECK(status_for_site(site) == 403);
    for (const auto* origin :
         {"https://evil.example", "http://localhost", "http://localhost:3000", "http://127.0.0.1:8000", "null", "", "file://",
          "localhost:8000", "http://localhost:8000.evil.example", "chrome-extension://abc"}) {
        CAPTURE(origin);
        CHECK(status_for_origin(origin) == 403);
    }
    CHECK(status_for({{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}}) == 403);
    CHECK(status_for({{"Origin", "null"}, {"Sec-Fetch-Site", "cross-site"}}) == 403);
}

TEST_CASE("a request whose Origin and Sec-Fetch-Site contradict each other or are repeated is refused as cross-site") {
    CHECK(status_for({{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "same-origin"}}) == 403);
    CHECK(status_for({{"Origin", "http://localhost:8000"}, {"Sec-Fetch-Site", "cross-site"}}) == 403);
    CHECK(status_for({{"Origin", "http://localhost:8000"}, {"Origin", "https://evil.example"}}) == 403);
    CHECK(status_for({{"Sec-Fetch-Site", "same-origin"}, {"Sec-Fetch-Site", "cross-site"}}) == 403);
}

TEST_CASE("pages of the origins in the CORS setting may change things, however the setting spells these origins") {
    const headers fields{{"Origin", "https://app.example"}, {"Sec-Fetch-Site", "cross-site"}};
    for (const auto* origin : {"https://app.example", "HTTPS://App.Example", "https://app.example:443", "*"})
        CHECK(status_for(fields, {"http://other.example:3000", origin}) == 200);
    for (const auto* origin : {"http://app.example", "https://app.example:444", "https://app.example/", "https://evil.example"})
        CHECK(status_for(fields, {origin}) == 403);
    CHECK(status_for_origin("null", {"*"}) == 200);
    CHECK(status_for({{"Sec-Fetch-Site", "cross-site"}}, {"https://app.example"}) == 403);
}

TEST_CASE("pages of other origins may use only GET, HEAD and OPTIONS, and may not request events") {
    const site_policy policy{settings{}};
    const headers fields{{"Host", "localhost"}, {"Origin", "https://evil.example"}};
    for (const auto method : {verb::get, verb::head, verb::options})
        CHECK(policy.refuse(request_with(method, fields)) == nullptr);
    auto events = fields;
    events.push_back({"Accept", "*/*, Text/Event-Stream"});
    CHECK(status_of(policy.refuse(request_with(verb::get, events))) == 403);
    for (const auto method : {verb::post, verb::patch, verb::delete_, verb::put, verb::unknown})
        CHECK(status_of(policy.refuse(request_with(method, fields))) == 403);
}

TEST_CASE("pages of the server itself and of configured origins may open a WebSocket") {
    CHECK(status_for_socket({}) == 101);
    CHECK(status_for_socket_of("http://a.example:8000") == 101);
    CHECK(status_for_socket_of("https://a.example:8000") == 101); // a proxy terminates TLS
    CHECK(status_for_socket_of("http://A.EXAMPLE:8000") == 101);
    CHECK(status_for_socket_of("http://a.example") == 403);
    CHECK(status_for_socket_of("http://b.example:8000") == 403);
    CHECK(status_for_socket_of("http://a.example:8000.evil.example") == 403);
    CHECK(status_for_socket_of("null") == 403);
    CHECK(status_for_socket_of("file://a.example:8000") == 403);
    CHECK(status_for_socket_of("http://b.example:8000", {"https://c.example", "http://b.example:8000"}) == 101);
    CHECK(status_for_socket_of("http://b.example", {"HTTP://B.example:80"}) == 101);
    CHECK(status_for_socket_of("http://d.example", {"https://c.example", "http://b.example:8000"}) == 403);
    CHECK(status_for_socket_of("null", {"*"}) == 101);
    CHECK(status_for_socket({{"Origin", "http://a.example:8000"}, {"Origin", "http://evil.example"}}) == 403);
    CHECK(status_for_socket({{"Sec-Fetch-Site", "cross-site"}}) == 403);

    CHECK(status_for_socket({{"Host", "a.example"}, {"Origin", "https://a.example"}}) == 101);
    CHECK(status_for_socket({{"Host", "a.example:443"}, {"Origin", "https://a.example"}}) == 101);
}

TEST_CASE("origins in the CORS setting may open a WebSocket, and origins allowed only for WebSockets may not change anything") {
    const headers fields{{"Origin", "https://app.example"}};
    CHECK(status_for_socket(fields, {}, {"https://app.example"}) == 101);
    settings s;
    s.web_socket.origins = {"https://app.example"};
    auto q = request_with(verb::post, fields);
    CHECK(status_of(site_policy{s}.refuse(q)) == 403);
    CHECK(status_of(site_policy{s}.refuse_stream(q)) == 403);
}

TEST_CASE("a refused request reaches no route, the refusal reveals nothing about the path, and the connection stays open") {
    counting_server s;
    raw_client client{s.server.port()};
    for (const auto* path : {"/change", "/nothing/here"}) {
        client.send("POST " + std::string{path} + " HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n\r\n");
        const auto cross_site = client.read_answer();
        CHECK(cross_site.status == 403);
        CHECK(cross_site.header("content-type") == problem_type);
        CHECK(cross_site.header("allow").empty());
        CHECK(cross_site.body.find("http.cors_origin") != std::string::npos);
        client.send("GET " + std::string{path} + " HTTP/1.1\r\nHost: rebind.example\r\n\r\n");
        const auto wrong_host = client.read_answer();
        CHECK(wrong_host.status == 421);
        CHECK(wrong_host.header("allow").empty());
        CHECK(wrong_host.body.find("http.hosts") != std::string::npos);
    }
    CHECK(s.changes == 0);
    client.send("POST /change HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n\r\n");
    CHECK(client.read_answer().status == 200);
    CHECK(s.changes == 1);
    CHECK(s.server.metric(R"(atrium_http_refused_total{reason="cross_site"})") == "2");
    CHECK(s.server.metric(R"(atrium_http_refused_total{reason="host"})") == "2");
    CHECK(s.server.metric(R"(atrium_http_requests_total{method="POST",route="none",status="403"})") == "2");
}

TEST_CASE("the authority of an absolute target is checked instead of the Host") {
    counting_server s;
    CHECK(s.response_to("GET http://rebind.example/stream HTTP/1.1\r\nHost: localhost\r\n\r\n").status == 421);
    CHECK(s.response_to("GET http://rebind.example/stream HTTP/1.0\r\n\r\n").status == 421);
    CHECK(s.response_to("OPTIONS http://rebind.example HTTP/1.1\r\nHost: localhost\r\n\r\n").status == 421);
    CHECK(s.response_to("OPTIONS http://localhost HTTP/1.1\r\nHost: rebind.example\r\n\r\n").status == 204);
    CHECK(s.streams == 0);
}

TEST_CASE("a page of another origin cannot open a stream, and the producer does not run") {
    counting_server s;
    const std::string get = "GET /stream HTTP/1.1\r\nHost: localhost\r\n";
    CHECK(s.response_to(get + "Origin: https://evil.example\r\n\r\n").status == 403);
    CHECK(s.response_to(get + "Sec-Fetch-Site: same-site\r\n\r\n").status == 403);
    const auto refused = s.response_to(get + "Origin: http://localhost:3000\r\nAccept: text/event-stream\r\n\r\n");
    CHECK(refused.status == 403);
    CHECK(refused.body.find("secret") == std::string::npos);
    CHECK(s.streams == 0);
    CHECK(s.response_to(get + "Origin: http://localhost\r\n\r\n").status == 200);

    counting_server permissive{settings_with_cors_origins({"https://app.example"})};
    CHECK(permissive.response_to(get + "Origin: https://app.example\r\nSec-Fetch-Site: cross-site\r\n\r\n").status == 200);
}

TEST_CASE(
    "without Origin and Sec-Fetch-Site, the Referer decides which pages may open a stream, and affects no other request") {
    auto s = settings_with_cors_origins({"http://app.example:3000"});
    s.hosts = {"shop.example"};
    const site_policy policy{s};
    const auto status = [&](verb method, headers fields) {
        fields.push_back({"Host", "shop.example:8000"});
        return status_of(policy.refuse(request_with(method, fields)));
    };
    const field events{"Accept", "text/event-stream"};
    for (const auto* referer :
         {"http://evil.example/", "http://evil.example", "http://evil.example/a?b#c", "http://shop.example/", "about:blank", "",
          "http://shop.example:8000.evil.example/", "http://evil.example/http://shop.example:8000/",
          "http://evil.example?http://shop.example:8000", "http://app.example:3000.evil.example/", "http://app.example/"}) {
        CAPTURE(referer);
        CHECK(status(verb::get, {events, {"Referer", referer}}) == 403);
        CHECK(status(verb::get, {{"Accept", "text/html"}, {"Referer", referer}}) == 200); // as if a user follows a link
        CHECK(status(verb::post, {events, {"Referer", referer}}) == 200);                 // browsers send Origin with a POST
    }
    for (const auto* referer : {"http://shop.example:8000/", "http://SHOP.example:8000/graphql/?a=http://evil.example/",
                                "https://shop.example:8000", "http://app.example:3000/page"}) {
        CAPTURE(referer);
        CHECK(status(verb::get, {events, {"Referer", referer}}) == 200);
    }
    CHECK(status(verb::get, {events}) == 200);
    CHECK(status(verb::get, {events, {"Referer", "http://shop.example:8000/"}, {"Referer", "http://evil.example/"}}) == 403);
    CHECK(status(verb::get, {events, {"Referer", "http://evil.example/"}, {"Sec-Fetch-Site", "same-origin"}}) == 200);
    CHECK(status(verb::get, {events, {"Referer", "http://evil.example/"}, {"Origin", "http://shop.example:8000"}}) == 200);
}

TEST_CASE("if only the Referer shows that a page is foreign, the page cannot open a stream, even if it asks for no events") {
    counting_server s;
    const std::string get = "GET /stream HTTP/1.1\r\nHost: localhost\r\n";
    CHECK(s.response_to(get + "Referer: https://evil.example/\r\n\r\n").status == 403);
    CHECK(s.streams == 0);
    CHECK(s.response_to(get + "Referer: http://localhost/graphql/\r\n\r\n").status == 200);
}

TEST_CASE("a request of a foreign page or for an unknown host is refused before its body is sent") {
    counting_server s;
    const auto refused = s.response_to("POST /change HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n"
                                       "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    CHECK(refused.status == 403);
    CHECK(refused.header("connection") == "close");
    CHECK(s.response_to("POST /change HTTP/1.1\r\nHost: rebind.example\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
              .status == 421);
    CHECK(s.changes == 0);
}

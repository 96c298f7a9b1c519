#include "server/access_log.hpp"

#include <access/principal.hpp>
#include <support/catch.hpp>

#include <memory>
#include <string>
#include <vector>

using namespace std::chrono_literals;

namespace atrium::http {
namespace {

request sample() {
    request q{.method = verb::get, .target = "/users/?limit=1", .request_id = "a-1", .traceparent = "00-1-2-01"};
    q.client_address = boost::asio::ip::make_address("192.0.2.1");
    q.headers.add({"User-Agent", "curl/8.0"});
    return q;
}

exchange exchange_of(const request& q) {
    return {.q = q,
            .route = "/users/",
            .status = boost::beast::http::status::ok,
            .body_bytes = 17,
            .began = std::chrono::system_clock::time_point{971'186'136'000ms},
            .duration = 1500us};
}

} // namespace

TEST_CASE("an access log line in the combined format ends with the request id") {
    const auto q = sample();
    CHECK(render_combined(exchange_of(q)) ==
          R"(192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] "GET /users/?limit=1 HTTP/1.1" 200 17 "-" "curl/8.0" a-1)");
}

TEST_CASE("an access log line has the name of the principal") {
    auto q = sample();
    q.principal = std::make_shared<const access::principal>("token:ci", std::vector<std::string>{});
    CHECK_THAT(render_combined(exchange_of(q)), Catch::Matchers::StartsWith("192.0.2.1 - token:ci ["));
    CHECK_THAT(render_json(exchange_of(q)), Catch::Matchers::ContainsSubstring(R"("principal":"token:ci")"));
}

TEST_CASE("a principal's name with blanks stays one field of the combined format") {
    auto q = sample();
    q.principal = std::make_shared<const access::principal>("jwt:a b\" [x]", std::vector<std::string>{});
    CHECK_THAT(render_combined(exchange_of(q)), Catch::Matchers::StartsWith("192.0.2.1 - jwt:a_b___x_ [10/Oct"));
}

TEST_CASE("text from the client cannot end a line or a quoted field of the access log") {
    auto q = sample();
    q.headers.clear();
    q.headers.add({"User-Agent", "a\"b\\c\x1b[31m"});
    CHECK_THAT(render_combined(exchange_of(q)), Catch::Matchers::ContainsSubstring(R"("a\"b\\c)"));
    CHECK(render_combined(exchange_of(q)).find('\x1b') == std::string::npos);
    CHECK(render_json(exchange_of(q)).find('\x1b') == std::string::npos);
}

TEST_CASE("the line of a request that could not be read has dashes or empty text in place of unknown fields") {
    const request q{.method = verb::unknown, .request_id = "a-1"};
    CHECK_THAT(render_combined(exchange_of(q)), Catch::Matchers::ContainsSubstring(R"( "- - HTTP/1.1" 200 17 "-" "-" a-1)"));
    CHECK_THAT(render_json(exchange_of(q)), Catch::Matchers::ContainsSubstring(R"("method":"-","target":"","route")"));
}

TEST_CASE("an access log line in JSON has the data of the request and of its response") {
    const auto q = sample();
    CHECK(render_json(exchange_of(q)) ==
          R"({"at":"2000-10-10T13:55:36.000Z","client":"192.0.2.1","principal":"-","method":"GET","target":"/users/?limit=1",)"
          R"("route":"/users/","protocol":"HTTP/1.1","status":200,"body_bytes":17,"microseconds":1500,"referer":"",)"
          R"("user_agent":"curl/8.0","request_id":"a-1","traceparent":"00-1-2-01"})");
}

} // namespace atrium::http

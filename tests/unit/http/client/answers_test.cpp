#include "client_fixture.hpp"
#include "scripted_server.hpp"

#include <support/captured_stderr.hpp>

// Tests what a call of the HTTP client returns: the response, or an error if the service sends no valid response.

namespace {

using namespace atrium;
using namespace atrium::http::test;

/// The result of a call to a server whose only response is `answer`.
result<http::client_response> result_of(std::string_view answer) {
    scripted_server server{{[answer](auto& c) { c.answer(answer); }}};
    auto s = settings_for(local_url(server.port()));
    s.attempts = 1;
    return client_fixture{s}.get("/");
}

} // namespace

TEST_CASE("a call returns the status, headers and body of the response") {
    const auto answer =
        result_of("HTTP/1.1 404 Not Found\r\nX-One: 1\r\nretry-AFTER: 7\r\nContent-Length: 5\r\n\r\nhello").value();
    CHECK(answer.status == 404);
    CHECK(answer.body == "hello");
    CHECK(answer.header("x-one") == "1");
    CHECK(answer.header("Retry-After") == "7");
    CHECK(answer.header("X-Two").empty());
}

TEST_CASE("the body of a response may be chunked, may end with the connection, or may be absent") {
    CHECK(result_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n").value().body ==
          "abcde");
    CHECK(result_of("HTTP/1.1 200 OK\r\n\r\nto the end").value().body == "to the end");
    CHECK(result_of("HTTP/1.0 200 OK\r\n\r\nto the end").value().body == "to the end");
    CHECK(result_of("HTTP/1.1 204 No Content\r\n\r\n").value().status == 204);
}

TEST_CASE("a request has a Host header, the path of the base URL, and the given headers") {
    std::string request;
    scripted_server server{{[&](auto& c) {
        request = c.read();
        c.write(ok_answer);
    }}};
    {
        client_fixture fixture{settings_for(local_url(server.port()) + "/base/")};
        CHECK(fixture.get("/users/?username=ann", {{"traceparent", "00-1-2-00"}, {"X-Request-Id", "7"}}).value().body == "ok");
    }
    CHECK(request == "GET /base/users/?username=ann HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                         "\r\ntraceparent: 00-1-2-00\r\nX-Request-Id: 7");
}

TEST_CASE("a call resolves the host name in the base URL") {
    scripted_server server{{[](auto& c) { c.answer(ok_answer); }}};
    client_fixture fixture{settings_for("http://localhost:" + std::to_string(server.port()))};
    CHECK(fixture.get("/").value().body == "ok");
}

TEST_CASE("a call throws an exception if its target is invalid or one of its headers contains a line break") {
    client_fixture fixture{settings_for("http://127.0.0.1:1")};
    for (const auto* target : {"", "users", "/a b", "/a\r\nX: 1", "/a\n"})
        CHECK_THROWS_AS(fixture.get(target), std::invalid_argument);
    CHECK_THROWS_AS(fixture.get("/", {{"X-Request-Id", "1\r\nX: 2"}}), std::invalid_argument);
    CHECK_THROWS_AS(fixture.get("/", {{"X\n", "1"}}), std::invalid_argument);
}

TEST_CASE("a response that is not valid HTTP or exceeds a size limit is reported as invalid") {
    const std::string long_line(20'000, 'x');
    for (const auto& answer :
         {std::string{"SSH-2.0-OpenSSH_9.2\r\n\r\n"}, std::string{"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"},
          std::string{"HTTP/1.1 100 Continue\r\n\r\n"}, "HTTP/1.1 200 OK\r\nX: " + long_line + "\r\n\r\n",
          std::string{"HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n"},
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;" + long_line + long_line + long_line + "\r\nok"}) {
        INFO(answer.substr(0, 60));
        const auto refused = result_of(answer);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == errc::unavailable);
        CHECK(refused.error().detail == "the users service sent an invalid response; nothing was changed");
        CHECK(refused.error().retry_after > 0s);
    }
}

TEST_CASE("the client's state shows since when a service has been failing, and the log reports the failure once") {
    support::captured_stderr captured;
    const logger log{log_settings{}, "users"};
    scripted_server server{{[](auto& c) { c.answer(ok_answer); },
                            [](auto& c) { c.answer("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"); },
                            [](auto& c) { c.answer("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"); },
                            [](auto& c) { c.answer(ok_answer); }}};
    auto s = settings_for(local_url(server.port()));
    s.idle = 0ms;
    client_fixture fixture{s, log};
    CHECK_FALSE(fixture.http.state().last_answer);
    CHECK_FALSE(fixture.http.state().failing_since);

    CHECK(fixture.get("/").value().status == 200);
    const auto first = fixture.http.state();
    CHECK(first.last_answer);
    CHECK_FALSE(first.failing_since);

    CHECK(fixture.get("/").value().status == 503);
    const auto failing = fixture.http.state();
    CHECK(failing.last_answer == first.last_answer);
    CHECK(failing.failing_since >= first.last_answer);
    CHECK(fixture.get("/").value().status == 500);
    CHECK(fixture.http.state().failing_since == failing.failing_since);

    CHECK(fixture.get("/").value().status == 200);
    CHECK(fixture.http.state().last_answer >= failing.failing_since);
    CHECK_FALSE(fixture.http.state().failing_since);

    log.flush(60s);
    const auto text = captured.text();
    const auto warning = text.find("warning users: calls to the service fail");
    REQUIRE(warning != std::string::npos);
    CHECK(text.find("status 503", warning) != std::string::npos);
    CHECK(text.find("warning", warning + 1) == std::string::npos);
    CHECK(text.find("info users: calls to the service succeed again") != std::string::npos);
    CHECK(fixture.calls("answered") == "2");
    CHECK(fixture.calls("server_error") == "2");
}

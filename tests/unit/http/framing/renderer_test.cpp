#include "framing/renderer.hpp"

#include <support/catch.hpp>

#include <stdexcept>

using namespace atrium::http;

namespace {

std::string render_to_string(const response& answer, answer_context context = {}) {
    context.request_id = "id-1";
    context.date_line = "Date: now\r\n";
    std::string out;
    render(out, answer, context);
    return out;
}

constexpr std::string_view constant_headers = "X-Content-Type-Options: nosniff\r\nDate: now\r\nX-Request-Id: id-1\r\n";

} // namespace

TEST_CASE("a response has a status line, headers and a body") {
    auto answer = json("{}");
    answer.set("ETag", "\"1\"");
    CHECK(render_to_string(answer) == "HTTP/1.1 200 OK\r\n" + std::string{constant_headers} +
                                          "ETag: \"1\"\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
}

TEST_CASE("the status line has the reason phrase of RFC 9110") {
    const auto line_of = [](status s) {
        const auto text = render_to_string(problem(s, "why"));
        return text.substr(0, text.find("\r\n"));
    };
    CHECK(line_of(status::payload_too_large) == "HTTP/1.1 413 Content Too Large");
    CHECK(line_of(status::unprocessable_entity) == "HTTP/1.1 422 Unprocessable Content");
    CHECK(line_of(status::not_found) == "HTTP/1.1 404 Not Found");
}

TEST_CASE("a response to HEAD has the Content-Length of the body that it omits") {
    CHECK(render_to_string(json("[1]"), {.is_head = true}) ==
          "HTTP/1.1 200 OK\r\n" + std::string{constant_headers} +
              "Content-Type: application/json\r\nContent-Length: 3\r\n\r\n");
}

TEST_CASE("body_size returns how many bytes of a body are sent") {
    const auto problem_text = render_to_string(problem(status::not_found, "why"), {.request_id = "id-1"});
    CHECK(body_size(problem(status::not_found, "why"), {.request_id = "id-1"}) ==
          problem_text.size() - problem_text.find("\r\n\r\n") - 4);
    CHECK(body_size(json("[1]"), {}) == 3);
    CHECK(body_size(json("[1]"), {.is_head = true}) == 0);
    CHECK(body_size({.status = status::not_modified, .body = "{}"}, {}) == 0);
    CHECK(body_size(json("[1]"), {.is_streamed = true}) == 0);
}

TEST_CASE("responses with status 204 or 304 have neither a body nor Content-Length") {
    CHECK(render_to_string(no_content()) == "HTTP/1.1 204 No Content\r\n" + std::string{constant_headers} + "\r\n");
    CHECK(render_to_string({.status = status::not_modified, .content_type = json_type, .body = "{}"}) ==
          "HTTP/1.1 304 Not Modified\r\n" + std::string{constant_headers} + "\r\n");
}

TEST_CASE("responses without a body have Content-Length 0 unless their status is 204 or 304") {
    CHECK(render_to_string({.status = status::created}) ==
          "HTTP/1.1 201 Created\r\n" + std::string{constant_headers} + "Content-Length: 0\r\n\r\n");
}

TEST_CASE("a response has a Connection header if it ends the connection, or keeps an HTTP/1.0 connection open") {
    const auto contains = [](const std::string& text, std::string_view line) { return text.find(line) != std::string::npos; };
    CHECK(contains(render_to_string(json("1"), {.keep_alive = false}), "\r\nConnection: close\r\n"));
    CHECK(contains(render_to_string(json("1"), {.keep_alive = true, .is_http_10 = true}), "\r\nConnection: keep-alive\r\n"));
    CHECK_FALSE(contains(render_to_string(json("1"), {.keep_alive = true}), "Connection"));
}

TEST_CASE("problem details have the request id as their instance") {
    const auto text =
        render_to_string({.status = status::not_found, .content_type = problem_type, .body = R"({"status":404})"});
    CHECK(text.ends_with("Content-Length: 32\r\n\r\n{\"status\":404,\"instance\":\"id-1\"}"));
}

TEST_CASE("a handler cannot put a line break into a header") {
    response answer;
    CHECK_THROWS_AS(answer.set("Location", "/a\r\nSet-Cookie: b"), std::invalid_argument);
}

TEST_CASE("the Date header has the format of RFC 9110") {
    CHECK(date_line(std::chrono::sys_seconds{std::chrono::seconds{784111777}}) == "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
}

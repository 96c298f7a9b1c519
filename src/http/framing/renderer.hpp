#pragma once

#include <http/response.hpp>

#include <boost/beast/http/verb.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace atrium::http {

/// What the connection adds to a response.
struct answer_context {
    std::string_view request_id{};
    std::string_view date_line{};    ///< result of `date_line()`, refreshed once a second
    std::string_view more_headers{}; ///< complete lines that the server adds to every response
    bool is_head = false;            ///< the response describes its body in its headers, but does not contain it
    bool keep_alive = true;
    bool is_http_10 = false;  ///< the client needs `Connection: keep-alive` and does not support chunked bodies
    bool is_streamed = false; ///< the body is sent separately
};

/// The size of the body of this response in bytes: 0 for HEAD, for a status without content, and for a body that is streamed.
[[nodiscard]] std::size_t body_size(const response& answer, const answer_context& context);

/// Appends status line and headers to `out`. Returns whether the body must follow. Problem details need `render`, which adds
/// the request id to their body.
bool render_header(std::string& out, const response& answer, const answer_context& context);

/// Appends the whole response to `out`. Problem details get the request id as their `instance`. No I/O, and no state.
void render(std::string& out, const response& answer, const answer_context& context);

/// Renders the line "Date: Sun, 06 Nov 1994 08:49:37 GMT" and CRLF (RFC 9110, section 5.6.7).
[[nodiscard]] std::string date_line(std::chrono::sys_seconds now);

inline constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";

} // namespace atrium::http

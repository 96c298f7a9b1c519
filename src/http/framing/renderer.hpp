#pragma once

#include <http/response.hpp>

#include <boost/beast/http/verb.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace atrium::http {

/// What the connection knows about one answer, beside the answer itself.
struct answer_context {
    std::string_view request_id{};
    std::string_view date_line{};    ///< of `date_line()`, made once a second
    std::string_view more_headers{}; ///< whole lines that the server adds to every answer
    bool is_head = false;            ///< the body's headers without the body
    bool keep_alive = true;
    bool is_http_10 = false;  ///< a client that must be told of keep-alive, and knows no chunks
    bool is_streamed = false; ///< the body follows by itself
};

/// Appends status line and headers to `out`; returns whether the body has to follow. Not for problem details.
bool render_header(std::string& out, const response& answer, const answer_context& context);

/// Appends the whole answer to `out`. Problem details get the request id as their `instance`. No I/O, and no state.
void render(std::string& out, const response& answer, const answer_context& context);

/// "Date: Sun, 06 Nov 1994 08:49:37 GMT" and CRLF (RFC 9110, 5.6.7).
[[nodiscard]] std::string date_line(std::chrono::sys_seconds now);

inline constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";

} // namespace atrium::http

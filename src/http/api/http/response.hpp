#pragma once

#include <base/error.hpp>

#include <boost/beast/http/status.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::http {

using boost::beast::http::status;

struct continuation; // of no concern to handlers

/// Text that is not copied for each response: in the program itself, or kept alive by its owner.
struct shared_text {
    std::string_view text = {};
    std::shared_ptr<const void> owner = {}; ///< null if the text lives as long as the program
};

/// What a handler answers. The connection adds Date, Content-Length, Connection, X-Request-Id, and drops the body for HEAD.
struct response {
    http::status status = http::status::ok;
    std::string_view content_type = {}; ///< a literal; empty where there is no body
    std::string body = {};
    std::vector<std::pair<std::string_view, std::string>> headers = {}; ///< names are literals

    /// What goes on after the header, instead of `body`: made by `streamed` (<http/stream.hpp>), `server_sent_events`
    /// (<http/server_sent_events.hpp>) and `web_socket_upgrade` (<http/web_socket.hpp>).
    std::shared_ptr<const continuation> after_header = {};

    /// Sent in place of `body` if it is not empty, from where it is.
    shared_text shared_body = {};
    /// Released once the body counts as the connection's memory, or is dropped: what the handler took of the memory budget.
    std::shared_ptr<const void> memory = {};

    /// The body, whichever it is.
    [[nodiscard]] std::string_view content() const noexcept { return shared_body.text.empty() ? body : shared_body.text; }

    /// Adds a header. Throws std::invalid_argument for a value with CR, LF or NUL: nothing from outside can add a header of its
    /// own.
    response& set(std::string_view name, std::string value);
};

inline constexpr std::string_view json_type = "application/json";
inline constexpr std::string_view problem_type = "application/problem+json";
inline constexpr std::string_view text_type = "text/plain; charset=utf-8";

/// 200 with a JSON body.
[[nodiscard]] response json(std::string body);

/// 204.
[[nodiscard]] response no_content();

/// The one place where an error becomes an answer: RFC 9457 problem details with the status of its code, `errors` for its
/// faults, `Retry-After` where it has one. `instance` (the request id) is filled in by the connection.
[[nodiscard]] response problem(const error& e);

/// Problem details for what only HTTP knows (415, 405, 413, ...).
[[nodiscard]] response problem(http::status s, std::string_view detail);

} // namespace atrium::http

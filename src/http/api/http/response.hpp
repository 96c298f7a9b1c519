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

struct continuation; // internal to the server

/// Text that is not copied for each response: part of the program, or kept alive by its owner.
struct shared_text {
    std::string_view text = {};
    std::shared_ptr<const void> owner = {}; ///< null if the text lives as long as the program
};

/// A handler's response. The connection adds Date, Content-Length, Connection and X-Request-Id, and omits the body for HEAD.
struct response {
    http::status status = http::status::ok;
    std::string_view content_type = {}; ///< a literal; empty if there is no body
    std::string body = {};
    std::vector<std::pair<std::string_view, std::string>> headers = {}; ///< names are literals

    /// The continuation of the response after its header, instead of `body`. It is created by `streamed` (<http/stream.hpp>),
    /// `server_sent_events` (<http/server_sent_events.hpp>) and `web_socket_upgrade` (<http/web_socket.hpp>).
    std::shared_ptr<const continuation> after_header = {};

    /// If this text is not empty, it is sent instead of `body`, without being copied.
    shared_text shared_body = {};
    /// The memory that the handler took from the budget. It is released once the connection counts the body itself, or the
    /// response is dropped.
    std::shared_ptr<const void> memory = {};

    /// The body: `shared_body` if it is not empty, else `body`.
    [[nodiscard]] std::string_view content() const noexcept { return shared_body.text.empty() ? body : shared_body.text; }

    /// Adds a header. Throws std::invalid_argument for a value with CR, LF or NUL, so that input cannot inject a header.
    response& set(std::string_view name, std::string value);
};

inline constexpr std::string_view json_type = "application/json";
inline constexpr std::string_view problem_type = "application/problem+json";
inline constexpr std::string_view text_type = "text/plain; charset=utf-8";

/// 200 with a JSON body.
[[nodiscard]] response json(std::string body);

/// 204.
[[nodiscard]] response no_content();

/// The one place where an error becomes a response: RFC 9457 problem details with the status of its code, `errors` for its
/// faults, `WWW-Authenticate` if its code is unauthenticated, and `Retry-After` if its code is unavailable. The connection
/// fills in `instance` (the request id).
[[nodiscard]] response problem(const error& e);

/// Problem details for errors that exist only in HTTP (405, 413, ...).
[[nodiscard]] response problem(http::status s, std::string_view detail);

} // namespace atrium::http

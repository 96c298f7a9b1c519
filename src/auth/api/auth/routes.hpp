#pragma once

#include <auth/authority.hpp>
#include <http/request.hpp>
#include <http/response.hpp>
#include <http/router.hpp>

#include <string>
#include <utility>

namespace atrium::auth {

/// The routes for sessions of browsers, `/session` and `/sessions`, and for tokens, `/tokens`. They answer browsers with a page
/// that needs no scripts, and programs with JSON. Add them after the call of `idempotency::accept_keys`, which then does not
/// apply to them: their responses contain secrets, and must not be stored for repeated requests. The authority must outlive
/// this object, and this object must outlive the HTTP server.
class routes {
public:
    /// @param home the path to which the link for the first administrator redirects a browser; if empty, the browser gets the
    /// page of the session
    explicit routes(authority& a, std::string home = {}) : authority_{a}, home_{std::move(home)} {}

    void add_routes(http::router& router);

    /// The path of the link for the first administrator, with its code: "/session/first?code=...".
    [[nodiscard]] static std::string first_link(const std::string& code) { return "/session/first?code=" + code; }

private:
    awaitable<http::response> show_session(const http::request& q);
    awaitable<http::response> begin_session(const http::request& q);
    awaitable<http::response> end_session(const http::request& q);
    awaitable<http::response> begin_first_session(const http::request& q);
    awaitable<http::response> list_sessions();
    awaitable<http::response> end_session_of_anybody(const http::request& q);
    awaitable<http::response> list_tokens();
    awaitable<http::response> create_token(const http::request& q);
    awaitable<result<issued_token>> create_token_of_request(const http::request& q);
    awaitable<http::response> revoke_token(const http::request& q);

    [[nodiscard]] http::response add_cookie(const http::request& q, http::response r, const begun_session& session) const;

    authority& authority_;
    const std::string home_;
};

} // namespace atrium::auth

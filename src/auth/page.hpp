#pragma once

#include <access/principal.hpp>
#include <auth/tokens.hpp>
#include <http/response.hpp>

#include <string_view>

/// The page on which a person signs in with a browser and creates tokens. It has no scripts and loads no other files.
namespace atrium::auth::page {

/// The form in which a person enters a token.
/// @param message text above the form; empty if there is nothing to report
[[nodiscard]] http::response sign_in(http::status s, std::string_view message);

/// Shows the session and, to an administrator, a form that creates a token.
[[nodiscard]] http::response session(const access::principal& principal);
/// Like `session`, but also shows a new token with its secret.
[[nodiscard]] http::response new_token(const access::principal& principal, const issued_token& issued);
/// Like `session`, but also shows why no token was created.
[[nodiscard]] http::response refused_token(const access::principal& principal, const error& reason);

} // namespace atrium::auth::page

#pragma once

#include <access/principal.hpp>
#include <auth/tokens.hpp>
#include <http/response.hpp>

#include <string_view>

/// The page at which a person signs in with a browser and makes tokens. It has no scripts and loads nothing.
namespace atrium::auth::page {

/// The form in which a person enters a token.
/// @param message text above the form; empty if there is nothing to report
[[nodiscard]] http::response sign_in(http::status s, std::string_view message);

/// The session, and for an administrator a form that makes a token.
[[nodiscard]] http::response session(const access::principal& who);
/// Like `session`, with a new token.
[[nodiscard]] http::response new_token(const access::principal& who, const issued_token& issued);
/// Like `session`, with an error in the form.
[[nodiscard]] http::response refused_token(const access::principal& who, const error& why);

} // namespace atrium::auth::page

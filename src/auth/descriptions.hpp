#pragma once

#include <http/operation.hpp>

/// Describes the requests and responses of the routes for sessions and tokens.
namespace atrium::auth {

[[nodiscard]] http::operation describe_session();
[[nodiscard]] http::operation describe_session_begin();
[[nodiscard]] http::operation describe_session_end(std::string id);
[[nodiscard]] http::operation describe_first_session();
[[nodiscard]] http::operation describe_session_list();
[[nodiscard]] http::operation describe_session_removal();
[[nodiscard]] http::operation describe_token_list();
[[nodiscard]] http::operation describe_token_creation();
[[nodiscard]] http::operation describe_token_revocation();

} // namespace atrium::auth

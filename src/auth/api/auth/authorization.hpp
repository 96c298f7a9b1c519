#pragma once

#include <access/authenticator.hpp>
#include <auth/authority.hpp>
#include <http/request.hpp>
#include <http/response.hpp>
#include <http/router.hpp>

namespace atrium::auth {

/// The credentials in the header of a request. Several `Authorization` fields count as one invalid field.
[[nodiscard]] access::credentials credentials_of(const http::request& q) noexcept;

/// The response to a client whose credential was refused: 429 if too many credentials from its address were refused, otherwise
/// 401.
[[nodiscard]] http::response refuse_credential(const authority& a, const access::credentials& presented);

/// Returns the function that decides about each request, for `http::router::set_authorization`. It recognizes the sender, sets
/// `request::principal`, and checks whether the principal meets the requirement of the route. `a` must outlive the router.
[[nodiscard]] http::authorization make_authorization(authority& a);

} // namespace atrium::auth

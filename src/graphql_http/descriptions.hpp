#pragma once

#include <http/operation.hpp>

/// What the routes for GraphQL accept and return.
namespace atrium::graphql_http {

/// @param has_page whether browsers get a page
[[nodiscard]] http::operation describe_get(bool has_page);
[[nodiscard]] http::operation describe_post();
[[nodiscard]] http::operation describe_schema();

} // namespace atrium::graphql_http

#pragma once

#include <http/operation.hpp>

/// Describes the requests and responses of the routes for GraphQL.
namespace atrium::graphql_http {

/// @param has_page whether browsers get a page
[[nodiscard]] http::operation describe_get(bool has_page);
[[nodiscard]] http::operation describe_post();
[[nodiscard]] http::operation describe_schema();

} // namespace atrium::graphql_http

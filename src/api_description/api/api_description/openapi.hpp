#pragma once

#include <http/router.hpp>

#include <string>
#include <string_view>

namespace atrium::api_description {

/// Renders the OpenAPI 3.1 document of the routes, including the errors, security requirements and headers that the server adds
/// to each of them. Throws std::logic_error, which names the route, if a route is not described or its description has an
/// error: an id that is used twice, a placeholder without a parameter, or a schema that is not JSON or is not defined.
[[nodiscard]] std::string render_openapi(const http::router& routes, std::string_view version);

} // namespace atrium::api_description

#pragma once

#include <http/router.hpp>

#include <string>
#include <string_view>

namespace atrium::api_description {

/// The OpenAPI 3.1 document of the routes, with what the server itself adds to each of them: errors, security, headers. Throws
/// std::logic_error, which names the route, if one is not described or its description cannot be right: an id that is used
/// twice, a placeholder without a parameter, a schema that is not JSON or that nothing defines.
[[nodiscard]] std::string render_openapi(const http::router& routes, std::string_view version);

} // namespace atrium::api_description

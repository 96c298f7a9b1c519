#pragma once

#include <http/response.hpp>

#include <string>
#include <string_view>

namespace atrium::graphql_http {

inline constexpr std::string_view response_type = "application/graphql-response+json";

/// A response in JSON. `type` is `response_type`, or anything else for application/json.
[[nodiscard]] http::response json_response(std::string_view type, http::status status, std::string body);

} // namespace atrium::graphql_http

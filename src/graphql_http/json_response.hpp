#pragma once

#include <base/error.hpp>
#include <http/response.hpp>

#include <string>
#include <string_view>

namespace atrium::graphql_http {

inline constexpr std::string_view response_type = "application/graphql-response+json";

/// A JSON response. `type` is its media type: `response_type`, or any other value for application/json.
[[nodiscard]] http::response json_response(std::string_view type, http::status status, std::string body);

/// The response to a request that cannot run now: the error, and Retry-After if the error has a `retry_after`.
[[nodiscard]] http::response temporary_refusal(std::string_view type, http::status status, const error& why,
                                               std::string_view code);

} // namespace atrium::graphql_http

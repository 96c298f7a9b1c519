#pragma once

#include <base/error.hpp>
#include <http/client.hpp>

#include <string>
#include <string_view>

namespace atrium::auth {

/// The URL of a key set, split into the parts that the HTTP client needs.
struct jwks_url {
    http::base_url server;
    std::string target; ///< path and query
};

/// Errors: malformed, with a detail that describes a valid URL.
[[nodiscard]] result<jwks_url> parse_jwks_url(std::string_view text);

} // namespace atrium::auth

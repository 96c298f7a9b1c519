#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace atrium::config {
class schema;
}

namespace atrium::auth {

/// Which credentials the server accepts.
enum class mode {
    none,  ///< no credential is needed: every client is anonymous and may do everything
    token, ///< tokens of this server
    jwt,   ///< tokens of this server, and JSON Web Tokens of an issuer
};

/// The name in the configuration: "none", "token", "jwt".
[[nodiscard]] std::string_view name_of(mode m) noexcept;

// The meaning, range and unit of each member are declared once, in src/auth/settings.cpp; docs/configuration.md lists them in a
// table.

/// Settings for JSON Web Tokens.
struct jwt_settings {
    std::string issuer = {};
    std::string audience = {};
    std::string jwks = {}; ///< the path of a file, or a URL
    std::chrono::milliseconds refresh = std::chrono::minutes{15};
};

struct settings {
    auth::mode mode = auth::mode::none;
    std::chrono::milliseconds session = std::chrono::hours{12};
    std::chrono::milliseconds history = std::chrono::hours{24 * 90};
    std::int64_t refusals = 1000;
    jwt_settings jwt = {};
};

/// Whether the setting `auth.jwt.jwks` is a URL, not a file.
[[nodiscard]] bool is_url(const std::string& jwks) noexcept;

/// Declares the sections [auth...]. `settings` must outlive `schema`.
void declare(config::schema& schema, settings& settings);

} // namespace atrium::auth

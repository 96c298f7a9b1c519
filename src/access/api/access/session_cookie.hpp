#pragma once

#include <string_view>

namespace atrium::access {

/// The name of the cookie of a session. Browsers accept the prefix `__Host-` only from this host and by TLS, so that neither
/// another host of the same domain nor a plain connection can replace the cookie (RFC 6265bis, section 4.1.3.2).
inline constexpr std::string_view secure_cookie_name = "__Host-atrium_session";
inline constexpr std::string_view plain_cookie_name = "atrium_session";

/// @param is_secure whether the client uses TLS
[[nodiscard]] constexpr std::string_view cookie_name(bool is_secure) noexcept {
    return is_secure ? secure_cookie_name : plain_cookie_name;
}

} // namespace atrium::access

#pragma once

#include <string_view>

namespace atrium::access {

/// The name of the cookie of a session if the client uses TLS. Browsers accept a cookie with the prefix `__Host-` only over TLS
/// and only for the host that sets it. So neither another host of the same domain nor a connection without TLS can replace the
/// cookie (RFC 6265bis, section 4.1.3.2).
inline constexpr std::string_view secure_cookie_name = "__Host-atrium_session";
/// The name of the cookie of a session if the client does not use TLS.
inline constexpr std::string_view plain_cookie_name = "atrium_session";

/// @param is_secure whether the client uses TLS
[[nodiscard]] constexpr std::string_view cookie_name(bool is_secure) noexcept {
    return is_secure ? secure_cookie_name : plain_cookie_name;
}

} // namespace atrium::access

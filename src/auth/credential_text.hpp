#pragma once

#include <optional>
#include <string_view>

namespace atrium::auth {

/// The name of the cookie of a session. Browsers accept a cookie with the prefix `__Host-` only from the host itself and over
/// TLS, so that neither another host of the same domain nor a plain connection can replace the cookie (RFC 6265bis, section
/// 4.1.3.2).
inline constexpr std::string_view secure_cookie_name = "__Host-atrium_session";
inline constexpr std::string_view plain_cookie_name = "atrium_session";

/// @param is_secure whether the client uses TLS
[[nodiscard]] constexpr std::string_view cookie_name(bool is_secure) noexcept {
    return is_secure ? secure_cookie_name : plain_cookie_name;
}

/// The credential in `Authorization: Bearer ...` (RFC 6750, section 2.1); the scheme is compared without regard to case.
/// Returns std::nullopt if the field has another scheme, and an empty text if there is no credential after the scheme.
[[nodiscard]] std::optional<std::string_view> find_bearer(std::string_view authorization) noexcept;

/// The value of the first cookie with that name in a field `Cookie` (RFC 6265, section 5.4).
[[nodiscard]] std::optional<std::string_view> find_cookie(std::string_view field, std::string_view name) noexcept;

} // namespace atrium::auth

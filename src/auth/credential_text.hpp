#pragma once

#include <optional>
#include <string_view>

namespace atrium::auth {

/// The credential in `Authorization: Bearer ...` (RFC 6750, section 2.1); the scheme is compared without regard to case.
/// Returns std::nullopt if the field has another scheme, and an empty text if there is no credential after the scheme.
[[nodiscard]] std::optional<std::string_view> find_bearer(std::string_view authorization) noexcept;

/// The value of the first cookie with that name in a field `Cookie` (RFC 6265, section 5.4).
[[nodiscard]] std::optional<std::string_view> find_cookie(std::string_view field, std::string_view name) noexcept;

} // namespace atrium::auth

#pragma once

#include <string_view>

namespace atrium::config {

/// Replaces what may be a secret in a message.
inline constexpr std::string_view not_shown = "(not shown)";

/// Whether a text contains, or may be meant to contain, a URL with a user and a password, or a URL whose query or fragment may
/// be a token. Messages never repeat such a value, whatever its key, even if the value is not valid for the key.
[[nodiscard]] bool may_hold_password(std::string_view text) noexcept;

} // namespace atrium::config

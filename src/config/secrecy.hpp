#pragma once

#include <string_view>

namespace atrium::config {

/// Replaces what may be a secret in a message.
inline constexpr std::string_view not_shown = "(not shown)";

/// Whether a string contains, or may be meant to contain, a URL with a user and a password, or a URL whose query or fragment
/// may be a token. No message repeats such a value, whichever key it is written for, and even if it is invalid for that key.
[[nodiscard]] bool may_hold_password(std::string_view text) noexcept;

} // namespace atrium::config

#pragma once

#include <string_view>

namespace atrium::config {

/// In a message, in the place of what may be a secret.
inline constexpr std::string_view not_shown = "(not shown)";

/// Whether a text holds, or may be meant to hold, the user of a URL with its password, or a URL whose query or fragment may be
/// a token: such a value is repeated in no message, whatever its key. Also if it is none of the values that the key takes.
[[nodiscard]] bool may_hold_password(std::string_view text) noexcept;

} // namespace atrium::config

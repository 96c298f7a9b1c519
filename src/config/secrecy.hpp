#pragma once

#include "value.hpp"

#include <string>
#include <string_view>

namespace atrium::config {

/// A message contains this instead of a text that may be a secret.
inline constexpr std::string_view not_shown = "(not shown)";

/// Whether a string contains, or may be meant to contain, a URL with a user and a password, or a URL whose query or fragment
/// may be a token. Messages contain no such value, whatever key it belongs to, and even if it is invalid for that key.
[[nodiscard]] bool may_hold_password(std::string_view text) noexcept;

/// Converts a value to a form that a message may contain: `not_shown` if its key is secret or if it may hold a password.
[[nodiscard]] std::string shown_value(const value& input, bool is_secret);

} // namespace atrium::config

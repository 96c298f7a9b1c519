#pragma once

#include "value.hpp"

#include <string>
#include <string_view>

namespace atrium::config {

/// A message contains this instead of a text that may be a secret.
inline constexpr std::string_view not_shown = "(not shown)";

/// Whether a string may contain a secret in a URL: a user and a password, or a query or fragment that may be a token. Also true
/// for text that may be meant as such a URL. Messages never show such a value, even if it is invalid for its key.
[[nodiscard]] bool may_hold_password(std::string_view text) noexcept;

/// Converts a value to a form that a message may contain: `not_shown` if its key is secret or if it may hold a password.
[[nodiscard]] std::string shown_value(const value& input, bool is_secret);

} // namespace atrium::config

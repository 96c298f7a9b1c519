#pragma once

#include <string_view>

namespace atrium::http {

/// Whether `c` is allowed in a token (RFC 9110, section 5.6.2).
[[nodiscard]] bool is_token_character(char c) noexcept;

/// Whether `text` is a token, such as the name of a header.
[[nodiscard]] bool is_token(std::string_view text) noexcept;

} // namespace atrium::http

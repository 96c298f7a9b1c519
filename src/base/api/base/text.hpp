#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace atrium {

/// Whether `bytes` is well-formed UTF-8 (no surrogates, no overlong forms, nothing beyond U+10FFFF).
[[nodiscard]] bool is_utf8(std::string_view bytes) noexcept;

/// The number of code points in well-formed UTF-8.
[[nodiscard]] std::size_t count_code_points(std::string_view utf8) noexcept;

/// Whether well-formed UTF-8 contains a control character (U+0000-001F, U+007F-009F).
[[nodiscard]] bool has_control_character(std::string_view utf8) noexcept;

/// Whether well-formed UTF-8 starts or ends with white space (Unicode's White_Space property).
[[nodiscard]] bool has_outer_blanks(std::string_view utf8) noexcept;

/// The text with ASCII letters in lower case; all other bytes are unchanged.
[[nodiscard]] std::string ascii_lower(std::string_view text);
[[nodiscard]] bool ascii_iequals(std::string_view a, std::string_view b) noexcept;

/// Host and port in the form of URLs and Host headers: "localhost:8000", with an IPv6 address in brackets (RFC 3986, 3.2).
[[nodiscard]] std::string authority(std::string_view host, int port);

/// base64url without padding (RFC 4648, section 5). Decoding returns std::nullopt for any text that encoding would not write.
[[nodiscard]] std::string to_base64url(std::string_view bytes);
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);

} // namespace atrium

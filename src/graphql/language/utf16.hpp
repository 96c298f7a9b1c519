#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// graphql-js measures and cuts text in UTF-16 code units, so columns and lengths are measured in them here as well.
namespace atrium::graphql {

/// Number of UTF-16 code units of well-formed UTF-8.
[[nodiscard]] std::size_t utf16_length(std::string_view utf8) noexcept;

/// The first `units` code units of well-formed UTF-8, or all if there are fewer. Half a surrogate pair becomes U+FFFD.
[[nodiscard]] std::string utf16_prefix(std::string_view utf8, std::size_t units);

/// The first code point of `utf8`, which must be well-formed and not empty.
[[nodiscard]] char32_t first_code_point(std::string_view utf8) noexcept;

/// Appends a Unicode scalar value as UTF-8.
void append_utf8(std::string& out, char32_t point);

} // namespace atrium::graphql

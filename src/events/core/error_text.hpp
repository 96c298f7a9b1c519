#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace atrium::events {

/// Max size of an error that is stored, in bytes.
inline constexpr std::size_t max_error = 2'000;

/// The error as it is stored: well-formed UTF-8 of at most `max_error` bytes, cut between two characters. Bytes that are not
/// UTF-8 become "?".
[[nodiscard]] std::string storable_error(std::string_view text);

/// The part that errors with the same cause have in common: numbers, UUIDs, hexadecimal strings, long random words and quoted
/// texts become "?". `text` is well-formed UTF-8.
[[nodiscard]] std::string masked_error(std::string_view text);

} // namespace atrium::events

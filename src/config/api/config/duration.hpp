#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace atrium::config {

/// Reads "500ms", "10s", "5m", "2h", "7d": digits and a unit that is not finer than `finest`. Empty if `text` has another form,
/// or if the duration is too long for 64 bits.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text, std::chrono::milliseconds finest);

/// Writes a duration in the same form, with the largest unit that needs no fraction. Zero is "0ms".
[[nodiscard]] std::string format_duration(std::chrono::milliseconds length);

} // namespace atrium::config

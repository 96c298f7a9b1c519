#pragma once

#include <string>
#include <string_view>

namespace atrium {

/// Returns why a string cannot be used as a visible name, as the detail of a fault: "must not contain U+200B, which is
/// invisible". Empty if the string can be a name. `utf8` must be well formed. Can be called on any thread.
///
/// A name has at least one visible character. It has no invisible code points (bidirectional controls are among these), no line
/// or paragraph separators, no code points for private use, and no code points that the Unicode version of the installed
/// utf8proc leaves unassigned. Two kinds of invisible characters are needed to write Persian, Bengali or emoji, and are
/// allowed: a joiner (U+200C, U+200D) between two visible characters, and a variation selector after a visible character. The
/// caller checks length, control characters and spaces.
[[nodiscard]] std::string fault_of_name(std::string_view utf8);

} // namespace atrium

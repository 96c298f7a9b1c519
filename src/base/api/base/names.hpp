#pragma once

#include <string>
#include <string_view>

namespace atrium {

/// Why a text cannot be a name that people see, for the message at its field: "must not contain U+200B, which is invisible".
/// Empty if it can. `utf8` is well formed. Any thread.
///
/// A name has a visible character. It has no code point that is invisible, a bidirectional control, a line or paragraph
/// separator, for private use, or unassigned in the installed utf8proc's version of Unicode. Two kinds are needed to write
/// Persian, Bengali or emoji: a joiner (U+200C, U+200D) may stand between two visible characters, a variation selector
/// behind one. Length, control characters and spaces are the caller's to check.
[[nodiscard]] std::string fault_of_name(std::string_view utf8);

} // namespace atrium

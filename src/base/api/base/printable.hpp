#pragma once

#include <string>
#include <string_view>

namespace atrium {

/// Whether well-formed UTF-8 holds only characters that a terminal shows: no control characters (C0, DEL, C1), no invisible
/// format characters (those that set the direction of text, above all), no separators of lines and paragraphs.
[[nodiscard]] bool is_printable(std::string_view utf8) noexcept;

/// The text with every character that is not printable written as JSON does, `\u009b`. Bytes that are not UTF-8 become U+FFFD.
/// For what came from outside and goes to a log or a terminal. JSON text keeps its meaning.
[[nodiscard]] std::string printable(std::string_view text);

/// The same for a text of several lines: its line breaks stay.
[[nodiscard]] std::string printable_lines(std::string_view text);

} // namespace atrium

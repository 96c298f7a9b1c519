#pragma once

#include <string>
#include <string_view>

namespace atrium {

/// Whether the bytes are well-formed UTF-8 and have only characters that a terminal shows: no control characters (C0, DEL, C1),
/// no invisible format characters (such as those that set the direction of text), no separators of lines or paragraphs.
[[nodiscard]] bool is_printable(std::string_view utf8) noexcept;

/// Replaces every character that is not printable by its escape in JSON, such as `\u009b`, and every byte that is not UTF-8 by
/// U+FFFD. It is for text from outside that goes to a log or a terminal. JSON text keeps its meaning, provided that it has no
/// line breaks or tabs between its values.
[[nodiscard]] std::string printable(std::string_view text);

/// Like `printable`, but keeps line breaks, for text of several lines.
[[nodiscard]] std::string printable_lines(std::string_view text);

} // namespace atrium

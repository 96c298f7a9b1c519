#pragma once

#include <string>
#include <string_view>

namespace atrium {

/// Whether the bytes are well-formed UTF-8 and have only characters that a terminal shows: no control characters (C0, DEL, C1),
/// no invisible format characters (such as those that set the direction of text), no separators of lines or paragraphs.
[[nodiscard]] bool is_printable(std::string_view utf8) noexcept;

/// The text with every character that is not printable in the escaped form of JSON, such as `\u009b`. Bytes that are not UTF-8
/// become U+FFFD. For text from outside that goes to a log or a terminal. JSON text without line breaks and tabs keeps its
/// meaning.
[[nodiscard]] std::string printable(std::string_view text);

/// Like `printable`, but keeps line breaks, for text of several lines.
[[nodiscard]] std::string printable_lines(std::string_view text);

} // namespace atrium

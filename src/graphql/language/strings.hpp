#pragma once

#include <memory_resource>
#include <string>
#include <string_view>

/// String literals (specification, section 2.9.4), in the forms that graphql-js chooses when it prints them. Text is
/// well-formed UTF-8.
namespace atrium::graphql {

/// Returns the value of a block string. `raw` is the text between the quotes, with `\"""` already resolved. Common indentation
/// and leading and trailing blank lines are removed, and lines end with LF. The result is a view of `raw` or of memory of the
/// arena.
[[nodiscard]] std::string_view block_string_value(std::string_view raw, std::pmr::memory_resource& arena);

/// Whether `text` can be printed readably as a block string: it has no control characters below U+0010 except tabs and line
/// feeds, and no indentation or blank line that would be lost.
[[nodiscard]] bool is_printable_as_block_string(std::string_view text) noexcept;

/// Returns `text` as """block string""", on several lines if that is easier to read.
[[nodiscard]] std::string print_block_string(std::string_view text);

/// `text` as "string", with control characters escaped.
[[nodiscard]] std::string print_string(std::string_view text);

} // namespace atrium::graphql

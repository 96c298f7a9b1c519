#pragma once

#include <memory_resource>
#include <string>
#include <string_view>

/// Strings as the language writes them (specification, section 2.9.4, and the forms that graphql-js chooses when it prints).
/// Text is well-formed UTF-8.
namespace atrium::graphql {

/// What a block string says whose raw value (between the quotes, `\"""` already resolved) is `raw`: common indentation and
/// outer blank lines are gone, lines end with LF. A view into `raw` or of memory of the arena.
[[nodiscard]] std::string_view block_string_value(std::string_view raw, std::pmr::memory_resource& arena);

/// Whether a block string can say `text` so that it reads well: no control characters, no CR, no indentation to lose.
[[nodiscard]] bool is_printable_as_block_string(std::string_view text) noexcept;

/// `text` as """block string""", over several lines where that reads better.
[[nodiscard]] std::string print_block_string(std::string_view text);

/// `text` as "string", control characters escaped.
[[nodiscard]] std::string print_string(std::string_view text);

} // namespace atrium::graphql

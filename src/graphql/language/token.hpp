#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace atrium::graphql {

enum class token_kind : std::uint8_t {
    failed, ///< there is no token here: see `lexer::fault` or `parser::fault`
    end_of_source,
    bang,
    dollar,
    ampersand,
    open_parenthesis,
    close_parenthesis,
    spread,
    colon,
    equals,
    at,
    open_bracket,
    close_bracket,
    open_brace,
    pipe,
    close_brace,
    name,
    integer,
    floating,
    string,
    block_string,
};

/// A piece of the source, by bytes.
struct token {
    token_kind kind = token_kind::failed;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::string_view text{}; ///< names and numbers as written, strings as what they say; empty for all else
};

/// What is wrong with a source, without "Syntax Error: ", and at which byte.
struct syntax_fault {
    std::uint32_t at = 0;
    std::string message{};
};

/// As messages name what was expected: `Name`, `"{"`.
[[nodiscard]] std::string describe(token_kind kind);

/// As messages name what was found: `Name "a"`, `"{"`, `<EOF>`.
[[nodiscard]] std::string describe(const token& found);

} // namespace atrium::graphql

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

/// A part of the source that the grammar treats as one symbol (specification, section 2.1).
struct token {
    token_kind kind = token_kind::failed;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::string_view text{}; ///< names and numbers as written, strings as their value; empty for all other tokens
};

/// A syntax error without "Syntax Error: ", and its byte offset.
struct syntax_fault {
    std::uint32_t offset = 0;
    std::string message{};
};

/// How messages show a token that was expected: `Name`, `"{"`.
[[nodiscard]] std::string describe(token_kind kind);

/// How messages show a token that was found: `Name "a"`, `"{"`, `<EOF>`.
[[nodiscard]] std::string describe(const token& found);

} // namespace atrium::graphql

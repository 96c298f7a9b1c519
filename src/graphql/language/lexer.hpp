#pragma once

#include "language/token.hpp"

#include <cstddef>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>

namespace atrium::graphql {

/// Splits a source into tokens in one pass (specification, section 2.1). Tokens are views into the source, or, for strings with
/// escapes, into the arena. Offsets have 32 bits, so sources must be smaller than 4 GiB.
class lexer {
public:
    /// `source` is well-formed UTF-8. It and `arena` must outlive the tokens.
    lexer(std::string_view source, std::pmr::memory_resource& arena) : source_{source}, arena_{arena} {}

    /// The next token; `end_of_source` at the end, `failed` if the next characters are not a token.
    [[nodiscard]] token next();

    /// The error, after `next` has returned a token of the kind `failed`.
    [[nodiscard]] const syntax_fault& fault() const noexcept { return fault_; }

private:
    void skip_ignored() noexcept;
    token read_name() noexcept;
    token read_number();
    /// Moves past a run of digits. If there are none, stores a fault and returns false.
    bool skip_digits();
    token fail_on_unexpected_character();

    // strings: lexer_strings.cpp
    token read_string();
    token read_string_with_escapes(std::size_t begin);
    token read_block_string();
    void skip_plain_characters() noexcept;
    /// Decodes the escape sequence at the lexer's position and moves past it. If the sequence is invalid, stores a fault and
    /// returns nothing.
    std::optional<char32_t> read_escape();
    std::optional<char32_t> read_braced_unicode_escape();
    std::optional<char32_t> read_fixed_unicode_escape();
    /// Copies a text into the arena.
    std::string_view copy_to_arena(std::string_view text);

    /// The character at `position`; '\0' after the end, because no rule looks for that character.
    [[nodiscard]] char character_at(std::size_t position) const noexcept {
        return position < source_.size() ? source_[position] : '\0';
    }
    /// The token from `begin` to the lexer's position.
    [[nodiscard]] token make_token(token_kind kind, std::size_t begin, std::string_view text = {}) const noexcept;
    token fail(std::size_t position, std::string message);
    [[nodiscard]] std::string describe_character(std::size_t position) const;

    std::string_view source_;
    std::pmr::memory_resource& arena_;
    std::size_t offset_ = 0; ///< the lexer's position
    syntax_fault fault_;
};

} // namespace atrium::graphql

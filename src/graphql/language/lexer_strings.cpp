#include "language/lexer.hpp"
#include "language/strings.hpp"
#include "language/utf16.hpp"

#include <algorithm>
#include <array>

namespace atrium::graphql {
namespace {

constexpr std::string_view three_quotes = R"(""")";

/// The characters that end a run of plain characters in a string.
constexpr auto interrupts_string = [] {
    std::array<bool, 256> interrupts{};
    for (const char c : {'"', '\\', '\n', '\r'})
        interrupts[static_cast<unsigned char>(c)] = true;
    return interrupts;
}();

/// The value of a hexadecimal digit, or -1.
constexpr int hex_digit(char c) noexcept {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

constexpr bool is_leading_surrogate(char32_t point) noexcept {
    return point >= 0xD800 && point <= 0xDBFF;
}

constexpr bool is_trailing_surrogate(char32_t point) noexcept {
    return point >= 0xDC00 && point <= 0xDFFF;
}

constexpr bool is_scalar_value(std::int64_t point) noexcept {
    return (point >= 0 && point <= 0xD7FF) || (point >= 0xE000 && point <= 0x10FFFF);
}

/// The value of the four hexadecimal digits at the beginning of `text`, or -1.
std::int64_t four_hex_digits(std::string_view text) noexcept {
    if (text.size() < 4)
        return -1;
    std::int64_t point = 0;
    for (const char c : text.substr(0, 4)) {
        const auto digit = hex_digit(c);
        if (digit < 0)
            return -1;
        point = point << 4 | digit;
    }
    return point;
}

} // namespace

token lexer::read_string() {
    const auto begin = offset_++;
    skip_plain_characters();
    if (character_at(offset_) == '\\')
        return read_string_with_escapes(begin);
    if (character_at(offset_) != '"')
        return fail(offset_, "Unterminated string.");
    ++offset_;
    return make_token(token_kind::string, begin, source_.substr(begin + 1, offset_ - begin - 2));
}

token lexer::read_string_with_escapes(std::size_t begin) {
    std::string text{source_.substr(begin + 1, offset_ - begin - 1)};
    while (character_at(offset_) == '\\') {
        const auto point = read_escape();
        if (!point)
            return {};
        append_utf8(text, *point);
        const auto plain_begin = offset_;
        skip_plain_characters();
        text.append(source_.substr(plain_begin, offset_ - plain_begin));
    }
    if (character_at(offset_) != '"')
        return fail(offset_, "Unterminated string.");
    ++offset_;
    return make_token(token_kind::string, begin, copy_to_arena(text));
}

void lexer::skip_plain_characters() noexcept {
    while (offset_ < source_.size() && !interrupts_string[static_cast<unsigned char>(source_[offset_])])
        ++offset_;
}

std::optional<char32_t> lexer::read_escape() {
    const auto take_short_escape = [this](char32_t point) {
        offset_ += 2;
        return point;
    };
    switch (character_at(offset_ + 1)) {
    case '"': return take_short_escape('"');
    case '\\': return take_short_escape('\\');
    case '/': return take_short_escape('/');
    case 'b': return take_short_escape('\b');
    case 'f': return take_short_escape('\f');
    case 'n': return take_short_escape('\n');
    case 'r': return take_short_escape('\r');
    case 't': return take_short_escape('\t');
    case 'u': return character_at(offset_ + 2) == '{' ? read_braced_unicode_escape() : read_fixed_unicode_escape();
    default:
        fail(offset_, "Invalid character escape sequence: \"" + utf16_prefix(source_.substr(offset_), 2) + "\".");
        return std::nullopt;
    }
}

std::optional<char32_t> lexer::read_braced_unicode_escape() {
    constexpr std::size_t max_size = 12; // \u{00000000}
    std::int64_t point = 0;
    std::size_t size = 3;
    while (size < max_size) {
        const char c = character_at(offset_ + size++);
        if (c == '}') {
            if (size == 4 || !is_scalar_value(point))
                break;
            offset_ += size;
            return static_cast<char32_t>(point);
        }
        const auto digit = hex_digit(c);
        point = point << 4 | digit;
        if (digit < 0 || point > 0x7FFFFFFF)
            break;
    }
    fail(offset_, "Invalid Unicode escape sequence: \"" + utf16_prefix(source_.substr(offset_), size) + "\".");
    return std::nullopt;
}

std::optional<char32_t> lexer::read_fixed_unicode_escape() {
    const auto rest = source_.substr(offset_);
    const auto code = four_hex_digits(rest.substr(2));
    if (is_scalar_value(code)) {
        offset_ += 6;
        return static_cast<char32_t>(code);
    }
    // Code points beyond U+FFFF can be a pair of surrogates, as in JSON.
    if (code >= 0 && is_leading_surrogate(static_cast<char32_t>(code)) && rest.substr(6, 2) == R"(\u)") {
        const auto trailing = four_hex_digits(rest.substr(8));
        if (trailing >= 0 && is_trailing_surrogate(static_cast<char32_t>(trailing))) {
            offset_ += 12;
            return static_cast<char32_t>(0x10000 + ((code - 0xD800) << 10) + (trailing - 0xDC00));
        }
    }
    fail(offset_, "Invalid Unicode escape sequence: \"" + utf16_prefix(rest, 6) + "\".");
    return std::nullopt;
}

token lexer::read_block_string() {
    const auto begin = offset_;
    offset_ += three_quotes.size();
    std::string unescaped; // the string up to `rest_begin`, with escapes resolved; empty before the first escape
    auto rest_begin = offset_;
    for (;;) {
        const auto quotes_begin = source_.find(three_quotes, offset_);
        if (quotes_begin == std::string_view::npos) {
            offset_ = source_.size();
            return fail(offset_, "Unterminated string.");
        }
        offset_ = quotes_begin + three_quotes.size();
        if (source_[quotes_begin - 1] != '\\')
            break;
        unescaped.append(source_.substr(rest_begin, quotes_begin - 1 - rest_begin)).append(three_quotes);
        rest_begin = offset_;
    }
    const auto rest = source_.substr(rest_begin, offset_ - three_quotes.size() - rest_begin);
    const auto raw = rest_begin == begin + three_quotes.size() ? rest : copy_to_arena(unescaped.append(rest));
    return make_token(token_kind::block_string, begin, block_string_value(raw, arena_));
}

std::string_view lexer::copy_to_arena(std::string_view text) {
    auto* const copy = static_cast<char*>(arena_.allocate(text.size(), 1));
    std::copy(text.begin(), text.end(), copy);
    return {copy, text.size()};
}

} // namespace atrium::graphql

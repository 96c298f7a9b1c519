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

token lexer::string() {
    const auto begin = at_++;
    skip_plain_characters();
    if (look(at_) == '\\')
        return string_with_escapes(begin);
    if (look(at_) != '"')
        return fail(at_, "Unterminated string.");
    ++at_;
    return made(token_kind::string, begin, source_.substr(begin + 1, at_ - begin - 2));
}

token lexer::string_with_escapes(std::size_t begin) {
    std::string text{source_.substr(begin + 1, at_ - begin - 1)};
    while (look(at_) == '\\') {
        const auto point = escape();
        if (!point)
            return {};
        append_utf8(text, *point);
        const auto plain = at_;
        skip_plain_characters();
        text.append(source_.substr(plain, at_ - plain));
    }
    if (look(at_) != '"')
        return fail(at_, "Unterminated string.");
    ++at_;
    return made(token_kind::string, begin, keep(text));
}

void lexer::skip_plain_characters() noexcept {
    while (at_ < source_.size() && !interrupts_string[static_cast<unsigned char>(source_[at_])])
        ++at_;
}

std::optional<char32_t> lexer::escape() {
    const auto stands_for = [this](char32_t point) {
        at_ += 2;
        return point;
    };
    switch (look(at_ + 1)) {
    case '"': return stands_for('"');
    case '\\': return stands_for('\\');
    case '/': return stands_for('/');
    case 'b': return stands_for('\b');
    case 'f': return stands_for('\f');
    case 'n': return stands_for('\n');
    case 'r': return stands_for('\r');
    case 't': return stands_for('\t');
    case 'u': return look(at_ + 2) == '{' ? braced_unicode_escape() : fixed_unicode_escape();
    default:
        fail(at_, "Invalid character escape sequence: \"" + utf16_prefix(source_.substr(at_), 2) + "\".");
        return std::nullopt;
    }
}

std::optional<char32_t> lexer::braced_unicode_escape() {
    constexpr std::size_t longest = 12; // \u{00000000}
    std::int64_t point = 0;
    std::size_t size = 3;
    while (size < longest) {
        const char c = look(at_ + size++);
        if (c == '}') {
            if (size == 4 || !is_scalar_value(point))
                break;
            at_ += size;
            return static_cast<char32_t>(point);
        }
        const auto digit = hex_digit(c);
        point = point << 4 | digit;
        if (digit < 0 || point > 0x7FFFFFFF)
            break;
    }
    fail(at_, "Invalid Unicode escape sequence: \"" + utf16_prefix(source_.substr(at_), size) + "\".");
    return std::nullopt;
}

std::optional<char32_t> lexer::fixed_unicode_escape() {
    const auto rest = source_.substr(at_);
    const auto code = four_hex_digits(rest.substr(2));
    if (is_scalar_value(code)) {
        at_ += 6;
        return static_cast<char32_t>(code);
    }
    // Code points beyond U+FFFF can be a pair of surrogates, as in JSON.
    if (code >= 0 && is_leading_surrogate(static_cast<char32_t>(code)) && rest.substr(6, 2) == R"(\u)") {
        const auto trailing = four_hex_digits(rest.substr(8));
        if (trailing >= 0 && is_trailing_surrogate(static_cast<char32_t>(trailing))) {
            at_ += 12;
            return static_cast<char32_t>(0x10000 + ((code - 0xD800) << 10) + (trailing - 0xDC00));
        }
    }
    fail(at_, "Invalid Unicode escape sequence: \"" + utf16_prefix(rest, 6) + "\".");
    return std::nullopt;
}

token lexer::block_string() {
    const auto begin = at_;
    at_ += three_quotes.size();
    std::string unescaped; // the string up to `copied`; empty before the first escape
    auto copied = at_;
    for (;;) {
        const auto quotes = source_.find(three_quotes, at_);
        if (quotes == std::string_view::npos) {
            at_ = source_.size();
            return fail(at_, "Unterminated string.");
        }
        at_ = quotes + three_quotes.size();
        if (source_[quotes - 1] != '\\')
            break;
        unescaped.append(source_.substr(copied, quotes - 1 - copied)).append(three_quotes);
        copied = at_;
    }
    const auto rest = source_.substr(copied, at_ - three_quotes.size() - copied);
    const auto raw = copied == begin + three_quotes.size() ? rest : keep(unescaped.append(rest));
    return made(token_kind::block_string, begin, block_string_value(raw, arena_));
}

std::string_view lexer::keep(std::string_view text) {
    auto* const kept = static_cast<char*>(arena_.allocate(text.size(), 1));
    std::copy(text.begin(), text.end(), kept);
    return {kept, text.size()};
}

} // namespace atrium::graphql

#include "language/lexer.hpp"

#include "language/utf16.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace atrium::graphql {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

constexpr bool begins_name(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

constexpr std::size_t index(char c) noexcept {
    return static_cast<unsigned char>(c);
}

/// For each character that is always a punctuator on its own: the kind of this punctuator. `failed` for all other characters.
constexpr auto punctuators = [] {
    std::array<token_kind, 256> kinds{};
    kinds['!'] = token_kind::bang;
    kinds['$'] = token_kind::dollar;
    kinds['&'] = token_kind::ampersand;
    kinds['('] = token_kind::open_parenthesis;
    kinds[')'] = token_kind::close_parenthesis;
    kinds[':'] = token_kind::colon;
    kinds['='] = token_kind::equals;
    kinds['@'] = token_kind::at;
    kinds['['] = token_kind::open_bracket;
    kinds[']'] = token_kind::close_bracket;
    kinds['{'] = token_kind::open_brace;
    kinds['|'] = token_kind::pipe;
    kinds['}'] = token_kind::close_brace;
    return kinds;
}();

constexpr auto continues_name = [] {
    std::array<bool, 256> continues{};
    for (std::size_t c = 0; c < continues.size(); ++c)
        continues[c] = begins_name(static_cast<char>(c)) || is_digit(static_cast<char>(c));
    return continues;
}();

} // namespace

token lexer::next() {
    skip_ignored();
    if (offset_ == source_.size())
        return make_token(token_kind::end_of_source, offset_);

    const char c = source_[offset_];
    if (begins_name(c))
        return read_name();
    if (const auto punctuator = punctuators[index(c)]; punctuator != token_kind::failed) {
        ++offset_;
        return make_token(punctuator, offset_ - 1);
    }
    if (c == '"')
        return source_.substr(offset_, 3) == R"(""")" ? read_block_string() : read_string();
    if (is_digit(c) || c == '-')
        return read_number();
    if (source_.substr(offset_, 3) == "...") {
        offset_ += 3;
        return make_token(token_kind::spread, offset_ - 3);
    }
    return fail_on_unexpected_character();
}

void lexer::skip_ignored() noexcept {
    while (offset_ < source_.size()) {
        switch (source_[offset_]) {
        case ' ':
        case '\t':
        case '\n':
        case '\r':
        case ',': ++offset_; break;
        case '#': offset_ = std::min(source_.find_first_of("\n\r", offset_), source_.size()); break;
        case byte_order_mark.front():
            if (source_.substr(offset_, byte_order_mark.size()) != byte_order_mark)
                return;
            offset_ += byte_order_mark.size();
            break;
        default: return;
        }
    }
}

token lexer::read_name() noexcept {
    const auto begin = offset_;
    do
        ++offset_;
    while (offset_ < source_.size() && continues_name[index(source_[offset_])]);
    return make_token(token_kind::name, begin, source_.substr(begin, offset_ - begin));
}

token lexer::read_number() {
    const auto begin = offset_;
    auto kind = token_kind::integer;
    if (character_at(offset_) == '-')
        ++offset_;
    if (character_at(offset_) == '0') {
        ++offset_;
        if (is_digit(character_at(offset_)))
            return fail(offset_, "Invalid number, unexpected digit after 0: " + describe_character(offset_) + '.');
    } else if (!skip_digits()) {
        return {};
    }
    if (character_at(offset_) == '.') {
        kind = token_kind::floating;
        ++offset_;
        if (!skip_digits())
            return {};
    }
    if (character_at(offset_) == 'e' || character_at(offset_) == 'E') {
        kind = token_kind::floating;
        ++offset_;
        if (character_at(offset_) == '+' || character_at(offset_) == '-')
            ++offset_;
        if (!skip_digits())
            return {};
    }
    if (character_at(offset_) == '.' || begins_name(character_at(offset_)))
        return fail(offset_, "Invalid number, expected digit but got: " + describe_character(offset_) + '.');
    return make_token(kind, begin, source_.substr(begin, offset_ - begin));
}

bool lexer::skip_digits() {
    if (!is_digit(character_at(offset_))) {
        fail(offset_, "Invalid number, expected digit but got: " + describe_character(offset_) + '.');
        return false;
    }
    do
        ++offset_;
    while (is_digit(character_at(offset_)));
    return true;
}

token lexer::fail_on_unexpected_character() {
    if (source_[offset_] == '\'')
        return fail(offset_, R"(Unexpected single quote character ('), did you mean to use a double quote (")?)");
    return fail(offset_, "Unexpected character: " + describe_character(offset_) + '.');
}

token lexer::make_token(token_kind kind, std::size_t begin, std::string_view text) const noexcept {
    return {kind, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(offset_), text};
}

token lexer::fail(std::size_t position, std::string message) {
    fault_ = {static_cast<std::uint32_t>(position), std::move(message)};
    return {};
}

std::string lexer::describe_character(std::size_t position) const {
    if (position >= source_.size())
        return describe(token_kind::end_of_source);
    const auto point = first_code_point(source_.substr(position));
    if (point == U'"')
        return R"('"')";
    if (point >= 0x20 && point <= 0x7E)
        return {'"', static_cast<char>(point), '"'};
    std::array<char, 16> text{};
    const auto size = std::snprintf(text.data(), text.size(), "U+%04X", static_cast<unsigned>(point));
    return {text.data(), static_cast<std::size_t>(size)};
}

} // namespace atrium::graphql

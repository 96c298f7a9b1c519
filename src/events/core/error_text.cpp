#include "core/error_text.hpp"

#include <base/ids.hpp>
#include <base/text.hpp>

#include <algorithm>

namespace atrium::events {
namespace {

constexpr std::size_t uuid_size = 36;
constexpr std::size_t min_hex = 8;    // shorter words of hexadecimal digits may be English
constexpr std::size_t min_token = 16; // a word of at least this length that contains a digit counts as an id

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_word_character(char c) {
    return is_digit(c) || is_letter(c);
}

bool is_hex_digit(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// The length of the UTF-8 character that begins with this byte.
std::size_t character_size(char first) {
    const auto byte = static_cast<unsigned char>(first);
    return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/// Replaces the parts of an error that differ between two occurrences.
class masking {
public:
    explicit masking(std::string_view text) : rest_{text} {}

    std::string run() && {
        while (!rest_.empty())
            take_next();
        return std::move(masked_);
    }

private:
    void take_next() {
        if (take_quoted() || take_uuid())
            return;
        if (is_word_character(rest_.front()))
            take_word();
        else
            copy(1);
    }

    /// A text between two quotes of the same kind. An apostrophe within a word is not a quote.
    bool take_quoted() {
        const char quote = rest_.front();
        if (quote != '"' && quote != '\'' && quote != '`')
            return false;
        if (quote == '\'' && follows_word_)
            return false;
        const auto end = rest_.find(quote, 1);
        if (end == rest_.npos)
            return false;
        masked_.append({quote, '?', quote});
        skip(end + 1);
        return true;
    }

    bool take_uuid() {
        if (follows_word_ || rest_.size() < uuid_size || !is_uuid(rest_.substr(0, uuid_size)))
            return false;
        replace(uuid_size);
        return true;
    }

    void take_word() {
        const auto end = std::ranges::find_if_not(rest_, is_word_character);
        const auto word = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
        const bool has_digit = std::ranges::any_of(word, is_digit);
        const bool is_prefixed = word.starts_with("0x") && std::ranges::all_of(word.substr(2), is_hex_digit);
        const bool is_hex = word.size() >= min_hex && std::ranges::all_of(word, is_hex_digit);
        if (has_digit && (is_prefixed || is_hex || word.size() >= min_token))
            replace(word.size());
        else
            mask_numbers(word.size());
    }

    /// Copies a word of `size` characters and replaces the numbers in it, such as the 7 in "order7". A number at the end of the
    /// word is replaced together with its continuation after the word, such as ".5" after "order7".
    void mask_numbers(std::size_t size) {
        while (size > 0) {
            if (!is_digit(rest_.front())) {
                copy(1);
                --size;
                continue;
            }
            const auto digits = number_size();
            replace(digits);
            size -= std::min(size, digits);
        }
    }

    /// The length of the number at the beginning of the rest, with points and commas between its digits.
    [[nodiscard]] std::size_t number_size() const {
        std::size_t size = 0;
        while (size < rest_.size()) {
            const bool separates =
                (rest_[size] == '.' || rest_[size] == ',') && size + 1 < rest_.size() && is_digit(rest_[size + 1]);
            if (!is_digit(rest_[size]) && !separates)
                break;
            ++size;
        }
        return size;
    }

    void replace(std::size_t size) {
        masked_ += '?';
        skip(size);
    }

    void copy(std::size_t size) {
        masked_.append(rest_.substr(0, size));
        skip(size);
    }

    void skip(std::size_t size) {
        follows_word_ = is_word_character(rest_[size - 1]);
        rest_.remove_prefix(size);
    }

    std::string_view rest_;
    std::string masked_;
    bool follows_word_ = false; ///< the character before the rest is a letter or a digit
};

} // namespace

std::string storable_error(std::string_view text) {
    if (text.size() <= max_error && is_utf8(text))
        return std::string{text};
    std::string stored;
    while (!text.empty()) {
        const auto size = std::min(character_size(text.front()), text.size());
        const bool is_valid = is_utf8(text.substr(0, size));
        const auto next = is_valid ? text.substr(0, size) : std::string_view{"?"};
        if (stored.size() + next.size() > max_error)
            break;
        stored.append(next);
        text.remove_prefix(is_valid ? size : 1);
    }
    return stored;
}

std::string masked_error(std::string_view text) {
    return masking{text}.run();
}

} // namespace atrium::events

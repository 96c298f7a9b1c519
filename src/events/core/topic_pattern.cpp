#include <events/topic_pattern.hpp>

namespace atrium::events {
namespace {

/// Splits as RabbitMQ does: "" has no word, "a." has two, the second of them empty.
std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> words;
    if (text.empty())
        return words;
    std::size_t start = 0;
    for (auto dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.', start)) {
        words.emplace_back(text.substr(start, dot - start));
        start = dot + 1;
    }
    words.emplace_back(text.substr(start));
    return words;
}

} // namespace

bool is_topic(std::string_view text) noexcept {
    char previous = '.';
    for (const char c : text) {
        const bool is_word_character = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        if (!is_word_character && (c != '.' || previous == '.'))
            return false;
        previous = c;
    }
    return previous != '.' && text.find('.') != std::string_view::npos;
}

topic_pattern::topic_pattern(std::string_view pattern) : text_{pattern}, words_{split(pattern)} {}

bool topic_pattern::matches(std::string_view topic) const {
    const auto topic_words = split(topic);

    // Greedy matching that backtracks only to the last '#': after a mismatch, that '#' takes one more word. Linear in practice,
    // never exponential.
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t hash = words_.size(); // index of the last '#' so far; `words_.size()` if there is none yet
    std::size_t hash_end = 0;         // index of the topic word after those that this '#' has taken
    while (t < topic_words.size()) {
        if (p < words_.size() && words_[p] == "#") {
            hash = p++;
            hash_end = t;
        } else if (p < words_.size() && (words_[p] == "*" || words_[p] == topic_words[t])) {
            ++p;
            ++t;
        } else if (hash < words_.size()) {
            p = hash + 1;
            t = ++hash_end;
        } else {
            return false;
        }
    }
    while (p < words_.size() && words_[p] == "#")
        ++p;
    return p == words_.size();
}

} // namespace atrium::events

#include <entity/value_type.hpp>

#include <algorithm>

namespace atrium::entity {

std::optional<std::int64_t> enumeration::find_word(std::string_view word) const noexcept {
    const auto found = std::ranges::find(words, word);
    if (found == words.end())
        return std::nullopt;
    return found - words.begin();
}

std::string enumeration::rule() const {
    std::string text = "must be ";
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0)
            text += i + 1 == words.size() ? " or " : ", ";
        text += words[i];
    }
    return text;
}

template const value_type& value_type_of<bool>();
template const value_type& value_type_of<std::int64_t>();
template const value_type& value_type_of<std::string>();
template const value_type& value_type_of<timestamp>();

} // namespace atrium::entity

#include <http/token.hpp>

#include <algorithm>

namespace atrium::http {

bool is_token_character(char c) noexcept {
    constexpr std::string_view other_characters = "!#$%&'*+-.^_`|~";
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           other_characters.find(c) != other_characters.npos;
}

bool is_token(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

} // namespace atrium::http

#pragma once

#include <http/token.hpp>

#include <algorithm>
#include <string_view>

namespace atrium::http {

// Functions that remove the beginning of a header's value from `rest`.

/// Returns false if `rest` begins with another character.
[[nodiscard]] inline bool take_character(std::string_view& rest, char expected) {
    if (rest.empty() || rest.front() != expected)
        return false;
    rest.remove_prefix(1);
    return true;
}

/// Empty if `rest` does not begin with a token.
[[nodiscard]] inline std::string_view take_token(std::string_view& rest) {
    const auto end = std::find_if_not(rest.begin(), rest.end(), is_token_character);
    const auto token = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    rest.remove_prefix(token.size());
    return token;
}

} // namespace atrium::http

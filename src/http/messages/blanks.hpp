#pragma once

#include <algorithm>
#include <string_view>

namespace atrium::http {

/// Removes leading blanks, which may separate the parts of a header's value (RFC 9110, section 5.6.3).
inline void skip_blanks(std::string_view& rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
}

/// The text without leading and trailing blanks.
[[nodiscard]] inline std::string_view trim_blanks(std::string_view text) {
    skip_blanks(text);
    return text.substr(0, text.find_last_not_of(" \t") + 1);
}

} // namespace atrium::http

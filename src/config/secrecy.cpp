#include "secrecy.hpp"

#include <algorithm>

namespace atrium::config {
namespace {

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// Whether something other than a port follows the first colon, as in "ann:secret". This may be a user and a password in an
/// incomplete URL.
bool has_odd_port(std::string_view authority) noexcept {
    const auto colon = authority.find(':', authority.starts_with('[') ? authority.find(']') : 0);
    if (colon == std::string_view::npos)
        return false;
    const auto port = authority.substr(colon + 1);
    return !std::all_of(port.begin(), port.end(), is_digit);
}

/// Whether a URL has a query or a fragment, which may be a token, or an odd port. `rest` is the text after "://".
bool may_hold_token(std::string_view rest) noexcept {
    const auto url = rest.substr(0, rest.find_first_of(" \"',"));
    return url.find_first_of("?#") != std::string_view::npos || has_odd_port(url.substr(0, url.find('/')));
}

} // namespace

bool may_hold_password(std::string_view text) noexcept {
    if (text.find('@') != std::string_view::npos)
        return true;
    constexpr std::string_view divider = "://";
    for (auto position = text.find(divider); position != std::string_view::npos; position = text.find(divider, position + 1))
        if (may_hold_token(text.substr(position + divider.size())))
            return true;
    return false;
}

std::string shown_value(const value& input, bool is_secret) {
    return is_secret || may_hold_password(input.display_text) ? std::string{not_shown} : input.display_text;
}

} // namespace atrium::config

#include "rules.hpp"

#include <base/names.hpp>
#include <base/text.hpp>

#include <algorithm>
#include <cstddef>

namespace atrium::users {
namespace {

constexpr std::size_t max_label_size = 63; // bytes of a domain name's label (RFC 1034)

constexpr bool is_letter_or_digit(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

constexpr bool is_local_character(char c) noexcept {
    return is_letter_or_digit(c) || std::string_view{".!#$%&'*+/=?^_`{|}~-"}.find(c) != std::string_view::npos;
}

/// Whether a text has at most 63 bytes and the form `let-dig [ [ ldh-str ] let-dig ]`, which the HTML standard defines as a
/// `label` of an email address.
bool is_label(std::string_view label) noexcept {
    return !label.empty() && label.size() <= max_label_size && is_letter_or_digit(label.front()) &&
           is_letter_or_digit(label.back()) &&
           std::all_of(label.begin(), label.end(), [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

/// Whether a text has the form `label *( "." label )`.
bool is_domain(std::string_view domain) noexcept {
    for (auto dot = domain.find('.'); dot != std::string_view::npos; dot = domain.find('.')) {
        if (!is_label(domain.substr(0, dot)))
            return false;
        domain.remove_prefix(dot + 1);
    }
    return is_label(domain);
}

/// Whether a text has the form `1*( atext / "." ) "@" domain`.
bool is_email(std::string_view text) noexcept {
    const auto at_sign = text.find('@');
    if (at_sign == std::string_view::npos || at_sign == 0)
        return false;
    const auto local = text.substr(0, at_sign);
    return std::all_of(local.begin(), local.end(), is_local_character) && is_domain(text.substr(at_sign + 1));
}

} // namespace

std::string fault_of_username(std::string_view username) {
    if (has_control_character(username))
        return "must not contain control characters";
    if (has_outer_blanks(username))
        return "must not begin or end with a blank";
    return fault_of_name(username);
}

std::string fault_of_email(std::string_view email) {
    return is_email(email) ? "" : "must be an email address";
}

} // namespace atrium::users

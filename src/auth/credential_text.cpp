#include "credential_text.hpp"

#include <base/text.hpp>

#include <algorithm>

namespace atrium::auth {
namespace {

std::string_view trim(std::string_view text) noexcept {
    const auto begin = std::min(text.find_first_not_of(" \t"), text.size());
    text.remove_prefix(begin);
    return text.substr(0, text.find_last_not_of(" \t") + 1);
}

} // namespace

std::optional<std::string_view> find_bearer(std::string_view authorization) noexcept {
    constexpr std::string_view scheme = "Bearer";
    if (!ascii_iequals(authorization.substr(0, scheme.size()), scheme))
        return std::nullopt;
    const auto rest = authorization.substr(scheme.size());
    if (!rest.empty() && rest.front() != ' ')
        return std::nullopt;
    return trim(rest);
}

std::optional<std::string_view> find_cookie(std::string_view field, std::string_view name) noexcept {
    while (!field.empty()) {
        const auto pair = trim(field.substr(0, field.find(';')));
        field.remove_prefix(std::min(field.size(), field.find(';') == field.npos ? field.size() : field.find(';') + 1));
        const auto equals = pair.find('=');
        if (equals != pair.npos && trim(pair.substr(0, equals)) == name)
            return trim(pair.substr(equals + 1));
    }
    return std::nullopt;
}

} // namespace atrium::auth

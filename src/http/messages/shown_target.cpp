#include "messages/shown_target.hpp"

#include "messages/form_encoding.hpp"

#include <base/text.hpp>

#include <algorithm>

namespace atrium::http {
namespace {

bool is_secret(std::string_view name) {
    return ascii_iequals(name, "code") || ascii_iequals(name, "token");
}

/// `encoded` is a name as it is in a query string. Most names have no escapes, and are compared without allocating memory.
bool is_secret_when_decoded(std::string_view encoded) {
    if (encoded.find('%') == encoded.npos)
        return is_secret(encoded);
    const auto name = decode_form_text(encoded);
    return name && is_secret(*name);
}

} // namespace

std::string shown_target(std::string_view target) {
    std::string shown;
    append_shown_target(shown, target);
    return shown;
}

void append_shown_target(std::string& text, std::string_view target) {
    constexpr std::string_view hidden = "=(hidden)";
    const auto query = std::min(target.find('?'), target.size());
    text.append(target.substr(0, query));
    auto rest = target.substr(query);
    while (!rest.empty()) { // each parameter follows a question mark or an ampersand
        text += rest.front();
        rest.remove_prefix(1);
        const auto parameter = rest.substr(0, rest.find('&'));
        rest.remove_prefix(parameter.size());
        const auto name = parameter.substr(0, parameter.find('='));
        if (is_secret_when_decoded(name) && name.size() < parameter.size())
            text.append(name).append(hidden);
        else
            text.append(parameter);
    }
}

} // namespace atrium::http

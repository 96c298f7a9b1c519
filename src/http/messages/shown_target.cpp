#include "messages/shown_target.hpp"

#include <base/text.hpp>

#include <algorithm>

namespace atrium::http {
namespace {

bool is_secret(std::string_view name) {
    return ascii_iequals(name, "code") || ascii_iequals(name, "token");
}

} // namespace

std::string shown_target(std::string_view target) {
    const auto query = std::min(target.find('?'), target.size());
    std::string shown{target.substr(0, query)};
    auto rest = target.substr(query);
    while (!rest.empty()) { // each parameter follows a question mark or an ampersand
        shown += rest.front();
        rest.remove_prefix(1);
        const auto parameter = rest.substr(0, rest.find('&'));
        rest.remove_prefix(parameter.size());
        const auto name = parameter.substr(0, parameter.find('='));
        shown += is_secret(name) && name.size() < parameter.size() ? std::string{name} + "=(hidden)" : std::string{parameter};
    }
    return shown;
}

} // namespace atrium::http

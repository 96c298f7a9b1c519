#include <base/text.hpp>
#include <http/fields.hpp>

#include <algorithm>

namespace atrium::http {

std::string_view fields::get(std::string_view name) const noexcept {
    const auto found = std::find_if(all_.begin(), all_.end(), [&](const field& f) { return ascii_iequals(f.name, name); });
    return found == all_.end() ? std::string_view{} : found->value;
}

bool fields::has(std::string_view name) const noexcept {
    return std::any_of(all_.begin(), all_.end(), [&](const field& f) { return ascii_iequals(f.name, name); });
}

std::size_t fields::count(std::string_view name) const noexcept {
    return static_cast<std::size_t>(
        std::count_if(all_.begin(), all_.end(), [&](const field& f) { return ascii_iequals(f.name, name); }));
}

} // namespace atrium::http

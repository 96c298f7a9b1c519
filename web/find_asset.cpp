#include <web/assets.hpp>

#include <algorithm>

namespace atrium::web {

const asset* find_asset(std::string_view page, std::string_view name) noexcept {
    const auto all = assets();
    const auto found = std::ranges::find_if(all, [&](const asset& a) { return a.page == page && a.name == name; });
    return found == all.end() ? nullptr : &*found;
}

} // namespace atrium::web

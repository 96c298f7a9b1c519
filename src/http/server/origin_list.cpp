#include "server/origin_list.hpp"

#include <http/origin.hpp>

#include <algorithm>

namespace atrium::http {

origin_list::origin_list(const std::vector<std::string>& setting) {
    for (const auto& text : setting) {
        if (text == "*")
            has_every_ = true;
        else if (auto origin = normalize_origin(text))
            origins_.push_back(*std::move(origin));
    }
}

bool origin_list::contains(std::string_view origin) const noexcept {
    return has_every_ || std::find(origins_.begin(), origins_.end(), origin) != origins_.end();
}

} // namespace atrium::http

#include "server/eviction_order.hpp"

#include <algorithm>

namespace atrium::http {

std::optional<eviction_standing> standing_of(const connection_fsm& fsm) noexcept {
    switch (fsm.state()) {
    case connection_state::lingering: return eviction_standing{eviction_rank::lingering, fsm.deadline()};
    case connection_state::idle: return eviction_standing{eviction_rank::idle, fsm.deadline()};
    case connection_state::header: return eviction_standing{eviction_rank::header, fsm.deadline()};
    default: return std::nullopt;
    }
}

void eviction_order::fill(address_filter filter, std::vector<eviction_candidate>& candidates) {
    const auto goes_before = [](const eviction_candidate& a, const eviction_candidate& b) { return a.standing < b.standing; };
    const auto count = std::min(candidates.size(), max_kept);
    const auto end = candidates.begin() + static_cast<std::ptrdiff_t>(count);
    std::partial_sort(candidates.begin(), end, candidates.end(), goes_before);
    if (candidates.empty() && filter)
        address_without_candidates_ = filter;
    else if (candidates.empty())
        is_without_candidates_ = true;
    filter_ = filter;
    kept_.assign(std::make_reverse_iterator(end), candidates.rend());
}

bool eviction_order::would_find_none(address_filter filter) const noexcept {
    return is_without_candidates_ || (filter && filter == address_without_candidates_);
}

void eviction_order::renew() noexcept {
    is_without_candidates_ = false;
    address_without_candidates_.reset();
}

std::optional<eviction_candidate> eviction_order::take(address_filter filter) {
    if (filter != filter_ || kept_.empty())
        return std::nullopt;
    const auto next = kept_.back();
    kept_.pop_back();
    return next;
}

} // namespace atrium::http

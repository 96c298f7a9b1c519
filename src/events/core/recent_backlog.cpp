#include "core/recent_backlog.hpp"

#include <algorithm>
#include <utility>

namespace atrium::events {

std::optional<backlog> recent_backlog::find(clock::time_point now) {
    const std::lock_guard lock{mutex_};
    if (now < used_until_)
        return last_;
    used_until_ = now + 2 * took_;
    return std::nullopt;
}

std::optional<backlog> recent_backlog::last() {
    const std::lock_guard lock{mutex_};
    return last_;
}

void recent_backlog::keep(backlog counted, clock::time_point began, clock::time_point ended) {
    const bool is_large = counted.pending + counted.dead >= large;
    const std::lock_guard lock{mutex_};
    last_ = std::move(counted);
    took_ = is_large ? ended - began : clock::duration{0};
    used_until_ = ended + std::min<clock::duration>(10 * took_, max_age);
}

} // namespace atrium::events

#include "unacked.hpp"

#include <algorithm>

namespace atrium::events::rabbitmq {

void unacked::add(std::uint64_t tag, std::size_t bytes) {
    deliveries_.push_back({tag, bytes});
    bytes_ += bytes;
}

std::optional<std::uint64_t> unacked::finish(std::span<const std::uint64_t> tags, std::size_t& count) {
    for (const auto tag : tags) {
        const auto found = std::ranges::lower_bound(deliveries_, tag, {}, &delivery::tag);
        if (found != deliveries_.end() && found->tag == tag)
            found->is_finished = true;
    }
    std::optional<std::uint64_t> up_to;
    while (!deliveries_.empty() && deliveries_.front().is_finished) {
        up_to = deliveries_.front().tag;
        bytes_ -= deliveries_.front().bytes;
        deliveries_.pop_front();
        ++count;
    }
    return up_to;
}

void unacked::drop_from(std::uint64_t tag) {
    while (!deliveries_.empty() && deliveries_.back().tag >= tag) {
        bytes_ -= deliveries_.back().bytes;
        deliveries_.pop_back();
    }
}

} // namespace atrium::events::rabbitmq

#include "unacked.hpp"

#include <algorithm>

namespace atrium::events::rabbitmq {

void unacked::arrived(std::uint64_t tag) {
    deliveries_.push_back({tag});
}

std::optional<std::uint64_t> unacked::finish(std::span<const std::uint64_t> tags, std::size_t& number) {
    for (const auto tag : tags) {
        const auto found = std::ranges::lower_bound(deliveries_, tag, {}, &delivery::tag);
        if (found != deliveries_.end() && found->tag == tag)
            found->finished = true;
    }
    std::optional<std::uint64_t> up_to;
    while (!deliveries_.empty() && deliveries_.front().finished) {
        up_to = deliveries_.front().tag;
        deliveries_.pop_front();
        ++number;
    }
    return up_to;
}

void unacked::drop_from(std::uint64_t tag) {
    deliveries_.erase(std::ranges::lower_bound(deliveries_, tag, {}, &delivery::tag), deliveries_.end());
}

} // namespace atrium::events::rabbitmq

#include "core/topic_blocks.hpp"

#include <algorithm>

namespace atrium::events {

topic_blocks::topic_set topic_blocks::add(std::string_view topic) {
    const auto known = std::ranges::find(topics_, topic);
    const auto bit = static_cast<std::size_t>(known - topics_.begin());
    if (bit >= max_topics)
        return all_others;
    if (known == topics_.end())
        topics_.emplace_back(topic);
    return topic_set{1} << bit;
}

topic_blocks::topic_set topic_blocks::topics_matching(const topic_pattern& pattern) const {
    auto found = all_others;
    for (std::size_t bit = 0; bit < topics_.size(); ++bit)
        if (pattern.matches(topics_[bit]))
            found |= topic_set{1} << bit;
    return found;
}

void topic_blocks::remember_block(event_seq last, topic_set topics) {
    blocks_[last] = topics;
    if (blocks_.size() > max_blocks)
        blocks_.erase(blocks_.begin());
}

event_seq topic_blocks::skippable_up_to(event_seq seen, topic_set topics) const {
    for (auto block = blocks_.find(block_end(seen)); block != blocks_.end() && block->first == block_end(seen); ++block) {
        if ((block->second & topics) != 0)
            break;
        seen = block->first;
    }
    return seen;
}

} // namespace atrium::events

#pragma once

#include <events/event.hpp>
#include <events/topic_pattern.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::events {

/// Remembers which topics occur in which block of the journal, for the blocks that have been read, so that a reader can skip
/// blocks without a match. What it remembers stays true, because events are only appended to the journal or removed from it. No
/// I/O; one thread at a time.
class topic_blocks {
public:
    /// The number of events in a block: block n has the seqs from `n * block_size + 1` to `(n + 1) * block_size`.
    static constexpr std::int64_t block_size = 1'000;
    /// Max number of blocks that are remembered (the newest ones).
    static constexpr std::size_t max_blocks = 10'000;
    /// Max number of topics that are distinguished. All other topics share the last bit.
    static constexpr std::size_t max_topics = 63;

    /// The last seq of the block that contains the event after `seen`.
    [[nodiscard]] static event_seq block_end(event_seq seen) noexcept { return {(seen.value / block_size + 1) * block_size}; }

    /// A set of topics; it may contain more topics than were added.
    using topic_set = std::uint64_t;
    /// Returns the set with this topic. If possible, the topic is distinguished from all others from now on.
    [[nodiscard]] topic_set add(std::string_view topic);
    /// The topics that the pattern matches, and all topics that share the last bit.
    [[nodiscard]] topic_set topics_matching(const topic_pattern& pattern) const;

    /// Records that the block whose last seq is `last` was read completely and contains only these topics.
    void remember_block(event_seq last, topic_set topics);
    /// Returns the last seq up to which a reader can skip the events after `seen`, because it is known that none of them has
    /// one of these topics. The result is `seen` or the end of a block.
    [[nodiscard]] event_seq skippable_up_to(event_seq seen, topic_set topics) const;

private:
    static constexpr topic_set all_others = topic_set{1} << max_topics;

    std::vector<std::string> topics_; ///< indexed by bit
    std::map<event_seq, topic_set> blocks_;
};

} // namespace atrium::events

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

/// Which topics stand in which part of the journal, as far as it has been read: a reader skips the parts that hold nothing for
/// it. What is known stays true, since the journal only grows at its end and loses events. No I/O; one thread at a time.
class topic_blocks {
public:
    /// Events in a block: those from `n * size + 1` to `(n + 1) * size`.
    static constexpr std::int64_t size = 1'000;
    /// Blocks that are remembered, the newest ones; and topics that are told apart.
    static constexpr std::size_t max_blocks = 10'000;
    static constexpr std::size_t max_topics = 63;

    /// The last seq of the block that holds the event behind `seen`.
    [[nodiscard]] static event_seq block_end(event_seq seen) noexcept { return {(seen.value / size + 1) * size}; }

    /// A set of topics; may stand for more than it was made of.
    using topic_set = std::uint64_t;
    [[nodiscard]] topic_set add(std::string_view topic);
    /// Those that the pattern matches, and all that are not told apart.
    [[nodiscard]] topic_set matching(const topic_pattern& pattern) const;

    /// The block that ends with `end` was read from its first event to its last one, and holds only these topics.
    void remember(event_seq end, topic_set topics);
    /// The seq up to which no event behind `seen` is of these topics, as far as that is known: `seen` or the end of a block.
    [[nodiscard]] event_seq skip(event_seq seen, topic_set topics) const;

private:
    static constexpr topic_set all_others = topic_set{1} << max_topics;

    std::vector<std::string> topics_; ///< by their bit
    std::map<event_seq, topic_set> blocks_;
};

} // namespace atrium::events

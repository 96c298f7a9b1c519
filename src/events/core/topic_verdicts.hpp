#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::events {

/// Remembers for a few topics whether they match, because comparing a topic with patterns takes longer than reading an event.
/// Use it from one thread only.
/// @tparam Matches returns whether a topic matches: bool(std::string_view)
template <class Matches>
class topic_verdicts {
public:
    explicit topic_verdicts(Matches matches) : matches_{std::move(matches)} {}

    [[nodiscard]] bool operator()(std::string_view topic) {
        const auto known = std::ranges::find(known_, topic, &verdict::topic);
        if (known != known_.end())
            return known->is_match;
        const bool is_match = matches_(topic);
        if (known_.size() < max_topics)
            known_.push_back({std::string{topic}, is_match});
        return is_match;
    }

private:
    static constexpr std::size_t max_topics = 16;
    struct verdict {
        std::string topic;
        bool is_match;
    };

    Matches matches_;
    std::vector<verdict> known_;
};

} // namespace atrium::events

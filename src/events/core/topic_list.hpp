#pragma once

#include <events/topic_pattern.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::events {

// The topics of a subscription as the journal stores them: patterns, separated by blanks.

[[nodiscard]] std::string join_topics(const std::vector<std::string>& patterns);
[[nodiscard]] std::vector<topic_pattern> split_topics(std::string_view text);
[[nodiscard]] bool matches_any(std::span<const topic_pattern> patterns, std::string_view topic);

/// Whether a recorded subscription is an outlet; see `outlet`.
[[nodiscard]] inline bool is_outlet(std::string_view subscription) noexcept {
    return subscription.starts_with("events.");
}

} // namespace atrium::events

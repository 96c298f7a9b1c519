#include "core/topic_list.hpp"

#include <algorithm>

namespace atrium::events {

std::string join_topics(const std::vector<std::string>& patterns) {
    std::string text;
    for (const auto& pattern : patterns)
        text.append(text.empty() ? "" : " ").append(pattern);
    return text;
}

std::vector<topic_pattern> split_topics(std::string_view text) {
    std::vector<topic_pattern> patterns;
    while (!text.empty()) {
        const auto blank = std::min(text.find(' '), text.size());
        patterns.emplace_back(text.substr(0, blank));
        text.remove_prefix(std::min(blank + 1, text.size()));
    }
    return patterns;
}

bool matches_any(std::span<const topic_pattern> patterns, std::string_view topic) {
    return std::ranges::any_of(patterns, [&](const auto& pattern) { return pattern.matches(topic); });
}

} // namespace atrium::events

#include "require.hpp"

#include <events/topic_pattern.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

using namespace atrium::events;
using atrium::fuzz::require;

namespace {

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const auto dot = text.find('.');
        words.push_back(text.substr(0, dot));
        if (dot == text.npos)
            return words;
        text.remove_prefix(dot + 1);
        if (text.empty())
            words.push_back(text); // after the last dot
    }
    return words;
}

/// Implements the definition of topic patterns in AMQP with a table. `before[t]` is true if the words of the pattern that were
/// read so far match the first t words of the topic.
bool matches(const std::vector<std::string_view>& pattern, const std::vector<std::string_view>& topic) {
    std::vector<bool> before(topic.size() + 1, false);
    before[0] = true;
    for (const auto word : pattern) {
        std::vector<bool> after(topic.size() + 1, false);
        for (std::size_t t = 0; t <= topic.size(); ++t)
            after[t] = word == "#" ? before[t] || (t > 0 && after[t - 1])
                                   : t > 0 && before[t - 1] && (word == "*" || word == topic[t - 1]);
        before = std::move(after);
    }
    return before.back();
}

} // namespace

/// The input is a pattern and a topic, separated by a line feed. Both may be any text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), std::min<std::size_t>(size, 1000)};
    const auto end = std::min(text.find('\n'), text.size());
    const auto pattern = text.substr(0, end);
    const auto topic = text.substr(std::min(end + 1, text.size()));
    const bool found = topic_pattern{pattern}.matches(topic);
    require(found == matches(words_of(pattern), words_of(topic)), "patterns match as AMQP defines it");
    require(topic_pattern{"#"}.matches(topic), "# matches everything");
    if (is_topic(topic))
        require(topic_pattern{topic}.matches(topic) && topic_pattern{"*.#"}.matches(topic), "a topic matches itself");
    return 0;
}

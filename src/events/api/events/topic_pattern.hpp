#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace atrium::events {

/// Whether an event can have this topic: words of lower-case letters, digits and '_', separated by single dots. There are at
/// least two words: the module, and what happened.
[[nodiscard]] bool is_topic(std::string_view text) noexcept;

/// A topic pattern of AMQP 0-9-1's topic exchange: words separated by '.', where `*` stands for one word and `#` for any number
/// of words, including none. Patterns match as they do in RabbitMQ, also for empty words.
class topic_pattern {
public:
    explicit topic_pattern(std::string_view pattern);

    [[nodiscard]] bool matches(std::string_view topic) const;
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
    std::vector<std::string> words_;
};

} // namespace atrium::events

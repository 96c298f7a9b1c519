#include <events/topic_pattern.hpp>
#include <support/catch.hpp>

#include <random>
#include <span>
#include <string>
#include <vector>

using atrium::events::is_topic;
using atrium::events::topic_pattern;

TEST_CASE("a pattern without wildcards matches only the same topic") {
    CHECK(topic_pattern{"orders.order_created"}.matches("orders.order_created"));
    CHECK_FALSE(topic_pattern{"orders.order_created"}.matches("orders.order_updated"));
    CHECK_FALSE(topic_pattern{"orders.order_created"}.matches("orders"));
    CHECK_FALSE(topic_pattern{"orders"}.matches("orders.order_created"));
}

TEST_CASE("a star stands for exactly one word") {
    CHECK(topic_pattern{"*.made"}.matches("order.made"));
    CHECK_FALSE(topic_pattern{"*.made"}.matches("made"));
    CHECK_FALSE(topic_pattern{"*.made"}.matches("shop.order.made"));
    CHECK(topic_pattern{"*.*"}.matches("."));
    CHECK_FALSE(topic_pattern{"*"}.matches(""));
}

TEST_CASE("a hash stands for any number of words, including none") {
    CHECK(topic_pattern{"#"}.matches(""));
    CHECK(topic_pattern{"#"}.matches("a.b.c"));
    CHECK(topic_pattern{"a.#"}.matches("a"));
    CHECK(topic_pattern{"a.#.d"}.matches("a.d"));
    CHECK(topic_pattern{"a.#.d"}.matches("a.b.c.d"));
    CHECK_FALSE(topic_pattern{"a.#.d"}.matches("a.b.c"));
    CHECK(topic_pattern{"#.b.#.d"}.matches("b.a.b.c.d"));
    CHECK(topic_pattern{"#.*"}.matches("a"));
    CHECK_FALSE(topic_pattern{"#.*"}.matches(""));
    CHECK(topic_pattern{"*.#.*"}.matches("a.b"));
    CHECK_FALSE(topic_pattern{"*.#.*"}.matches("a"));
}

TEST_CASE("an empty word counts as a word, but an empty topic has no words") {
    CHECK(topic_pattern{"a."}.matches("a."));
    CHECK(topic_pattern{"a.*"}.matches("a."));
    CHECK_FALSE(topic_pattern{"a"}.matches("a."));
    CHECK(topic_pattern{""}.matches(""));
    CHECK_FALSE(topic_pattern{""}.matches("."));
}

namespace {

/// Matches according to the definition of patterns. Takes exponential time.
bool matches_by_definition(std::span<const std::string> pattern, std::span<const std::string> topic) {
    if (pattern.empty())
        return topic.empty();
    if (pattern.front() == "#")
        return matches_by_definition(pattern.subspan(1), topic) ||
               (!topic.empty() && matches_by_definition(pattern, topic.subspan(1)));
    return !topic.empty() && (pattern.front() == "*" || pattern.front() == topic.front()) &&
           matches_by_definition(pattern.subspan(1), topic.subspan(1));
}

std::string join(std::span<const std::string> words) {
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : ".") + word;
    return text;
}

} // namespace

TEST_CASE("random patterns match random topics according to the definition of patterns") {
    std::mt19937 dice{20};
    const std::vector<std::string> letters{"a", "b", "*", "#"};
    const auto random_words = [&](std::size_t kinds) {
        std::vector<std::string> words(1 + dice() % 6);
        for (auto& word : words)
            word = letters[dice() % kinds];
        return words;
    };
    int matched = 0;
    for (int i = 0; i < 20'000; ++i) {
        const auto pattern = random_words(4);
        const auto topic = random_words(2);
        const bool expected = matches_by_definition(pattern, topic);
        INFO(join(pattern) << " against " << join(topic));
        REQUIRE(topic_pattern{join(pattern)}.matches(join(topic)) == expected);
        matched += expected;
    }
    CHECK(matched > 1'000);
}

TEST_CASE("matching stays fast with many hashes") {
    std::string pattern = "#";
    std::string topic = "a";
    for (int i = 0; i < 200; ++i) {
        pattern += ".a.#";
        topic += ".a";
    }
    CHECK(topic_pattern{pattern}.matches(topic));
    CHECK_FALSE(topic_pattern{pattern + ".b"}.matches(topic));
}

TEST_CASE("a topic has at least two words of lower-case letters, digits and underscores") {
    for (const auto* topic : {"orders.order_created", "a.b", "a.b.c", "a_1.2"})
        CHECK(is_topic(topic));
    for (const auto* text : {"", ".", "orders", ".a", "a.", "a..b", "A.b", "a.b c", "a.b-c", "a.#", "a.*", "a.\xc3\xa4"})
        CHECK_FALSE(is_topic(text));
}

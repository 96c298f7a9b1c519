#include "core/topic_blocks.hpp"

#include <support/catch.hpp>

using namespace atrium::events;

TEST_CASE("blocks without a matching topic are skipped, until a block that has a matching topic or was not remembered") {
    topic_blocks blocks;
    const auto common_topic = blocks.add("probe.common");
    const auto rare_topic = blocks.add("probe.rare");
    blocks.remember_block({1'000}, common_topic);
    blocks.remember_block({2'000}, common_topic);
    blocks.remember_block({3'000}, common_topic | rare_topic);
    blocks.remember_block({5'000}, common_topic);
    const auto matching_topics = blocks.topics_matching(topic_pattern{"*.rare"});
    CHECK(blocks.skippable_up_to({0}, matching_topics).value == 2'000);
    CHECK(blocks.skippable_up_to({1'500}, matching_topics).value == 2'000);
    CHECK(blocks.skippable_up_to({2'000}, matching_topics).value == 2'000);
    CHECK(blocks.skippable_up_to({3'000}, matching_topics).value == 3'000);
    CHECK(blocks.skippable_up_to({0}, blocks.topics_matching(topic_pattern{"no.such"})).value == 3'000);
    CHECK(blocks.skippable_up_to({0}, blocks.topics_matching(topic_pattern{"#"})).value == 0);
}

TEST_CASE("topics after the first max_topics share one bit, and blocks with such a topic are never skipped") {
    topic_blocks blocks;
    for (std::size_t i = 0; i < topic_blocks::max_topics; ++i)
        CHECK(blocks.add("a.b" + std::to_string(i)) == topic_blocks::topic_set{1} << i);
    const auto other = blocks.add("a.other");
    CHECK(other == blocks.add("a.another"));
    blocks.remember_block({1'000}, other);
    CHECK(blocks.skippable_up_to({0}, blocks.topics_matching(topic_pattern{"no.such"})).value == 0);
    CHECK(blocks.add("a.b7") == topic_blocks::topic_set{1} << 7);
}

TEST_CASE("if more than max_blocks blocks are remembered, the oldest ones are forgotten") {
    topic_blocks blocks;
    const auto common_topic = blocks.add("probe.common");
    const auto count = static_cast<std::int64_t>(topic_blocks::max_blocks) + 1;
    for (std::int64_t n = 1; n <= count; ++n)
        blocks.remember_block({n * topic_blocks::block_size}, common_topic);
    const auto unused_topics = blocks.topics_matching(topic_pattern{"no.such"});
    CHECK(blocks.skippable_up_to({0}, unused_topics).value == 0);
    CHECK(blocks.skippable_up_to({1'000}, unused_topics).value == count * topic_blocks::block_size);
}

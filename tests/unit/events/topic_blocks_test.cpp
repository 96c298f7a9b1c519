#include "core/topic_blocks.hpp"

#include <support/catch.hpp>

using namespace atrium::events;

TEST_CASE("blocks without any of the topics are skipped, up to the first block that is unknown or contains one of them") {
    topic_blocks blocks;
    const auto made = blocks.add("probe.made");
    const auto rare = blocks.add("probe.rare");
    blocks.remember({1'000}, made);
    blocks.remember({2'000}, made);
    blocks.remember({3'000}, made | rare);
    blocks.remember({5'000}, made);
    const auto rare_ones = blocks.matching(topic_pattern{"*.rare"});
    CHECK(blocks.skip({0}, rare_ones).value == 2'000);
    CHECK(blocks.skip({1'500}, rare_ones).value == 2'000);
    CHECK(blocks.skip({2'000}, rare_ones).value == 2'000);
    CHECK(blocks.skip({3'000}, rare_ones).value == 3'000);
    CHECK(blocks.skip({0}, blocks.matching(topic_pattern{"no.such"})).value == 3'000);
    CHECK(blocks.skip({0}, blocks.matching(topic_pattern{"#"})).value == 0);
}

TEST_CASE("blocks with topics beyond the max number of distinguished topics are never skipped") {
    topic_blocks blocks;
    for (std::size_t i = 0; i < topic_blocks::max_topics; ++i)
        CHECK(blocks.add("a.b" + std::to_string(i)) == topic_blocks::topic_set{1} << i);
    const auto other = blocks.add("a.other");
    CHECK(other == blocks.add("a.another"));
    blocks.remember({1'000}, other);
    CHECK(blocks.skip({0}, blocks.matching(topic_pattern{"no.such"})).value == 0);
    CHECK(blocks.add("a.b7") == topic_blocks::topic_set{1} << 7);
}

TEST_CASE("the oldest blocks are forgotten if there are too many") {
    topic_blocks blocks;
    const auto made = blocks.add("probe.made");
    const auto count = static_cast<std::int64_t>(topic_blocks::max_blocks) + 1;
    for (std::int64_t n = 1; n <= count; ++n)
        blocks.remember({n * topic_blocks::size}, made);
    const auto none = blocks.matching(topic_pattern{"no.such"});
    CHECK(blocks.skip({0}, none).value == 0);
    CHECK(blocks.skip({1'000}, none).value == count * topic_blocks::size);
}

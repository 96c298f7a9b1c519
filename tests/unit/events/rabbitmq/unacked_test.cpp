#include "rabbitmq/unacked.hpp"

#include <support/catch.hpp>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>
#include <vector>

using namespace atrium::events::rabbitmq;

namespace {

std::optional<std::uint64_t> finish(unacked& u, std::vector<std::uint64_t> tags) {
    std::size_t number = 0;
    return u.finish(tags, number);
}

} // namespace

TEST_CASE("an acknowledgment covers all deliveries before the first unfinished one") {
    unacked u;
    for (std::uint64_t tag = 1; tag <= 5; ++tag)
        u.add(tag);
    CHECK_FALSE(finish(u, {3, 2}));
    CHECK(u.size() == 5);
    CHECK(finish(u, {1}) == 3);
    CHECK_FALSE(finish(u, {5}));
    CHECK(finish(u, {4}) == 5);
    CHECK(u.empty());
}

TEST_CASE("the memory of a delivery is counted until it is acknowledged or dropped") {
    unacked u;
    for (std::uint64_t tag = 1; tag <= 5; ++tag)
        u.add(tag, 10 * tag);
    CHECK(u.bytes() == 150);
    CHECK_FALSE(finish(u, {2})); // finished but not acknowledged yet
    CHECK(u.bytes() == 150);
    CHECK(finish(u, {1}) == 2);
    CHECK(u.bytes() == 120);
    u.drop_from(4);
    CHECK(u.bytes() == 30);
    u.clear();
    CHECK(u.bytes() == 0);
}

TEST_CASE("unknown and already finished tags are ignored") {
    unacked u;
    u.add(7);
    u.add(9);
    CHECK_FALSE(finish(u, {6, 8, 10, 0}));
    CHECK(finish(u, {7, 7}) == 7);
    CHECK_FALSE(finish(u, {7}));
    CHECK(finish(u, {9}) == 9);
    CHECK_FALSE(finish(u, {9}));
}

TEST_CASE("dropped deliveries are never acknowledged, but earlier ones are") {
    unacked u;
    for (std::uint64_t tag = 1; tag <= 5; ++tag)
        u.add(tag);
    u.drop_from(4);
    CHECK(finish(u, {1, 2, 3, 4, 5}) == 3);
    CHECK(u.empty());
    u.add(6);
    u.clear();
    CHECK(u.empty());
}

TEST_CASE("deliveries finished in any order are acknowledged once, and never before they are finished") {
    std::mt19937 random{20261122};
    for (int round = 0; round < 200; ++round) {
        std::vector<std::uint64_t> tags(100);
        std::iota(tags.begin(), tags.end(), std::uint64_t{1});
        unacked u;
        for (const auto tag : tags)
            u.add(tag);
        std::ranges::shuffle(tags, random);
        std::set<std::uint64_t> finished;
        std::uint64_t acknowledged = 0;
        std::size_t number = 0;
        for (const auto tag : tags) {
            finished.insert(tag);
            const std::vector<std::uint64_t> one{tag};
            if (const auto last_tag = u.finish(one, number)) {
                REQUIRE(*last_tag > acknowledged);
                acknowledged = *last_tag;
            }
            REQUIRE(static_cast<std::uint64_t>(std::ranges::count_if(finished, [&](auto f) { return f <= acknowledged; })) ==
                    acknowledged);
            REQUIRE(number == acknowledged);
        }
        CHECK(acknowledged == 100);
    }
}

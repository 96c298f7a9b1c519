#include "order_state.hpp"

#include <support/catch.hpp>

using namespace atrium::users;

namespace {

constexpr auto unknown = order_state::unknown;
constexpr auto counted = order_state::counted;
constexpr auto deleted = order_state::deleted;
constexpr auto assumed = order_state::assumed;

} // namespace

TEST_CASE("a created order is counted once, and not after it was deleted") {
    CHECK(step_of_creation(unknown, false) == order_step{counted, 1});
    CHECK(step_of_creation(counted, false) == order_step{counted});
    CHECK(step_of_creation(deleted, false) == order_step{deleted});
}

TEST_CASE("a deleted order is subtracted only if it was counted") {
    CHECK(step_of_deletion(counted, false) == order_step{deleted, -1});
    CHECK(step_of_deletion(unknown, false) == order_step{deleted});
    CHECK(step_of_deletion(deleted, false) == order_step{deleted});
}

TEST_CASE("an order that an earlier version of Atrium may have counted is subtracted once when it is deleted") {
    CHECK(step_of_deletion(unknown, true) == order_step{assumed, -1, -1});
    CHECK(step_of_deletion(assumed, true) == order_step{assumed});
    CHECK(step_of_deletion(counted, true) == order_step{deleted, -1});
    CHECK(step_of_deletion(deleted, true) == order_step{deleted});
}

TEST_CASE("if a deleted order was wrongly assumed to be counted, the first delivery of its order_created corrects the count") {
    CHECK(step_of_creation(assumed, false) == order_step{deleted, 1, 1});
    CHECK(step_of_creation(assumed, true) == order_step{assumed});
}

TEST_CASE("the replay of an order_created that an earlier version of Atrium has counted changes nothing") {
    for (const auto state : {unknown, counted, deleted, assumed})
        CHECK(step_of_creation(state, true) == order_step{state});
}

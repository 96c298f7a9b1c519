#include "rabbitmq/drain_look.hpp"

#include <support/catch.hpp>

using namespace atrium::events::rabbitmq;
using role = consumer::role;

TEST_CASE("a drain counts both queues of a subscription, and needs a connected consumer") {
    CHECK(holds_nothing({.base = 0, .interim = {}, .role = role::active}));
    CHECK(holds_nothing({.base = 0, .interim = {}, .role = role::standby}));
    CHECK_FALSE(holds_nothing({.base = 1, .interim = {}, .role = role::active}));
    CHECK_FALSE(holds_nothing({.base = 0, .interim = {}, .role = role::absent}));
    CHECK_FALSE(holds_nothing({.base = {}, .interim = {}, .role = role::active}));
    CHECK_FALSE(holds_nothing({.base = 0, .interim = 3, .role = role::active}));
    CHECK_FALSE(holds_nothing({.base = 0, .interim = 0, .role = role::active}));
}

TEST_CASE("a drain of a standby does not wait for an empty interim queue, which another process will delete") {
    CHECK(holds_nothing({.base = 0, .interim = 0, .role = role::standby}));
    CHECK_FALSE(holds_nothing({.base = 0, .interim = 3, .role = role::standby}));
}

#include "rabbitmq/drain_look.hpp"

#include <support/catch.hpp>

using namespace atrium::events::rabbitmq;
using role = consumer::role;

TEST_CASE("the broker holds nothing for a connected consumer if its queue is empty and there is no interim queue") {
    CHECK(holds_nothing({.base = 0, .interim = {}, .role = role::active}));
    CHECK(holds_nothing({.base = 0, .interim = {}, .role = role::standby}));
    CHECK_FALSE(holds_nothing({.base = 1, .interim = {}, .role = role::active}));
    CHECK_FALSE(holds_nothing({.base = 0, .interim = {}, .role = role::absent}));
    CHECK_FALSE(holds_nothing({.base = {}, .interim = {}, .role = role::active}));
    CHECK_FALSE(holds_nothing({.base = 0, .interim = 3, .role = role::active}));
    CHECK_FALSE(holds_nothing({.base = 0, .interim = 0, .role = role::active}));
}

TEST_CASE("the broker holds nothing for a standby even if there is an empty interim queue, which another process will delete") {
    CHECK(holds_nothing({.base = 0, .interim = 0, .role = role::standby}));
    CHECK_FALSE(holds_nothing({.base = 0, .interim = 3, .role = role::standby}));
}

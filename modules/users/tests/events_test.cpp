#include "account.hpp"

#include <entity/changes.hpp>
#include <entity/event_data.hpp>
#include <support/catch.hpp>

using namespace atrium;
using namespace atrium::users;

TEST_CASE("an event about a user has id, name, address and revision, under the user's key") {
    const account a{.id = {7}, .username = "ann \"\u00E9\"", .email = "ann@example.com", .revision = 3};
    CHECK(entity::event_key(account_entity, &a) == "user/7");
    CHECK(entity::event_data(account_entity, entity::event_fields(account_entity), &a) ==
          R"({"user_id":7,"username":"ann \"é\"","email":"ann@example.com","revision":3})");
}

// Compares every byte of a user that clients and consumers see. A new field changes the expectations in this file. All other
// tests check only the fields that concern them.
#include "account.hpp"
#include "users_process.hpp"

#include <entity/changes.hpp>
#include <entity/event_data.hpp>
#include <support/catch.hpp>
#include <users/events.hpp>

using namespace atrium;
using namespace atrium::users;

TEST_CASE("an event about a user has the key user/ID and contains id, name, address and revision") {
    const account a{.id = {7}, .username = "ann \"\u00E9\"", .email = "ann@example.com", .revision = 3};
    CHECK(entity::event_key(account_entity, &a) == "user/7");
    CHECK(entity::event_data(account_entity, entity::event_fields(account_entity, user_created), &a) ==
          R"({"user_id":7,"username":"ann \"é\"","email":"ann@example.com","revision":3})");
}

TEST_CASE("a response and an event contain the fields of a user in the sequence in which its entity description lists them") {
    users_process process;
    const auto created = process.post("/users/", R"({"username":"ann","email":"ann@example.com"})");
    CHECK(created.body == R"({"message":"User created successfully","user":{"id":1,"username":"ann","email":"ann@example.com",)"
                          R"("order_count":0,"last_order_at":null,"revision":1,"created_at":"2026-11-22T12:00:00.000Z",)"
                          R"("updated_at":"2026-11-22T12:00:00.000Z"}})");
    CHECK(process.published(user_created).at(0).data ==
          R"({"user_id":1,"username":"ann","email":"ann@example.com","revision":1})");

    process.remove("/users/1");
    CHECK(process.published(user_deleted).at(0).data == R"({"user_id":1,"username":"ann","revision":2})");
}

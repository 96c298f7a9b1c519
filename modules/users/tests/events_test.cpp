#include <support/catch.hpp>
#include <users/events.hpp>

using namespace atrium;
using namespace atrium::users;

namespace {

events::event received(std::string_view topic, std::string data) {
    events::event e;
    e.topic = topic;
    e.data = std::move(data);
    return e;
}

} // namespace

TEST_CASE("a user's event tells id, name, address and revision, under the user's key") {
    const auto told =
        to_event(user_created, {.id = {7}, .username = "ann \"\u00E9\"", .email = "ann@example.com", .revision = 3});
    CHECK(told.topic == "users.user_created");
    CHECK(told.key == "user/7");
    CHECK(told.priority == 4);
    CHECK(told.data == R"({"user_id":7,"username":"ann \"é\"","email":"ann@example.com","revision":3})");

    const auto heard = user_fact_of(received(user_created, told.data));
    REQUIRE(heard);
    CHECK(heard->id == user_id{7});
    CHECK(heard->username == "ann \"\u00E9\"");
    CHECK(heard->email == "ann@example.com");
    CHECK(heard->revision == 3);
}

TEST_CASE("the event of a user that left has no address") {
    const auto told = to_event(user_deleted, {.id = {7}, .username = "ann", .email = "ann@example.com", .revision = 4});
    CHECK(told.data == R"({"user_id":7,"username":"ann","revision":4})");
    CHECK(user_fact_of(received(user_deleted, told.data)));
}

TEST_CASE("fields that this version does not know are passed over") {
    CHECK(user_fact_of(received(user_deleted, R"({"user_id":7,"username":"ann","revision":4,"mood":"good"})")));
}

TEST_CASE("data that is no user fact is refused, not thrown at the handler") {
    for (const auto* bad :
         {"", "{", "[]", "null", "{}", R"({"user_id":"7","username":"ann","email":"a@b","revision":4})",
          R"({"user_id":7,"username":1,"email":"a@b","revision":4})", R"({"user_id":7,"username":"ann","revision":4})",
          R"({"user_id":7,"username":"ann","email":"a@b","revision":4.5})",
          R"({"user_id":99999999999999999999,"username":"ann","email":"a@b","revision":4})"}) {
        const auto heard = user_fact_of(received(user_updated, bad));
        REQUIRE_FALSE(heard);
        CHECK(heard.error().code == errc::malformed);
    }
}

#include "users_process.hpp"

#include <support/catch.hpp>
#include <users/events.hpp>

using namespace atrium;
using namespace atrium::users;
using http::status;

TEST_CASE("creating a user returns its location and publishes an event") {
    users_process process;
    const auto created = process.post("/users/", R"({"username":"ann","email":"ann@example.com"})");
    CHECK(created.status == status::created);
    CHECK(created.header("Location") == "/users/1");
    CHECK(created.header("ETag") == "\"1\"");
    CHECK(created.json().at("message") == "User created successfully");
    CHECK(created.json().at("user") == process.get("/users/1").json());

    const auto published = process.published();
    REQUIRE(published.size() == 1);
    CHECK(published[0].topic == user_created);
    CHECK(published[0].key == "user/1");
    CHECK(summary_of(published[0]) == "user 1: ann, revision 1");
    CHECK(published[0].traceparent.substr(3, 32) == "0123456789abcdef0123456789abcdef");
}

TEST_CASE("a user can be created with a form") {
    users_process process;
    const auto created = process.send(http::verb::post, "/users/", "username=ann+lee&email=ann%40example.com",
                                      {{"Content-Type", "application/x-www-form-urlencoded"}});
    CHECK(created.status == status::created);
    CHECK(created.json().at("user").at("username") == "ann lee");
}

TEST_CASE("if a new user is refused, the response lists all errors, and no event is published") {
    users_process process;
    const auto refused = process.post("/users/", R"({"username":" ann","email":"ann","age":7})");
    CHECK(refused.status == status::unprocessable_entity);
    CHECK(refused.json().at("errors") ==
          boost::json::value{{{"pointer", "/username"}, {"detail", "must not begin or end with a blank"}},
                             {{"pointer", "/email"}, {"detail", "must be an email address"}},
                             {{"pointer", "/age"}, {"detail", "is not a known field"}}});
    CHECK(process.post("/users/", "{}").json().at("errors") ==
          boost::json::value{{{"pointer", "/username"}, {"detail", "is required"}},
                             {{"pointer", "/email"}, {"detail", "is required"}}});
    CHECK(process.published().empty());
}

TEST_CASE(
    "a name with an invisible character is refused for a new user and for a change, but a joiner in an emoji is allowed") {
    users_process process;
    process.create("ann");
    for (const auto* name : {R"(\u200b)", R"(\u202eadmin)", R"(ad\u200bmin)", R"(admin\u3164)", R"(a\ue000)", R"(a\uffff)"}) {
        CAPTURE(name);
        const auto username = std::string{R"("username":")"} + name + '"';
        const auto refused = process.post("/users/", "{" + username + R"(,"email":"bob@example.com"})");
        CHECK(refused.status == status::unprocessable_entity);
        CHECK(refused.json().at("errors").at(0).at("pointer") == "/username");
        CHECK(process.patch("/users/1", "{" + username + "}").status == status::unprocessable_entity);
    }
    CHECK(process.published().size() == 1);

    const auto emoji = process.post("/users/", R"({"username":"👨\u200d👩\u200d👧","email":"bob@example.com"})");
    CHECK(emoji.status == status::created);
}

TEST_CASE(
    "a user whose stored name is no longer allowed can be read, changed and deleted, but not renamed to another such name") {
    users_process process;
    process.create("admin");
    REQUIRE(support::run(process.store("users").write([](storage::transaction& t) -> result<> {
        t.execute("UPDATE users_account SET username = 'ad\u200bmin' WHERE id = 1");
        return {};
    })));

    CHECK(process.get("/users/1").json().at("username") == "ad\u200bmin");
    CHECK(process.get("/users/?username=ad%E2%80%8Bmin").json().as_array().size() == 1);
    CHECK(process.patch("/users/1", R"({"email":"other@example.com"})").json().at("username") == "ad\u200bmin");
    CHECK(process.patch("/users/1", R"({"username":"ad\u200bmin2"})").status == status::unprocessable_entity);
    CHECK(process.patch("/users/1", R"({"username":"admin"})").status == status::ok);
    CHECK(process.remove("/users/1").status == status::no_content);
}

TEST_CASE("creating a user whose name or address is taken, ignoring case, is a conflict whose errors list the taken fields") {
    users_process process;
    process.create("ann");
    process.create("bob");

    const auto both = process.post("/users/", R"({"username":"ANN","email":"Bob@Example.com"})");
    CHECK(both.status == status::conflict);
    CHECK(both.json().at("errors") == boost::json::value{{{"pointer", "/username"}, {"detail", "is taken"}},
                                                         {{"pointer", "/email"}, {"detail", "is taken"}}});

    const auto refused = process.post("/users/", R"({"username":"cat","email":"ANN@example.com"})");
    CHECK(refused.status == status::conflict);
    CHECK(refused.json().at("errors").as_array().size() == 1);
    CHECK(refused.json().at("errors").at(0).at("pointer") == "/email");

    SECTION("only ASCII letters are compared without regard to case") {
        CHECK(process.post("/users/", R"({"username":"É","email":"e1@example.com"})").status == status::created);
        CHECK(process.post("/users/", R"({"username":"é","email":"e2@example.com"})").status == status::created);
    }
}

TEST_CASE("GET returns a user with an ETag, and 304 to a client that has it") {
    users_process process;
    process.create("ann");
    const auto answer = process.get("/users/1");
    CHECK(answer.status == status::ok);
    CHECK(answer.json().at("username") == "ann");
    CHECK(answer.header("ETag") == "\"1\"");

    const auto unchanged = process.get("/users/1", {{"If-None-Match", "\"1\""}});
    CHECK(unchanged.status == status::not_modified);
    CHECK(unchanged.header("ETag") == "\"1\"");
    CHECK(unchanged.body.empty());
    CHECK(process.get("/users/1", {{"If-None-Match", "\"2\""}}).status == status::ok);
    CHECK(process.get("/users/1", {{"If-Match", "\"2\""}}).status == status::precondition_failed);
    CHECK(process.get("/users/1", {{"If-Match", "\"1\""}}).status == status::ok);
    CHECK(process.get("/users/9", {{"If-Match", "*"}}).status == status::not_found);
}

TEST_CASE("in conditional requests, a list counts as an existing resource without an ETag") {
    users_process process;
    const auto post = [&](http::field condition) {
        return process
            .send(http::verb::post, "/users/", R"({"username":"ann","email":"ann@example.com"})",
                  {{"Content-Type", "application/json"}, condition})
            .status;
    };
    CHECK(post({"If-Match", "\"1\""}) == status::precondition_failed);
    CHECK(post({"If-None-Match", "*"}) == status::precondition_failed);
    CHECK(process.get("/users/").json().as_array().empty());
    CHECK(post({"If-Match", "*"}) == status::created);

    CHECK(process.get("/users/", {{"If-Match", "\"1\""}}).status == status::precondition_failed);
    CHECK(process.get("/users/", {{"If-None-Match", "\"1\""}}).status == status::ok);
    CHECK(process.get("/users/", {{"If-None-Match", "*"}}).status == status::not_modified);
    CHECK(process.get("/users/?limit=0", {{"If-None-Match", "*"}}).status == status::bad_request);
}

TEST_CASE("a request for an unknown user, or for an id that is not a positive 63-bit number, gets 404") {
    users_process process;
    process.create("ann");
    for (const auto* path : {"/users/2", "/users/0", "/users/-1", "/users/01", "/users/ann", "/users/9223372036854775808"})
        CHECK(process.get(path).status == status::not_found);
    CHECK(process.patch("/users/2", "{}").status == status::not_found);
    CHECK(process.remove("/users/2").status == status::not_found);
}

TEST_CASE("a query parameter is refused, with an error that names it, if the resource takes no query parameters") {
    users_process process;
    process.create("ann");
    for (const auto& answer : {process.get("/users/1?x=1"), process.remove("/users/1?x=1"), process.patch("/users/1?x=1", "{}"),
                               process.post("/users/?x=1", R"({"username":"bob","email":"bob@example.com"})")}) {
        CHECK(answer.status == status::bad_request);
        CHECK(answer.body.find("\"x\"") != std::string::npos);
    }
}

TEST_CASE("PATCH of a user increases the revision, sets updated_at and publishes an event") {
    users_process process;
    process.create("ann");
    process.time().advance(std::chrono::seconds{5});

    const auto changed = process.patch("/users/1", R"({"username":"anna"})");
    CHECK(changed.status == status::ok);
    CHECK(changed.header("ETag") == "\"2\"");
    CHECK(changed.json().at("username") == "anna");
    CHECK(changed.json().at("email") == "ann@example.com");
    CHECK(changed.json().at("created_at") == "2026-11-22T12:00:00.000Z");
    CHECK(changed.json().at("updated_at") == "2026-11-22T12:00:05.000Z");
    CHECK(process.get("/users/1").body == changed.body);

    const auto published = process.published(user_updated);
    REQUIRE(published.size() == 1);
    CHECK(summary_of(published[0]) == "user 1: anna, revision 2");
}

TEST_CASE("PATCH with the same values changes nothing") {
    users_process process;
    process.create("ann");
    process.time().advance(std::chrono::seconds{5});
    for (const auto* same : {"{}", R"({"username":"ann"})", R"({"username":"ann","email":"ann@example.com"})"}) {
        const auto answer = process.patch("/users/1", same);
        CHECK(answer.status == status::ok);
        CHECK(answer.header("ETag") == "\"1\"");
        CHECK(answer.json().at("updated_at") == "2026-11-22T12:00:00.000Z");
    }
    CHECK(process.published(user_updated).empty());
}

TEST_CASE("changing the case of one's own name is a change, not a conflict") {
    users_process process;
    process.create("ann");
    const auto changed = process.patch("/users/1", R"({"username":"Ann"})");
    CHECK(changed.status == status::ok);
    CHECK(changed.json().at("username") == "Ann");
    CHECK(changed.header("ETag") == "\"2\"");
}

TEST_CASE("a user cannot change to a name that another user has") {
    users_process process;
    process.create("ann");
    process.create("bob");
    const auto refused = process.patch("/users/2", R"({"username":"Ann","email":"new@example.com"})");
    CHECK(refused.status == status::conflict);
    CHECK(process.get("/users/2").json().at("email") == "bob@example.com");
}

TEST_CASE("a change of a user is refused if a value is null or invalid, or if a field is unknown") {
    users_process process;
    process.create("ann");
    CHECK(process.patch("/users/1", R"({"email":null})").status == status::unprocessable_entity);
    CHECK(process.patch("/users/1", R"({"email":"no"})").status == status::unprocessable_entity);
    CHECK(process.patch("/users/1", R"({"id":2})").status == status::unprocessable_entity);
}

TEST_CASE("a client with an outdated ETag can neither change nor delete a user") {
    users_process process;
    process.create("ann");
    CHECK(process.patch("/users/1", R"({"username":"anna"})", {{"If-Match", "\"2\""}}).status == status::precondition_failed);
    CHECK(process.patch("/users/1", "{}", {{"If-Match", "\"2\""}}).status == status::precondition_failed);
    CHECK(process.remove("/users/1", {{"If-Match", "\"2\""}}).status == status::precondition_failed);
    for (const auto* same : {"\"1\"", "W/\"1\"", "*"}) {
        CHECK(process.patch("/users/1", R"({"username":"anna"})", {{"If-None-Match", same}}).status ==
              status::precondition_failed);
        CHECK(process.remove("/users/1", {{"If-None-Match", same}}).status == status::precondition_failed);
    }

    CHECK(process.patch("/users/1", R"({"username":"anna"})", {{"If-Match", "\"1\""}, {"If-None-Match", "\"2\""}}).status ==
          status::ok);
    CHECK(process.remove("/users/1", {{"If-Match", "*"}}).status == status::no_content);
}

TEST_CASE("DELETE removes a user and publishes an event, and the id is not used again") {
    users_process process;
    process.create("ann");
    const auto removed = process.remove("/users/1");
    CHECK(removed.status == status::no_content);
    CHECK(removed.body.empty());
    CHECK(process.get("/users/1").status == status::not_found);

    const auto published = process.published(user_deleted);
    REQUIRE(published.size() == 1);
    CHECK(summary_of(published[0]) == "user 1: ann, revision 2");
    CHECK(process.create("ann") == 2);
}

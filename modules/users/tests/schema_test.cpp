// Users in GraphQL: the same rules, errors and effects as in REST.
#include "users_process.hpp"

#include <entity/list.hpp>
#include <module_support/fields_alone.hpp>
#include <support/catch.hpp>
#include <users/events.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

using namespace atrium;
using namespace atrium::users;
using boost::json::serialize;
using boost::json::value;

namespace {

/// Creates the users u1, u2, ... up to `count`, and deletes those in `gone`.
void fill(users_process& here, int count, const std::vector<int>& gone = {}) {
    for (int i = 1; i <= count; ++i)
        here.create("u" + std::to_string(i));
    for (const auto each : gone)
        here.remove("/users/" + std::to_string(each));
}

/// The data of a response. A response with errors fails the test.
value data(users_process& here, std::string query, boost::json::object variables = {}) {
    auto answer = here.ask(std::move(query), std::move(variables));
    if (answer.as_object().contains("errors"))
        FAIL(serialize(answer));
    return answer.at("data");
}

/// The only error of a response whose data is null.
value error_of(users_process& here, std::string query, boost::json::object variables = {}) {
    const auto answer = here.ask(std::move(query), std::move(variables));
    REQUIRE(answer.as_object().contains("errors"));
    CHECK(answer.at("errors").as_array().size() == 1);
    return answer.at("errors").at(0);
}

std::string code_of(users_process& here, std::string query, boost::json::object variables = {}) {
    return std::string{error_of(here, std::move(query), std::move(variables)).at("extensions").at("code").as_string()};
}

/// "u1 u2 < >": the names on a page; '<' and '>' if there are more on that side.
std::string page(users_process& here, const std::string& arguments) {
    const auto found =
        data(here, "{ users(" + arguments + ") { edges { node { username } } pageInfo { hasNextPage hasPreviousPage } } }")
            .at("users");
    std::string text;
    for (const auto& each : found.at("edges").as_array())
        text.append(each.at("node").at("username").as_string()).append(" ");
    text += found.at("pageInfo").at("hasPreviousPage").as_bool() ? "<" : "";
    text += found.at("pageInfo").at("hasNextPage").as_bool() ? ">" : "";
    return text;
}

std::string cursor(int id) {
    return '"' + entity::to_cursor(id) + '"';
}

} // namespace

TEST_CASE("each field of a user has the same value alone as together with the others") {
    users_process here;
    fill(here, 3);
    here.patch("/users/2", R"({"username":"other"})");
    for (const auto* query : {"{ allUsers { @ } }", "{ user(id: 2) { @ } }", R"({ user(username: "other") { @ } })",
                              R"({ node(id: "User:2") { ... on User { @ } } })", "{ users(last: 2) { edges { node { @ } } } }",
                              R"({ users(search: "u") { edges { node { @ } } } })"})
        support::check_fields_alone(here, "User", query);
}

TEST_CASE("a user in GraphQL has the same values as in REST") {
    users_process here;
    here.create("ann");
    const auto shown = here.get("/users/1").json();
    const auto user =
        data(here, "{ user(id: 1) { nodeId id username email orderCount lastOrderAt revision createdAt updatedAt } }")
            .at("user");
    CHECK(user == value{{"nodeId", "User:1"},
                        {"id", "1"},
                        {"username", shown.at("username")},
                        {"email", shown.at("email")},
                        {"orderCount", shown.at("order_count")},
                        {"lastOrderAt", shown.at("last_order_at")},
                        {"revision", shown.at("revision")},
                        {"createdAt", shown.at("created_at")},
                        {"updatedAt", shown.at("updated_at")}});
    CHECK(user.at("createdAt") == "2026-11-22T12:00:00.000Z");
}

TEST_CASE("a user is found by id or by name, and only by one of them") {
    users_process here;
    here.create("Ann");
    CHECK(data(here, R"({ user(id: "1") { username } })").at("user").at("username") == "Ann");
    CHECK(data(here, R"({ user(username: "aNN") { id } })").at("user").at("id") == "1");
    CHECK(data(here, R"({ user(id: 1, username: null) { id } })").at("user").at("id") == "1");
    for (const auto* unknown :
         {"id: 2", "id: 0", "id: -1", R"(id: "")", R"(id: "x")", R"(id: "01")", R"(id: "99999999999999999999")",
          R"(username: "bob")", R"(username: "")", R"(username: "a\u0000")"})
        CHECK(data(here, "{ user(" + std::string{unknown} + ") { id } }").at("user").is_null());
    CHECK(code_of(here, "{ user { id } }") == "MALFORMED");
    CHECK(code_of(here, R"({ user(id: 1, username: "Ann") { id } })") == "MALFORMED");
}

TEST_CASE("a node is found by its type and id") {
    users_process here;
    here.create("ann");
    CHECK(data(here, R"({ node(id: "User:1") { __typename nodeId ... on User { username } } })").at("node") ==
          value{{"__typename", "User"}, {"nodeId", "User:1"}, {"username", "ann"}});
    for (const auto* unknown : {"User:2", "User:", "User", ":1", "", "user:1", "Order:1", "UserEdge:1", "Query:1", "Node:1",
                                "User:1:1", "User:x", "User:01"})
        CHECK(data(here, "query ($id: ID!) { node(id: $id) { nodeId } }", {{"id", unknown}}).at("node").is_null());
}

TEST_CASE("all users are listed by ascending id, a hundred by default") {
    users_process here;
    fill(here, 102, {2});
    const auto ids = [&](const std::string& arguments) {
        std::vector<std::string> all;
        const auto found = data(here, "{ allUsers" + arguments + " { id } }");
        for (const auto& each : found.at("allUsers").as_array())
            all.emplace_back(each.at("id").as_string());
        return all;
    };
    CHECK(ids("(first: 3)") == std::vector<std::string>{"1", "3", "4"});
    CHECK(ids("(first: 0)").empty());
    CHECK(ids("").size() == 100);
    CHECK(ids("(first: null)").size() == 100);
    CHECK(ids("(first: 1000)").size() == 101);
    for (const auto* first : {"-1", "1001"}) {
        const auto error = error_of(here, "{ allUsers(first: " + std::string{first} + ") { id } }");
        CHECK(error.at("extensions") ==
              value{{"code", "INVALID"}, {"errors", {{{"pointer", "first"}, {"detail", "must be 0 to 1000"}}}}});
        CHECK(error.at("path") == value{"allUsers"});
    }
}

TEST_CASE("users are paged from the start and from the end, over gaps") {
    users_process here;
    fill(here, 9, {1, 4, 5, 9}); // 2 3 6 7 8
    CHECK(page(here, "first: 2") == "u2 u3 >");
    CHECK(page(here, "first: 2, after: " + cursor(3)) == "u6 u7 <>");
    CHECK(page(here, "first: 2, after: " + cursor(5)) == "u6 u7 <>"); // the user at this cursor was deleted
    CHECK(page(here, "first: 2, after: " + cursor(7)) == "u8 <");
    CHECK(page(here, "first: 2, after: " + cursor(8)) == "<");
    CHECK(page(here, "first: 5") == "u2 u3 u6 u7 u8 ");
    CHECK(page(here, "first: 0") == ">");

    CHECK(page(here, "last: 2") == "u7 u8 <");
    CHECK(page(here, "last: 2, before: " + cursor(7)) == "u3 u6 <>");
    CHECK(page(here, "last: 2, before: " + cursor(3)) == "u2 >");
    CHECK(page(here, "last: 5") == "u2 u3 u6 u7 u8 ");
    CHECK(page(here, "last: 0") == "<");

    CHECK(page(here, "first: 1, after: " + cursor(2) + ", before: " + cursor(8)) == "u3 <>");
    CHECK(page(here, "last: 1, after: " + cursor(2) + ", before: " + cursor(8)) == "u7 <>");
    CHECK(page(here, "after: " + cursor(6) + ", before: " + cursor(3)) == "<");
    CHECK(page(here, "first: null, last: null, after: null, before: null") == "u2 u3 u6 u7 u8 ");
}

TEST_CASE("the cursors of a page are those of its first and last user, and lead to the next page") {
    users_process here;
    fill(here, 3);
    const auto query =
        "query ($after: String) { users(first: 2, after: $after) { edges { cursor } pageInfo { startCursor endCursor } } }";
    const auto first = data(here, query).at("users");
    CHECK(first.at("pageInfo").at("startCursor") == first.at("edges").at(0).at("cursor"));
    CHECK(first.at("pageInfo").at("endCursor") == first.at("edges").at(1).at("cursor"));
    const auto second = data(here, query, {{"after", first.at("pageInfo").at("endCursor")}}).at("users");
    CHECK(second.at("edges").as_array().size() == 1);
    const auto third = data(here, query, {{"after", second.at("pageInfo").at("endCursor")}}).at("users");
    CHECK(third.at("pageInfo") == value{{"startCursor", nullptr}, {"endCursor", nullptr}});
}

TEST_CASE("an invalid page is refused with an error for each invalid argument") {
    users_process here;
    const auto error = error_of(here, R"({ users(first: -1, last: 1001, after: "x", before: "") { edges { cursor } } })");
    CHECK(error.at("extensions").at("code") == "INVALID");
    std::string names;
    for (const auto& each : error.at("extensions").at("errors").as_array())
        names.append(each.at("pointer").as_string()).append(" ");
    CHECK(names == "first last last after before ");
}

TEST_CASE("a search finds names and addresses by their beginning, in both directions") {
    users_process here;
    for (const auto* name : {"ann", "bob", "anton", "carl", "Anne"})
        here.create(name);
    here.post("/users/", R"({"username":"dora","email":"an@example.com"})");
    CHECK(page(here, R"(search: "AN")") == "ann Anne anton dora ");
    CHECK(page(here, R"(search: "an", first: 2)") == "ann Anne >");
    CHECK(page(here, R"(search: "an", last: 2)") == "anton dora <");
    const auto anne = data(here, R"({ users(search: "an", first: 2) { pageInfo { endCursor } } })")
                          .at("users")
                          .at("pageInfo")
                          .at("endCursor");
    const auto position = std::string{anne.as_string()};
    CHECK(page(here, R"(search: "an", last: 1, before: ")" + position + "\"") == "ann >");
    CHECK(page(here, R"(search: "an", first: 2, after: ")" + position + "\"") == "anton dora <");
    CHECK(page(here, R"(search: "%")") == "");
    CHECK(page(here, R"(search: "", first: 1)") == "ann >");
}

TEST_CASE("mutations create, change and delete a user, and each publishes an event") {
    users_process here;
    const auto created =
        data(here, R"(mutation { createUser(input: {username: "ann", email: "ann@example.com"}) { id revision } })");
    CHECK(created.at("createUser") == value{{"id", "1"}, {"revision", 1}});
    const auto changed = data(here, R"(mutation { updateUser(id: 1, input: {username: "Anna"}) { username email revision } })");
    CHECK(changed.at("updateUser") == value{{"username", "Anna"}, {"email", "ann@example.com"}, {"revision", 2}});
    const auto same = data(here, R"(mutation { updateUser(id: 1, input: {}) { revision } })");
    CHECK(same.at("updateUser").at("revision") == 2);
    CHECK(data(here, "mutation { deleteUser(id: 1) }").at("deleteUser") == "1");
    CHECK(here.get("/users/1").status == http::status::not_found);

    std::string topics;
    for (const auto& each : here.published()) {
        topics += each.topic + ' ';
        CHECK(each.traceparent.substr(3, 32) == "0123456789abcdef0123456789abcdef");
    }
    CHECK(topics == "users.user_created users.user_updated users.user_deleted ");
}

TEST_CASE("the errors of a mutation have the same pointers and texts as in REST") {
    users_process here;
    here.create("ann");
    here.create("bob");
    const auto same = [&](const http::verb method, const std::string& target, const std::string& query, const value& input,
                          const std::string& code) {
        const auto rest = here.send(method, target, serialize(input)).json();
        const auto extensions = error_of(here, query, {{"input", input}}).at("extensions");
        INFO(serialize(rest) << " " << serialize(extensions));
        CHECK(extensions.at("code").as_string() == code);
        CHECK(extensions.at("errors") == rest.at("errors"));
    };
    const std::string create = "mutation ($input: CreateUserInput!) { createUser(input: $input) { id } }";
    same(http::verb::post, "/users/", create, {{"username", " "}, {"email", "x"}}, "INVALID");
    same(http::verb::post, "/users/", create, {{"username", ""}, {"email", "ok@example.com"}}, "INVALID");
    same(http::verb::post, "/users/", create, {{"username", "a\nb"}, {"email", ""}}, "INVALID");
    same(http::verb::post, "/users/", create, {{"username", "ad\u200bmin"}, {"email", "ok@example.com"}}, "INVALID");
    same(http::verb::post, "/users/", create, {{"username", "ANN"}, {"email", "BOB@example.com"}}, "CONFLICT");
    const std::string update = "mutation ($input: UpdateUserInput!) { updateUser(id: 1, input: $input) { id } }";
    same(http::verb::patch, "/users/1", update, {{"username", "bob"}}, "CONFLICT");
    same(http::verb::patch, "/users/1", update, {{"username", "\u202eadmin"}}, "INVALID");
    same(http::verb::patch, "/users/1", update, {{"username", nullptr}, {"email", nullptr}}, "INVALID");
    same(http::verb::patch, "/users/1", update, {{"email", "no"}}, "INVALID");
    CHECK(here.published().size() == 2);
}

TEST_CASE("an unknown user can be neither changed nor deleted") {
    users_process here;
    for (const auto* id : {"1", "0", "x", ""}) {
        CHECK(code_of(here, "mutation ($id: ID!) { updateUser(id: $id, input: {}) { id } }", {{"id", id}}) == "NOT_FOUND");
        CHECK(code_of(here, "mutation ($id: ID!) { deleteUser(id: $id) }", {{"id", id}}) == "NOT_FOUND");
    }
}

TEST_CASE("the mutations of one request run one after the other, and one that fails does not undo the others") {
    users_process here;
    const auto answer = here.ask(R"(mutation {
        a: createUser(input: {username: "ann", email: "ann@example.com"}) { id }
        b: updateUser(id: 1, input: {username: "bob"}) { username }
    })");
    CHECK(answer.at("data").at("b").at("username") == "bob");
    const auto broken = here.ask(R"(mutation { deleteUser(id: 1) again: deleteUser(id: 1) })");
    CHECK(broken.at("data").is_null()); // deleteUser is never null
    CHECK(broken.at("errors").at(0).at("path") == value{"again"});
    CHECK(here.get("/users/1").status == http::status::not_found);
}

TEST_CASE("userCreated emits new users in their present state, without those that were deleted meanwhile") {
    users_process here;
    here.create("before");
    const auto stream = here.subscribe("subscription { userCreated { id username } }");
    here.create("gone");
    here.create("ann");
    here.create("bob");
    here.remove("/users/2");
    here.patch("/users/3", R"({"username":"anna"})");
    CHECK(here.next_of(*stream) == R"({"data":{"userCreated":{"id":"3","username":"anna"}}})");
    CHECK(here.next_of(*stream) == R"({"data":{"userCreated":{"id":"4","username":"bob"}}})");
}

TEST_CASE("userCreated emits no user twice and no foreign user, whatever is published under its topic") {
    users_process here;
    here.create("ann");
    here.create("bob");
    const auto stream = here.subscribe("subscription { userCreated { username } }");
    for (const auto id : {7, 2, 1, 2, 0}) // events that the users module would not publish
        here.publish(
            {.topic = std::string{user_created},
             .key = "user/" + std::to_string(id),
             .data = R"({"user_id":)" + std::to_string(id) + R"(,"username":"x","email":"x@example.com","revision":1})"});
    here.publish({.topic = std::string{user_created}, .key = "user/1", .data = "{}"});
    CHECK(here.next_of(*stream) == R"({"data":{"userCreated":{"username":"ann"}}})");
    CHECK(here.next_of(*stream) == R"({"data":{"userCreated":{"username":"bob"}}})");
    here.create("carl");
    CHECK(here.next_of(*stream) == R"({"data":{"userCreated":{"username":"carl"}}})");
}

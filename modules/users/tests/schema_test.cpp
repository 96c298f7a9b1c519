// Users in GraphQL have the same rules, errors and effects as in REST.
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

/// Creates `count` users u1, u2, ..., and deletes the users with the ids in `deleted`.
void fill(users_process& process, int count, const std::vector<int>& deleted = {}) {
    for (int i = 1; i <= count; ++i)
        process.create("u" + std::to_string(i));
    for (const auto id : deleted)
        process.remove("/users/" + std::to_string(id));
}

/// The data of a response. A response with errors fails the test.
value data(users_process& process, std::string query, boost::json::object variables = {}) {
    auto answer = process.ask(std::move(query), std::move(variables));
    if (answer.as_object().contains("errors"))
        FAIL(serialize(answer));
    return answer.at("data");
}

/// The only error of a response.
value error_of(users_process& process, std::string query, boost::json::object variables = {}) {
    const auto answer = process.ask(std::move(query), std::move(variables));
    REQUIRE(answer.as_object().contains("errors"));
    CHECK(answer.at("errors").as_array().size() == 1);
    return answer.at("errors").at(0);
}

std::string code_of(users_process& process, std::string query, boost::json::object variables = {}) {
    return std::string{error_of(process, std::move(query), std::move(variables)).at("extensions").at("code").as_string()};
}

/// The names on a page, as "u1 u2 <>": '<' if there is a previous page, '>' if there is a next one.
std::string page(users_process& process, const std::string& arguments) {
    const auto connection =
        data(process, "{ users(" + arguments + ") { edges { node { username } } pageInfo { hasNextPage hasPreviousPage } } }")
            .at("users");
    std::string text;
    for (const auto& edge : connection.at("edges").as_array())
        text.append(edge.at("node").at("username").as_string()).append(" ");
    text += connection.at("pageInfo").at("hasPreviousPage").as_bool() ? "<" : "";
    text += connection.at("pageInfo").at("hasNextPage").as_bool() ? ">" : "";
    return text;
}

std::string cursor(int id) {
    return '"' + entity::to_cursor(id) + '"';
}

} // namespace

TEST_CASE("each field of a user has the same value whether it is selected alone or with all others") {
    users_process process;
    fill(process, 3);
    process.patch("/users/2", R"({"username":"other"})");
    for (const auto* query : {"{ allUsers { @ } }", "{ user(id: 2) { @ } }", R"({ user(username: "other") { @ } })",
                              R"({ node(id: "User:2") { ... on User { @ } } })", "{ users(last: 2) { edges { node { @ } } } }",
                              R"({ users(search: "u") { edges { node { @ } } } })"})
        support::check_fields_alone(process, "User", query);
}

TEST_CASE("a user in GraphQL has the same values as in REST") {
    users_process process;
    process.create("ann");
    const auto user_in_rest = process.get("/users/1").json();
    const auto user =
        data(process, "{ user(id: 1) { nodeId id username email orderCount lastOrderAt revision createdAt updatedAt } }")
            .at("user");
    CHECK(user == value{{"nodeId", "User:1"},
                        {"id", "1"},
                        {"username", user_in_rest.at("username")},
                        {"email", user_in_rest.at("email")},
                        {"orderCount", user_in_rest.at("order_count")},
                        {"lastOrderAt", user_in_rest.at("last_order_at")},
                        {"revision", user_in_rest.at("revision")},
                        {"createdAt", user_in_rest.at("created_at")},
                        {"updatedAt", user_in_rest.at("updated_at")}});
    CHECK(user.at("createdAt") == "2026-11-22T12:00:00.000Z");
}

TEST_CASE("a user is found by id or by name, but not by both together") {
    users_process process;
    process.create("Ann");
    CHECK(data(process, R"({ user(id: "1") { username } })").at("user").at("username") == "Ann");
    CHECK(data(process, R"({ user(username: "aNN") { id } })").at("user").at("id") == "1");
    CHECK(data(process, R"({ user(id: 1, username: null) { id } })").at("user").at("id") == "1");
    for (const auto* unknown :
         {"id: 2", "id: 0", "id: -1", R"(id: "")", R"(id: "x")", R"(id: "01")", R"(id: "99999999999999999999")",
          R"(username: "bob")", R"(username: "")", R"(username: "a\u0000")"})
        CHECK(data(process, "{ user(" + std::string{unknown} + ") { id } }").at("user").is_null());
    CHECK(code_of(process, "{ user { id } }") == "MALFORMED");
    CHECK(code_of(process, R"({ user(id: 1, username: "Ann") { id } })") == "MALFORMED");
}

TEST_CASE("a node is found by its type and id") {
    users_process process;
    process.create("ann");
    CHECK(data(process, R"({ node(id: "User:1") { __typename nodeId ... on User { username } } })").at("node") ==
          value{{"__typename", "User"}, {"nodeId", "User:1"}, {"username", "ann"}});
    for (const auto* unknown : {"User:2", "User:", "User", ":1", "", "user:1", "Order:1", "UserEdge:1", "Query:1", "Node:1",
                                "User:1:1", "User:x", "User:01"})
        CHECK(data(process, "query ($id: ID!) { node(id: $id) { nodeId } }", {{"id", unknown}}).at("node").is_null());
}

TEST_CASE("allUsers lists users by ascending id, at most a hundred by default") {
    users_process process;
    fill(process, 102, {2});
    const auto ids = [&](const std::string& arguments) {
        std::vector<std::string> all;
        const auto response = data(process, "{ allUsers" + arguments + " { id } }");
        for (const auto& user : response.at("allUsers").as_array())
            all.emplace_back(user.at("id").as_string());
        return all;
    };
    CHECK(ids("(first: 3)") == std::vector<std::string>{"1", "3", "4"});
    CHECK(ids("(first: 0)").empty());
    CHECK(ids("").size() == 100);
    CHECK(ids("(first: null)").size() == 100);
    CHECK(ids("(first: 1000)").size() == 101);
    for (const auto* first : {"-1", "1001"}) {
        const auto error = error_of(process, "{ allUsers(first: " + std::string{first} + ") { id } }");
        CHECK(error.at("extensions") ==
              value{{"code", "INVALID"}, {"errors", {{{"pointer", "first"}, {"detail", "must be 0 to 1000"}}}}});
        CHECK(error.at("path") == value{"allUsers"});
    }
}

TEST_CASE("users are listed page by page from the start and from the end, with gaps between the ids") {
    users_process process;
    fill(process, 9, {1, 4, 5, 9}); // leaves 2 3 6 7 8
    CHECK(page(process, "first: 2") == "u2 u3 >");
    CHECK(page(process, "first: 2, after: " + cursor(3)) == "u6 u7 <>");
    CHECK(page(process, "first: 2, after: " + cursor(5)) == "u6 u7 <>"); // the user at this cursor was deleted
    CHECK(page(process, "first: 2, after: " + cursor(7)) == "u8 <");
    CHECK(page(process, "first: 2, after: " + cursor(8)) == "<");
    CHECK(page(process, "first: 5") == "u2 u3 u6 u7 u8 ");
    CHECK(page(process, "first: 0") == ">");

    CHECK(page(process, "last: 2") == "u7 u8 <");
    CHECK(page(process, "last: 2, before: " + cursor(7)) == "u3 u6 <>");
    CHECK(page(process, "last: 2, before: " + cursor(3)) == "u2 >");
    CHECK(page(process, "last: 5") == "u2 u3 u6 u7 u8 ");
    CHECK(page(process, "last: 0") == "<");

    CHECK(page(process, "first: 1, after: " + cursor(2) + ", before: " + cursor(8)) == "u3 <>");
    CHECK(page(process, "last: 1, after: " + cursor(2) + ", before: " + cursor(8)) == "u7 <>");
    CHECK(page(process, "after: " + cursor(6) + ", before: " + cursor(3)) == "<");
    CHECK(page(process, "first: null, last: null, after: null, before: null") == "u2 u3 u6 u7 u8 ");
}

TEST_CASE("startCursor and endCursor belong to the first and last user of a page, and endCursor starts the next page") {
    users_process process;
    fill(process, 3);
    const auto query =
        "query ($after: String) { users(first: 2, after: $after) { edges { cursor } pageInfo { startCursor endCursor } } }";
    const auto first = data(process, query).at("users");
    CHECK(first.at("pageInfo").at("startCursor") == first.at("edges").at(0).at("cursor"));
    CHECK(first.at("pageInfo").at("endCursor") == first.at("edges").at(1).at("cursor"));
    const auto second = data(process, query, {{"after", first.at("pageInfo").at("endCursor")}}).at("users");
    CHECK(second.at("edges").as_array().size() == 1);
    const auto third = data(process, query, {{"after", second.at("pageInfo").at("endCursor")}}).at("users");
    CHECK(third.at("pageInfo") == value{{"startCursor", nullptr}, {"endCursor", nullptr}});
}

TEST_CASE("a page of users is refused with an error for each invalid argument") {
    users_process process;
    const auto error = error_of(process, R"({ users(first: -1, last: 1001, after: "x", before: "") { edges { cursor } } })");
    CHECK(error.at("extensions").at("code") == "INVALID");
    std::string names;
    for (const auto& fault : error.at("extensions").at("errors").as_array())
        names.append(fault.at("pointer").as_string()).append(" ");
    CHECK(names == "first last last after before ");
}

TEST_CASE("a search finds users by the beginning of the name or address, and its pages can be read in both directions") {
    users_process process;
    for (const auto* name : {"ann", "bob", "anton", "carl", "Anne"})
        process.create(name);
    process.post("/users/", R"({"username":"dora","email":"an@example.com"})");
    CHECK(page(process, R"(search: "AN")") == "ann Anne anton dora ");
    CHECK(page(process, R"(search: "an", first: 2)") == "ann Anne >");
    CHECK(page(process, R"(search: "an", last: 2)") == "anton dora <");
    const auto anne = data(process, R"({ users(search: "an", first: 2) { pageInfo { endCursor } } })")
                          .at("users")
                          .at("pageInfo")
                          .at("endCursor");
    const auto position = std::string{anne.as_string()};
    CHECK(page(process, R"(search: "an", last: 1, before: ")" + position + "\"") == "ann >");
    CHECK(page(process, R"(search: "an", first: 2, after: ")" + position + "\"") == "anton dora <");
    CHECK(page(process, R"(search: "%")") == "");
    CHECK(page(process, R"(search: "", first: 1)") == "ann >");
}

TEST_CASE("mutations create, change and delete a user, and each of them publishes an event") {
    users_process process;
    const auto created =
        data(process, R"(mutation { createUser(input: {username: "ann", email: "ann@example.com"}) { id revision } })");
    CHECK(created.at("createUser") == value{{"id", "1"}, {"revision", 1}});
    const auto changed =
        data(process, R"(mutation { updateUser(id: 1, input: {username: "Anna"}) { username email revision } })");
    CHECK(changed.at("updateUser") == value{{"username", "Anna"}, {"email", "ann@example.com"}, {"revision", 2}});
    const auto same = data(process, R"(mutation { updateUser(id: 1, input: {}) { revision } })");
    CHECK(same.at("updateUser").at("revision") == 2);
    CHECK(data(process, "mutation { deleteUser(id: 1) }").at("deleteUser") == "1");
    CHECK(process.get("/users/1").status == http::status::not_found);

    std::string topics;
    for (const auto& event : process.published()) {
        topics += event.topic + ' ';
        CHECK(event.traceparent.substr(3, 32) == "0123456789abcdef0123456789abcdef");
    }
    CHECK(topics == "users.user_created users.user_updated users.user_deleted ");
}

TEST_CASE("the errors of a mutation have the same pointers and texts as in REST") {
    users_process process;
    process.create("ann");
    process.create("bob");
    const auto check_errors = [&](const http::verb method, const std::string& target, const std::string& query,
                                  const value& input, const std::string& code) {
        const auto rest = process.send(method, target, serialize(input)).json();
        const auto extensions = error_of(process, query, {{"input", input}}).at("extensions");
        INFO(serialize(rest) << " " << serialize(extensions));
        CHECK(extensions.at("code").as_string() == code);
        CHECK(extensions.at("errors") == rest.at("errors"));
    };
    const std::string create = "mutation ($input: CreateUserInput!) { createUser(input: $input) { id } }";
    check_errors(http::verb::post, "/users/", create, {{"username", " "}, {"email", "x"}}, "INVALID");
    check_errors(http::verb::post, "/users/", create, {{"username", ""}, {"email", "ok@example.com"}}, "INVALID");
    check_errors(http::verb::post, "/users/", create, {{"username", "a\nb"}, {"email", ""}}, "INVALID");
    check_errors(http::verb::post, "/users/", create, {{"username", "ad\u200bmin"}, {"email", "ok@example.com"}}, "INVALID");
    check_errors(http::verb::post, "/users/", create, {{"username", "ANN"}, {"email", "BOB@example.com"}}, "CONFLICT");
    const std::string update = "mutation ($input: UpdateUserInput!) { updateUser(id: 1, input: $input) { id } }";
    check_errors(http::verb::patch, "/users/1", update, {{"username", "bob"}}, "CONFLICT");
    check_errors(http::verb::patch, "/users/1", update, {{"username", "\u202eadmin"}}, "INVALID");
    check_errors(http::verb::patch, "/users/1", update, {{"username", nullptr}, {"email", nullptr}}, "INVALID");
    check_errors(http::verb::patch, "/users/1", update, {{"email", "no"}}, "INVALID");
    CHECK(process.published().size() == 2);
}

TEST_CASE("an unknown user can be neither changed nor deleted") {
    users_process process;
    for (const auto* id : {"1", "0", "x", ""}) {
        CHECK(code_of(process, "mutation ($id: ID!) { updateUser(id: $id, input: {}) { id } }", {{"id", id}}) == "NOT_FOUND");
        CHECK(code_of(process, "mutation ($id: ID!) { deleteUser(id: $id) }", {{"id", id}}) == "NOT_FOUND");
    }
}

TEST_CASE("the mutations of one request run one after the other, and a mutation that fails does not undo the others") {
    users_process process;
    const auto answer = process.ask(R"(mutation {
        a: createUser(input: {username: "ann", email: "ann@example.com"}) { id }
        b: updateUser(id: 1, input: {username: "bob"}) { username }
    })");
    CHECK(answer.at("data").at("b").at("username") == "bob");
    const auto broken = process.ask(R"(mutation { deleteUser(id: 1) again: deleteUser(id: 1) })");
    CHECK(broken.at("data").is_null()); // deleteUser is never null
    CHECK(broken.at("errors").at(0).at("path") == value{"again"});
    CHECK(process.get("/users/1").status == http::status::not_found);
}

TEST_CASE("userCreated emits new users in their current state, without those that were deleted in the meantime") {
    users_process process;
    process.create("before");
    const auto stream = process.subscribe("subscription { userCreated { id username } }");
    process.create("gone");
    process.create("ann");
    process.create("bob");
    process.remove("/users/2");
    process.patch("/users/3", R"({"username":"anna"})");
    CHECK(process.next_of(*stream) == R"({"data":{"userCreated":{"id":"3","username":"anna"}}})");
    CHECK(process.next_of(*stream) == R"({"data":{"userCreated":{"id":"4","username":"bob"}}})");
}

TEST_CASE("userCreated emits only users that exist, and none of them twice, whatever is published under its topic") {
    users_process process;
    process.create("ann");
    process.create("bob");
    const auto stream = process.subscribe("subscription { userCreated { username } }");
    for (const auto id : {7, 2, 1, 2, 0}) // events that the users module would not publish
        process.publish(
            {.topic = std::string{user_created},
             .key = "user/" + std::to_string(id),
             .data = R"({"user_id":)" + std::to_string(id) + R"(,"username":"x","email":"x@example.com","revision":1})"});
    process.publish({.topic = std::string{user_created}, .key = "user/1", .data = "{}"});
    CHECK(process.next_of(*stream) == R"({"data":{"userCreated":{"username":"ann"}}})");
    CHECK(process.next_of(*stream) == R"({"data":{"userCreated":{"username":"bob"}}})");
    process.create("carl");
    CHECK(process.next_of(*stream) == R"({"data":{"userCreated":{"username":"carl"}}})");
}

// Tests GraphQL in two processes: each has the schema of its own modules, and orders reads users from the other process.
#include "answers.hpp"

#include <support/split_servers.hpp>

#include <map>
#include <string>

namespace {

using namespace atrium::support;
using boost::json::value;

/// The response, with or without errors.
value ask(running_server& server, std::string_view query) {
    return server.http().post("/graphql/", {{"query", query}}, {{"Accept", "application/json"}}).json();
}

/// The data of a response. A response with errors fails the test.
value data(running_server& server, std::string_view query) {
    auto answer = ask(server, query);
    if (answer.as_object().contains("errors"))
        FAIL(serialize(answer));
    return answer.at("data");
}

/// The number of GET requests to /users/ that the users process has answered.
long count_user_requests(split_servers& servers) {
    const std::string series = "\natrium_http_requests_total{";
    const auto all = servers.users_process().http().get("/metrics").body;
    long sum = 0;
    for (auto position = all.find(series); position != std::string::npos; position = all.find(series, position + 1)) {
        const auto line = all.substr(position + 1, all.find('\n', position + 1) - position - 1);
        if (line.find("route=\"/users/\"") != std::string::npos && line.find("method=\"GET\"") != std::string::npos)
            sum += std::stol(line.substr(line.rfind(' ')));
    }
    return sum;
}

} // namespace

TEST_CASE("each process has the schema of its own modules, and the orders process also has the whole type User") {
    split_servers servers;
    const auto query = "{ __schema { queryType { fields { name } } } user: __type(name: \"User\") { fields { name } } }";
    const auto names = [](const value& type) {
        std::string all;
        for (const auto& each : type.at("fields").as_array())
            all.append(each.at("name").as_string()).append(" ");
        return all;
    };
    const auto users = data(servers.users_process(), query);
    const std::string operator_queries = "events event subscriptions deadLetters failureGroups operation operations ";
    CHECK(names(users.at("__schema").at("queryType")) == "node allUsers user users " + operator_queries);
    CHECK(names(users.at("user")) == "nodeId id username email orderCount lastOrderAt revision createdAt updatedAt ");
    const auto orders = data(servers.orders_process(), query);
    const auto queries_of_orders = names(orders.at("__schema").at("queryType"));
    CHECK(queries_of_orders.starts_with("node allOrders order orders ")); // other modules may follow
    CHECK(queries_of_orders.ends_with(operator_queries));
    for (const auto* name : {" allUsers ", " user ", " users "})
        CHECK(queries_of_orders.find(name) == std::string::npos);
    CHECK(names(orders.at("user")) == "nodeId id username email orderCount lastOrderAt revision createdAt updatedAt orders ");
}

TEST_CASE("the orders process reads all users of a page of orders with one request to the users process") {
    split_servers servers;
    for (int i = 0; i < 30; ++i)
        servers.create_user("u" + std::to_string(i));
    for (int i = 0; i < 100; ++i)
        servers.place_order("u" + std::to_string(i % 30), "tea");

    auto count_before = count_user_requests(servers);
    const auto orders =
        data(servers.orders_process(), "{ allOrders(first: 100) { productName user { id username } } }").at("allOrders");
    CHECK(count_user_requests(servers) == count_before + 1);
    REQUIRE(orders.as_array().size() == 100);
    for (std::size_t i = 0; i < 100; ++i)
        CHECK(orders.at(i).at("user").at("username").as_string() == "u" + std::to_string(i % 30));

    count_before = count_user_requests(servers);
    data(servers.orders_process(), "{ allOrders { user { orders(first: 2) { edges { node { user { username } } } } } } }");
    CHECK(count_user_requests(servers) == count_before + 2); // one request for each level
    CHECK(data(servers.orders_process(), R"({ node(id: "User:3") { ... on User { username } } })").at("node").at("username") ==
          "u2");
}

TEST_CASE("the orders process shows every field of a user that REST shows, and reads the users of a page with one request") {
    split_servers servers;
    for (int i = 0; i < 30; ++i)
        servers.create_user("u" + std::to_string(i));
    for (int i = 0; i < 60; ++i)
        servers.place_order("u" + std::to_string(i % 30), "tea");

    const auto count_before = count_user_requests(servers);
    const auto orders = data(servers.orders_process(), "{ allOrders { user { email } } }").at("allOrders");
    CHECK(count_user_requests(servers) == count_before + 1);
    REQUIRE(orders.as_array().size() == 60);
    for (std::size_t i = 0; i < 60; ++i)
        CHECK(orders.at(i).at("user").at("email").as_string() == "u" + std::to_string(i % 30) + "@example.com");

    const auto all_fields =
        "{ order(id: 3) { user { id username email orderCount lastOrderAt revision createdAt updatedAt } } }";
    const auto by_graphql = data(servers.orders_process(), all_fields).at("order").at("user");
    const auto by_rest = servers.users_process().http().get("/users/3").json();
    CHECK(by_graphql.at("id").as_string() == "3");
    for (const auto& [graphql, rest] : std::map<std::string, std::string>{{"username", "username"},
                                                                          {"email", "email"},
                                                                          {"orderCount", "order_count"},
                                                                          {"lastOrderAt", "last_order_at"},
                                                                          {"revision", "revision"},
                                                                          {"createdAt", "created_at"},
                                                                          {"updatedAt", "updated_at"}}) {
        CAPTURE(graphql);
        CHECK(by_graphql.at(graphql) == by_rest.at(rest));
    }
}

TEST_CASE(
    "while the users process is down, each user in a GraphQL response is null with an error, and all other data is present") {
    split_servers servers;
    servers.create_user("ann");
    servers.place_order("ann", "tea");
    servers.place_order("ann", "milk");
    servers.users_process().stop();

    const auto answer = ask(servers.orders_process(), "{ allOrders { productName user { username } } }");
    CHECK(answer.at("data").at("allOrders") ==
          value{{{"productName", "tea"}, {"user", nullptr}}, {{"productName", "milk"}, {"user", nullptr}}});
    const auto& errors = answer.at("errors").as_array();
    REQUIRE(errors.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK(errors[i].at("message").as_string().starts_with("the users service "));
        CHECK(errors[i].at("path") == value{"allOrders", i, "user"});
        CHECK(errors[i].at("extensions").at("code") == "UNAVAILABLE");
        CHECK(errors[i].at("extensions").at("retryAfter").as_int64() > 0);
    }

    const auto refused =
        ask(servers.orders_process(), R"(mutation { createOrder(input: {username: "ann", productName: "x"}) { id } })");
    CHECK(refused.at("data").is_null());
    CHECK(refused.at("errors").at(0).at("extensions").at("code") == "UNAVAILABLE");
    CHECK(servers.orders().size() == 2);

    servers.users_process().start();
    CHECK(data(servers.orders_process(), "{ order(id: 1) { user { username } } }").at("order").at("user").at("username") ==
          "ann");
}

TEST_CASE("an order that is placed with GraphQL finds its user in the other process") {
    split_servers servers;
    servers.create_user("Ann");
    const auto placed = data(servers.orders_process(),
                             R"(mutation { createOrder(input: {username: "ann", productName: "tea"}) { user { username } } })");
    CHECK(placed.at("createOrder").at("user").at("username") == "Ann");
    const auto refused =
        ask(servers.orders_process(), R"(mutation { createOrder(input: {username: "bob", productName: ""}) { id } })");
    CHECK(refused.at("errors").at(0).at("extensions").at("code") == "INVALID");
    CHECK(refused.at("errors").at(0).at("extensions").at("errors") ==
          value{{{"pointer", "/username"}, {"detail", "is not the name of a user"}},
                {{"pointer", "/productName"}, {"detail", "must have 1 to 100 characters"}}});
}

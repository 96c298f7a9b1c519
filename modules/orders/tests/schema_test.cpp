// Orders in GraphQL have the same rules, errors and effects as in REST, and are connected to their users.
#include "graphql_calls.hpp"

#include <module_support/fields_alone.hpp>
#include <orders/events.hpp>
#include <users/events.hpp>

using namespace atrium;
using namespace atrium::orders;
using boost::json::serialize;
using boost::json::value;

namespace {

value error_of(orders_fixture& process, std::string query, boost::json::object variables = {}) {
    const auto answer = process.ask(std::move(query), std::move(variables));
    REQUIRE(answer.as_object().contains("errors"));
    CHECK(answer.at("errors").as_array().size() == 1);
    return answer.at("errors").at(0);
}

std::string code_of(orders_fixture& process, std::string query, boost::json::object variables = {}) {
    return std::string{error_of(process, std::move(query), std::move(variables)).at("extensions").at("code").as_string()};
}

/// Replaces the name that a field has in REST with its name in GraphQL.
std::string translate_to_graphql(std::string text) {
    const std::string name = "product_name";
    for (auto found = text.find(name); found != text.npos; found = text.find(name))
        text.replace(found, name.size(), "productName");
    return text;
}

std::string orders_page(orders_fixture& process, const std::string& arguments) {
    return products(data(process, "{ orders(" + arguments + ") " + page_fields + " }").at("orders"));
}

} // namespace

TEST_CASE("an order in GraphQL has the same values as in REST, but shows its user instead of the user's name") {
    orders_fixture process;
    process.create_user("ann");
    process.post("/orders/", R"({"username":"ann","product_name":"tea","quantity":3})");
    process.settle();
    const auto order_in_rest = process.get("/orders/1").json();
    const auto order =
        data(process, R"({ order(id: "1") { nodeId id user { nodeId username orderCount } productName quantity status revision
                                      createdAt updatedAt } })")
            .at("order");
    CHECK(order == value{{"nodeId", "Order:1"},
                         {"id", "1"},
                         {"user", {{"nodeId", "User:1"}, {"username", "ann"}, {"orderCount", 1}}},
                         {"productName", order_in_rest.at("product_name")},
                         {"quantity", order_in_rest.at("quantity")},
                         {"status", "PLACED"},
                         {"revision", order_in_rest.at("revision")},
                         {"createdAt", order_in_rest.at("created_at")},
                         {"updatedAt", order_in_rest.at("updated_at")}});
    CHECK(data(process, R"({ node(id: "Order:1") { ... on Order { productName } } })").at("node").at("productName") == "tea");
    for (const auto* unknown : {"2", "0", "x", "", "01"}) {
        CHECK(data(process, "query ($id: ID!) { order(id: $id) { id } }", {{"id", unknown}}).at("order").is_null());
        CHECK(data(process, "query ($id: ID!) { node(id: $id) { nodeId } }", {{"id", "Order:" + std::string{unknown}}})
                  .at("node")
                  .is_null());
    }
}

TEST_CASE("each field of an order has the same value whether it is selected alone or with all others") {
    orders_fixture process;
    process.create_user("ann");
    process.create_user("bob");
    process.place("ann", "tea");
    process.place("bob", "milk");
    process.place("ann", "bread");
    data(process, "mutation { updateOrder(id: 1, input: {quantity: 7, status: CANCELLED}) { id } }");
    process.settle();
    for (const auto* query :
         {"{ allOrders { @ } }", R"({ order(id: 1) { @ } node(id: "Order:2") { nodeId } })",
          "{ orders(last: 2) { edges { node { @ } } } }", R"({ orders(username: "ann") { edges { node { @ } } } })",
          "{ orders(status: CANCELLED) { edges { node { @ } } } }",
          "{ allUsers(first: 5) { orders { edges { node { @ } } } } }"})
        support::check_fields_alone(process, "Order", query);
}

TEST_CASE("mutations place, change and delete an order, and each of them publishes an event") {
    orders_fixture process;
    process.create_user("Ann");
    const auto placed = data(process, R"(mutation { createOrder(input: {username: "aNN", productName: "tea"})
                                       { id quantity status user { username } } })");
    CHECK(placed.at("createOrder") ==
          value{{"id", "1"}, {"quantity", 1}, {"status", "PLACED"}, {"user", {{"username", "Ann"}}}});
    const auto changed =
        data(process, "mutation { updateOrder(id: 1, input: {quantity: 2, status: PLACED}) { quantity revision } }");
    CHECK(changed.at("updateOrder") == value{{"quantity", 2}, {"revision", 2}});
    const auto fulfilled = data(process, "mutation { updateOrder(id: 1, input: {status: FULFILLED}) { status quantity } }");
    CHECK(fulfilled.at("updateOrder") == value{{"status", "FULFILLED"}, {"quantity", 2}});
    CHECK(data(process, "mutation { updateOrder(id: 1, input: {}) { revision } }").at("updateOrder").at("revision") == 3);
    CHECK(data(process, "mutation { deleteOrder(id: 1) }").at("deleteOrder") == "1");
    CHECK(process.get("/orders/1").status == http::status::not_found);

    for (const auto& [topic, count] :
         std::vector<std::pair<std::string_view, std::size_t>>{{order_created, 1}, {order_updated, 2}, {order_deleted, 1}}) {
        const auto published = process.published(topic);
        CHECK(published.size() == count);
        for (const auto& event : published)
            CHECK(event.traceparent.substr(3, 32) == "0123456789abcdef0123456789abcdef");
    }
}

TEST_CASE("the errors of a mutation have the same texts as in REST, with the names that fields have in GraphQL") {
    orders_fixture process;
    process.create_user("ann");
    process.place("ann", "tea");
    process.place("ann", "milk");
    process.patch("/orders/2", R"({"status":"cancelled"})");
    const auto check_errors = [&](const http::verb method, const std::string& target, const std::string& rest_body,
                                  const std::string& query, const value& input, const std::string& code) {
        const auto rest = process.send(method, target, rest_body).json();
        const auto error = error_of(process, query, {{"input", input}});
        INFO(serialize(rest) << " " << serialize(error));
        CHECK(error.at("extensions").at("code").as_string() == code);
        CHECK(serialize(error.at("extensions").at("errors")) == translate_to_graphql(serialize(rest.at("errors"))));
        CHECK(std::string{error.at("message").as_string()} == translate_to_graphql(std::string{rest.at("detail").as_string()}));
    };
    const std::string create = "mutation ($input: CreateOrderInput!) { createOrder(input: $input) { id } }";
    check_errors(http::verb::post, "/orders/", R"({"username":"bob","product_name":"tea"})", create,
                 {{"username", "bob"}, {"productName", "tea"}}, "INVALID");
    check_errors(http::verb::post, "/orders/", R"({"username":"bob","product_name":"","quantity":0})", create,
                 {{"username", "bob"}, {"productName", ""}, {"quantity", 0}}, "INVALID");
    check_errors(http::verb::post, "/orders/", R"({"username":"ann","product_name":"   "})", create,
                 {{"username", "ann"}, {"productName", "   "}}, "INVALID");
    check_errors(http::verb::post, "/orders/", R"({"username":"ann","product_name":"tea","quantity":null})", create,
                 {{"username", "ann"}, {"productName", "tea"}, {"quantity", nullptr}}, "INVALID");
    check_errors(http::verb::post, "/orders/", R"({"username":"ann","product_name":"tea","quantity":1000001})", create,
                 {{"username", "ann"}, {"productName", "tea"}, {"quantity", 1000001}}, "INVALID");

    const std::string update = "mutation ($input: UpdateOrderInput!) { updateOrder(id: 1, input: $input) { id } }";
    check_errors(http::verb::patch, "/orders/1", R"({"quantity":-1})", update, {{"quantity", -1}}, "INVALID");
    check_errors(http::verb::patch, "/orders/1", R"({"quantity":null,"status":null})", update,
                 {{"quantity", nullptr}, {"status", nullptr}}, "INVALID");
    const std::string update_final = "mutation ($input: UpdateOrderInput!) { updateOrder(id: 2, input: $input) { id } }";
    check_errors(http::verb::patch, "/orders/2", R"({"quantity":7,"status":"fulfilled"})", update_final,
                 {{"quantity", 7}, {"status", "FULFILLED"}}, "CONFLICT");

    for (const auto* id : {"3", "0", "x"}) {
        CHECK(code_of(process, "mutation ($id: ID!) { updateOrder(id: $id, input: {}) { id } }", {{"id", id}}) == "NOT_FOUND");
        CHECK(code_of(process, "mutation ($id: ID!) { deleteOrder(id: $id) }", {{"id", id}}) == "NOT_FOUND");
    }
    CHECK(process.published(order_created).size() == 2);
}

TEST_CASE("a mutation with an unknown status is refused before it runs") {
    orders_fixture process;
    process.create_user("ann");
    process.place("ann", "tea");
    for (const auto* status : {"placed", "SENT", "\"PLACED\"", "1"})
        CHECK(process.ask("mutation { updateOrder(id: 1, input: {status: " + std::string{status} + "}) { id } }")
                  .as_object()
                  .contains("data") == false);
}

TEST_CASE("orders are listed page by page in both directions, with filters and with gaps between the ids") {
    orders_fixture process;
    process.create_user("ann");
    process.create_user("bob");
    for (const auto* product : {"a1", "a2", "a3", "a4"})
        process.place("ann", product);
    for (const auto* product : {"b5", "b6"})
        process.place("bob", product);
    process.remove("/orders/2");
    process.patch("/orders/3", R"({"status":"fulfilled"})");
    process.patch("/orders/6", R"({"status":"fulfilled"})");

    CHECK(orders_page(process, "first: 2") == "a1 a3 >");
    CHECK(orders_page(process, "first: 2, after: " + cursor(2)) == "a3 a4 <>");
    CHECK(orders_page(process, "last: 2") == "b5 b6 <");
    CHECK(orders_page(process, "last: 2, before: " + cursor(4)) == "a1 a3 >");
    CHECK(orders_page(process, R"(username: "ANN", last: 2)") == "a3 a4 <");
    CHECK(orders_page(process, R"(username: "ann", first: 1, after: )" + cursor(1)) == "a3 <>");
    CHECK(orders_page(process, R"(username: "carl")") == "");
    CHECK(orders_page(process, "status: FULFILLED") == "a3 b6 ");
    CHECK(orders_page(process, "status: FULFILLED, last: 1") == "b6 <");
    CHECK(orders_page(process, "status: CANCELLED") == "");
    CHECK(orders_page(process, R"(username: "bob", status: PLACED)") == "b5 ");
    CHECK(orders_page(process, R"(username: null, status: null, first: 1)") == "a1 >");

    const auto all = data(process, "{ allOrders(first: 2) { productName } }").at("allOrders");
    CHECK(all == value{{{"productName", "a1"}}, {{"productName", "a3"}}});
    CHECK(code_of(process, "{ allOrders(first: -1) { id } }") == "INVALID");
    CHECK(code_of(process, R"({ orders(after: "x") { edges { cursor } } })") == "INVALID");
}

TEST_CASE("each user has a page of that user's own orders") {
    orders_fixture process;
    for (const auto* name : {"ann", "bob", "carl"})
        process.create_user(name);
    for (const auto* order : {"ann a1", "bob b2", "ann a3", "bob b4", "ann a5"}) {
        const std::string text = order;
        process.place(text.substr(0, 3), text.substr(4));
    }
    const auto pages_of_all = [&](const std::string& arguments) {
        std::string text;
        const auto response = data(process, "{ allUsers { orders(" + arguments + ") " + page_fields + " } }");
        for (const auto& user : response.at("allUsers").as_array())
            text += products(user.at("orders")) + "|";
        return text;
    };
    CHECK(pages_of_all("first: 2") == "a1 a3 >|b2 b4 ||");
    CHECK(pages_of_all("last: 2") == "a3 a5 <|b2 b4 ||");
    CHECK(pages_of_all("first: 1, after: " + cursor(2)) == "a3 <>|b4 <|<|");
    CHECK(pages_of_all("last: 1, before: " + cursor(4)) == "a3 <>|b2 >|>|");

    const auto refused = process.ask("{ allUsers { orders(first: -1) { edges { cursor } } } }");
    CHECK(refused.at("data").is_null());
    CHECK(refused.at("errors").at(0).at("extensions").at("code") == "INVALID");
}

TEST_CASE("every occurrence of a user in one level has that user's orders, in whatever sequence the users occur") {
    orders_fixture process;
    for (const auto* name : {"ann", "bob", "carl"})
        process.create_user(name);
    process.place("carl", "c1"); // the last user has the first order
    process.place("ann", "a2");
    process.place("bob", "b3");
    process.place("carl", "c4");
    const auto orders = data(process, "{ allOrders { a: user { username orders { edges { node { productName } } } } "
                                      "b: user { orders(first: 1) { edges { node { productName } } } } } }")
                            .at("allOrders");
    std::string text;
    for (const auto& order : orders.as_array()) {
        text.append(order.at("a").at("username").as_string()).append(":");
        for (const auto* alias : {"a", "b"})
            for (const auto& edge : order.at(alias).at("orders").at("edges").as_array())
                text.append(" ").append(edge.at("node").at("productName").as_string());
        text += "|";
    }
    CHECK(text == "carl: c1 c4 c1|ann: a2 a2|bob: b3 b3|carl: c1 c4 c1|");
}

TEST_CASE("orders of a deleted user have no user until user_deleted arrives, and are hidden afterwards") {
    orders_fixture process;
    process.create_user("ann");
    process.create_user("bob");
    process.place("ann", "tea");
    process.place("bob", "milk");
    process.settle();
    {
        // Deletes the user without publishing the event, as if users ran in another process whose event has not arrived yet.
        const auto deleted = support::run(process.store("users").write([](storage::transaction& t) -> result<> {
            t.execute("DELETE FROM users_account WHERE id = 1");
            return {};
        }));
        REQUIRE(deleted);
    }
    const auto orphans = data(process, "{ allOrders { productName user { username } } }").at("allOrders");
    CHECK(orphans ==
          value{{{"productName", "tea"}, {"user", nullptr}}, {{"productName", "milk"}, {"user", {{"username", "bob"}}}}});

    process.publish(user_event(users::user_deleted, 1, "ann", 2));
    process.settle();
    CHECK(orders_page(process, "first: 10") == "milk ");
    CHECK(orders_page(process, R"(username: "ann")") == "");
    CHECK(data(process, "{ order(id: 1) { id } }").at("order").is_null());
}

TEST_CASE("orderCreated emits new orders of all users or of one, without those that were deleted") {
    orders_fixture process;
    process.create_user("ann");
    process.create_user("bob");
    process.place("ann", "before");
    const auto all = process.subscribe("subscription { orderCreated { productName user { username } } }");
    const auto of_bob = process.subscribe(R"(subscription { orderCreated(username: "BOB") { productName } })");
    process.place("ann", "gone");
    process.place("ann", "tea");
    process.place("bob", "milk");
    process.remove("/orders/2");
    CHECK(process.next_of(*all) == R"({"data":{"orderCreated":{"productName":"tea","user":{"username":"ann"}}}})");
    CHECK(process.next_of(*all) == R"({"data":{"orderCreated":{"productName":"milk","user":{"username":"bob"}}}})");
    CHECK(process.next_of(*of_bob) == R"({"data":{"orderCreated":{"productName":"milk"}}})");
}

TEST_CASE("orderCreated emits only orders that exist, and none of them twice, whatever is published under its topic") {
    orders_fixture process;
    process.create_user("ann");
    process.place("ann", "tea");
    process.place("ann", "milk");
    const auto all = process.subscribe("subscription { orderCreated { productName } }");
    for (const auto id : {9, 2, 1, 2, 0}) // programs on a bridge could send this: no order has the ids 9 and 0
        process.publish({.topic = std::string{order_created},
                         .key = "order/" + std::to_string(id),
                         .data = R"({"order_id":)" + std::to_string(id) + R"(,"user":"ann","product_name":"x"})"});
    process.publish({.topic = std::string{order_created}, .key = "order/1", .data = "{}"});
    process.place("ann", "bread");
    CHECK(process.next_of(*all) == R"({"data":{"orderCreated":{"productName":"tea"}}})");
    CHECK(process.next_of(*all) == R"({"data":{"orderCreated":{"productName":"milk"}}})");
    CHECK(process.next_of(*all) == R"({"data":{"orderCreated":{"productName":"bread"}}})");
}

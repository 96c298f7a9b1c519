// Tests that a query runs one statement for each level, however many rows there are.
#include "graphql_calls.hpp"

#include <module_support/statement_log.hpp>

using namespace atrium;
using namespace atrium::orders;

namespace {

/// The statements that a query runs on the tables of users and orders.
std::vector<std::string> statements_of(orders_fixture& process, const support::statement_log& log, const std::string& query) {
    process.settle(); // waits for the handlers of events, so that their statements are not counted
    const auto count_before = log.mentioning({"users_account", "orders_"}).size();
    data(process, query);
    auto all = log.mentioning({"users_account", "orders_"});
    all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count_before));
    return all;
}

} // namespace

TEST_CASE("a GraphQL query of orders, their users and each user's orders runs one SQL statement for each level") {
    const support::statement_log log;
    orders_fixture process;
    const std::string query = R"({ allOrders(first: 100) { productName user { username orders(first: 10) {
        edges { node { productName user { email } } } pageInfo { hasNextPage } } } } })";
    std::size_t orders = 0;
    for (const std::size_t order_count : {1U, 100U}) {
        for (; orders < order_count; ++orders) {
            const auto name = "u" + std::to_string(orders % 40);
            if (orders < 40)
                process.create_user(name);
            process.place(name, "tea");
        }
        const auto statements = statements_of(process, log, query);
        REQUIRE(statements.size() == 4);
        CHECK(statements[0].find("FROM orders_order") != std::string::npos); // the orders
        CHECK(statements[1].find("users_account") != std::string::npos);     // their users
        CHECK(statements[2].find("orders_order") != std::string::npos);      // the users' orders
        CHECK(statements[3].find("users_account") != std::string::npos);     // those orders' users
    }
}

TEST_CASE("a GraphQL query of a page or a single row runs one SQL statement, or two with a username filter or a search") {
    const support::statement_log log;
    orders_fixture process;
    process.create_user("ann");
    for (int i = 0; i < 20; ++i)
        process.place("ann", "tea");
    for (const auto* query : {"{ orders(first: 5) { edges { node { id } } pageInfo { hasNextPage hasPreviousPage } } }",
                              "{ orders(last: 5) { edges { cursor } } }", "{ orders(status: PLACED) { edges { cursor } } }",
                              "{ users(last: 5) { edges { cursor } } }", R"({ user(username: "ann") { id } })",
                              R"({ node(id: "Order:1") { nodeId } })"})
        CHECK(statements_of(process, log, query).size() == 1);
    CHECK(statements_of(process, log, R"({ orders(username: "ann") { edges { cursor } } })").size() ==
          2); // the user's id is read first
    CHECK(statements_of(process, log, R"({ users(search: "a", first: 1) { edges { node { id } } } })").size() ==
          2); // one statement for matches by username, one for matches by email address
}

TEST_CASE("GraphQL fields of one level that read rows of the same type share an SQL statement") {
    const support::statement_log log;
    orders_fixture process;
    process.create_user("ann");
    process.place("ann", "tea");
    CHECK(statements_of(process, log, "{ allOrders { a: user { username } b: user { email } } }").size() == 2);
    CHECK(statements_of(process, log, "{ order(id: 1) { id } o: order(id: 2) { id } }").size() == 1);
}

TEST_CASE("a GraphQL query reads only the columns that its fields need") {
    const support::statement_log log;
    orders_fixture process;
    process.create_user("ann");
    process.place("ann", "tea");
    const auto mentions = [](const std::string& sql, std::string_view column) { return sql.find(column) != std::string::npos; };

    const auto few = statements_of(process, log, "{ allOrders { productName user { username } } }");
    REQUIRE(few.size() == 2);
    CHECK(mentions(few[0], "o.product_name"));
    CHECK(mentions(few[1], "a.username"));
    for (const auto* other : {"u.username", "quantity", "status", "revision", "created_at", "updated_at"})
        CHECK_FALSE(mentions(few[0], other));
    for (const auto* other : {"email", "order_count", "last_order_at", "revision", "created_at", "updated_at"})
        CHECK_FALSE(mentions(few[1], other));

    const auto page =
        statements_of(process, log, "{ users { edges { node { email orders { edges { node { status } } } } } } }");
    REQUIRE(page.size() == 2);
    CHECK(mentions(page[0], "a.email"));
    CHECK_FALSE(mentions(page[0], "a.username"));
    CHECK(mentions(page[1], "o.status"));
    CHECK_FALSE(mentions(page[1], "o.product_name"));
}

#include "answers.hpp"
#include "deployment.hpp"

#include <map>

// Tests that users and orders learn about each other's changes from events, which may be late but are never lost.

using namespace atrium::support;

TEST_CASE("the users module counts the orders of each user") {
    deployment server;
    const auto ann = server.create_user("ann");
    const auto bob = server.create_user("bob");
    const auto tea = server.place_order("ann", "tea");
    server.place_order("ann", "milk");

    eventually([&] { return server.find(ann).order_count == 2; });
    const auto last_order_at = server.find(ann).last_order_at;
    REQUIRE(last_order_at);
    CHECK(server.find(bob).order_count == 0);

    server.remove(tea);
    eventually([&] { return server.find(ann).order_count == 1; });
    CHECK(server.find(ann).last_order_at == last_order_at); // the time of the last order never goes back
}

TEST_CASE("a cancelled order is still counted for its user") {
    deployment server;
    const auto ann = server.create_user("ann");
    const auto tea = server.place_order("ann", "tea");
    REQUIRE(server.http().patch("/orders/1", {{"status", "cancelled"}}).status == 200);

    eventually([&] { return server.is_quiet(); });
    CHECK(server.find(ann).order_count == 1);
    CHECK(server.find(tea).status == "cancelled");
}

TEST_CASE("a user's orders are deleted with the user") {
    deployment server;
    const auto ann = server.create_user("ann");
    const auto bob = server.create_user("bob");
    server.place_order("ann", "tea");
    server.place_order("bob", "milk");

    server.remove(ann);

    eventually([&] { return server.orders().size() == 1; });
    CHECK(server.orders().front().user == "bob");
    eventually([&] { return server.is_quiet(); });
    CHECK(server.find(bob).order_count == 1);
    CHECK(server.http().post("/orders/", {{"username", "ann"}, {"product_name", "tea"}}).status == 422);
}

TEST_CASE("all orders of a deleted user are removed, even if this takes more than one commit") {
    deployment server;
    const auto ann = server.create_user("ann");
    for (int i = 0; i < 620; ++i)
        server.place_order("ann", "tea");

    server.remove(ann);

    eventually([&] { return server.orders().empty(); });
    eventually([&] { return server.is_quiet(); });
}

TEST_CASE("orders show the new name of a user") {
    deployment server;
    const auto ann = server.create_user("ann");
    const auto tea = server.place_order("ann", "tea");

    server.rename(ann, "anna");

    eventually([&] { return server.find(tea).user == "anna"; });
    CHECK(server.http().get("/orders/?user=anna").json().as_array().size() == 1);
    CHECK(server.http().get("/orders/?user=ann").json().as_array().empty());
    CHECK(server.place_order("anna", "milk").user == "anna");
}

TEST_CASE("a new order changes the ETag of its user, because the JSON of a user contains the order count") {
    deployment server;
    server.create_user("ann");
    const auto first_etag = server.http().get("/users/1").header("ETag");
    server.place_order("ann", "tea");
    eventually([&] { return server.http().get("/users/1").header("ETag") != first_etag; });
}

TEST_CASE("a user's new name changes the ETags of the user's orders") {
    deployment server;
    const auto ann = server.create_user("ann");
    const auto tea = server.place_order("ann", "tea");
    auto& http = server.http();
    const auto first = http.get("/orders/1").header("ETag");
    CHECK(http.get("/orders/1", {{"If-None-Match", first}}).status == 304);

    server.rename(ann, "anna");
    eventually([&] { return server.find(tea).user == "anna"; });
    const auto second = http.get("/orders/1").header("ETag");
    CHECK(second != first);
    check_problem(http.patch("/orders/1", {{"quantity", 2}}, {{"If-Match", first}}), 412);
    CHECK(http.patch("/orders/1", {{"quantity", 2}}, {{"If-Match", second}}).status == 200);
    check_problem(http.remove("/orders/1", {{"If-Match", second}}), 412);
}

TEST_CASE("a new user with a deleted user's name does not get that user's orders") {
    deployment server;
    const auto ann = server.create_user("ann");
    const auto tea = server.place_order("ann", "tea");
    server.remove(ann);
    const auto other = server.create_user("ann");

    eventually([&] { return server.orders().empty() && server.is_quiet(); });
    CHECK(server.find(other).order_count == 0);
}

TEST_CASE("all data is available after a restart, and events are still delivered") {
    deployment server;
    const auto ann = server.create_user("ann");
    server.place_order("ann", "tea");
    server.restart();
    server.place_order("ann", "milk");
    server.restart();

    CHECK(server.users().size() == 1);
    CHECK(server.orders().size() == 2);
    eventually([&] { return server.find(ann).order_count == 2; });
}

TEST_CASE("acknowledged orders survive a kill of the server, and each order is counted once") {
    deployment server;
    std::map<std::string, int> placed;
    for (const auto* name : {"ann", "bob", "cid"})
        server.create_user(name);
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 20; ++i)
            for (auto& [name, count] : std::map<std::string, int>{{"ann", 0}, {"bob", 0}, {"cid", 0}}) {
                server.place_order(name, "tea");
                ++placed[name];
            }
        server.kill(); // while events are being delivered
        server.start();
    }

    CHECK(server.orders().size() == 180);
    eventually([&] { return server.is_quiet(); });
    for (const auto& user : server.users())
        CHECK(user.order_count == placed.at(user.username));
}

TEST_CASE("an interrupted deletion of a user's orders continues after the restart") {
    deployment server;
    const auto ann = server.create_user("ann");
    for (int i = 0; i < 40; ++i)
        server.place_order("ann", "tea");
    server.remove(ann);
    server.kill();
    server.start();

    eventually([&] { return server.orders().empty() && server.is_quiet(); });
    check_problem(server.http().get("/users/1"), 404);
}

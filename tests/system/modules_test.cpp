#include "answers.hpp"
#include "deployment.hpp"

#include <map>

// What users and orders know of each other: by events, in their own time, and never lost.

using namespace atrium::support;

TEST_CASE("an order is counted by users") {
    deployment server;
    const auto ann = server.create_user("ann");
    const auto bob = server.create_user("bob");
    const auto tea = server.place_order("ann", "tea");
    server.place_order("ann", "milk");

    eventually([&] { return server.find(ann).order_count == 2; });
    const auto last = server.find(ann).last_order_at;
    REQUIRE(last);
    CHECK(server.find(bob).order_count == 0);

    server.remove(tea);
    eventually([&] { return server.find(ann).order_count == 1; });
    CHECK(server.find(ann).last_order_at == last); // never goes back
}

TEST_CASE("orders count in any status") {
    deployment server;
    const auto ann = server.create_user("ann");
    const auto tea = server.place_order("ann", "tea");
    REQUIRE(server.http().patch("/orders/1", {{"status", "cancelled"}}).status == 200);

    eventually([&] { return server.is_quiet(); });
    CHECK(server.find(ann).order_count == 1);
    CHECK(server.find(tea).status == "cancelled");
}

TEST_CASE("a user's orders follow the user out") {
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

TEST_CASE("more orders than one commit takes follow their user out") {
    deployment server;
    const auto ann = server.create_user("ann");
    for (int i = 0; i < 620; ++i)
        server.place_order("ann", "tea");

    server.remove(ann);

    eventually([&] { return server.orders().empty(); });
    eventually([&] { return server.is_quiet(); });
}

TEST_CASE("a new name is seen by the orders") {
    deployment server;
    const auto ann = server.create_user("ann");
    const auto tea = server.place_order("ann", "tea");

    server.rename(ann, "anna");

    eventually([&] { return server.find(tea).user == "anna"; });
    CHECK(server.http().get("/orders/?user=anna").json().as_array().size() == 1);
    CHECK(server.http().get("/orders/?user=ann").json().as_array().empty());
    CHECK(server.place_order("anna", "milk").user == "anna");
}

TEST_CASE("a user's ETag counts its orders, as the body shows their number") {
    deployment server;
    server.create_user("ann");
    const auto before = server.http().get("/users/1").header("ETag");
    server.place_order("ann", "tea");
    eventually([&] { return server.http().get("/users/1").header("ETag") != before; });
}

TEST_CASE("an order's ETag counts its user's name as well") {
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

TEST_CASE("a user who takes over a name does not take over the orders") {
    deployment server;
    const auto ann = server.create_user("ann");
    const auto tea = server.place_order("ann", "tea");
    server.remove(ann);
    const auto other = server.create_user("ann");

    eventually([&] { return server.orders().empty() && server.is_quiet(); });
    CHECK(server.find(other).order_count == 0);
}

TEST_CASE("everything is there again after a restart, and goes on") {
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

TEST_CASE("what was acknowledged before the server was killed is there, and counted once") {
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
        server.kill(); // deliveries are under way
        server.start();
    }

    CHECK(server.orders().size() == 180);
    eventually([&] { return server.is_quiet(); });
    for (const auto& user : server.users())
        CHECK(user.order_count == placed.at(user.username));
}

TEST_CASE("a user's leaving that was broken off goes on after the restart") {
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

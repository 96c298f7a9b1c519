#include "answers.hpp"
#include "deployment.hpp"

#include <base/clock.hpp>

// Tests the REST API of orders over a real connection.

using namespace atrium;
using namespace atrium::support;
using boost::json::value;

TEST_CASE("placing an order returns the whole order and its location") {
    deployment server;
    server.create_user("Ann");
    const auto answer = server.http().post("/orders/", {{"username", "ann"}, {"product_name", "tea"}});

    REQUIRE(answer.status == 201);
    CHECK(answer.header("Location") == "/orders/1");
    const auto body = answer.json().as_object();
    CHECK(members_of(body) == "message order");
    CHECK(body.at("message") == "Order created successfully");
    const auto& order = body.at("order").as_object();
    CHECK(has_members(order, "id user_id user product_name quantity status revision created_at updated_at"));
    CHECK(order.at("id") == 1);
    CHECK(order.at("user_id") == 1);
    CHECK(order.at("user") == "Ann");
    CHECK(order.at("product_name") == "tea");
    CHECK(order.at("quantity") == 1);
    CHECK(order.at("status") == "placed");
    CHECK(order.at("revision") == 1);
    CHECK(parse_rfc3339(order.at("created_at").as_string()));

    CHECK(server.http().get("/orders/1").json() == body.at("order"));
    const auto list = server.http().get("/orders/").json();
    REQUIRE(list.as_array().size() == 1);
    CHECK(list.at(0) == body.at("order"));
}

TEST_CASE("an empty form field is ignored, unless the field is a string or is required") {
    deployment server;
    server.create_user("ann");
    auto& http = server.http();
    const auto placed = http.post_form("/orders/", "username=ann&product_name=tea&quantity=");
    REQUIRE(placed.status == 201);
    CHECK(placed.json().at("order").at("quantity") == 1);
    CHECK(faults_of(http.post_form("/orders/", "username=&product_name=&quantity="), 422) ==
          "/username: is not the name of a user\n/product_name: must have 1 to 100 characters\n");

    const auto patch = [&](std::string_view form) {
        return http.send("PATCH", "/orders/1", form, {{"Content-Type", "application/x-www-form-urlencoded"}});
    };
    CHECK(patch("quantity=7&status=").json().at("quantity") == 7);
    const auto fulfilled = patch("quantity=&status=fulfilled").json();
    CHECK(fulfilled.at("quantity") == 7);
    CHECK(fulfilled.at("status") == "fulfilled");
    CHECK(patch("quantity=&status=").json() == http.patch("/orders/1", boost::json::object{}).json());
    CHECK(faults_of(http.patch("/orders/1", {{"quantity", ""}, {"status", ""}}), 422).find("/quantity: must be an integer\n") ==
          0);
    CHECK(faults_of(http.send("PATCH", "/users/1", "email=", {{"Content-Type", "application/x-www-form-urlencoded"}}), 422) ==
          "/email: must be an email address\n");
}

TEST_CASE("an order can be placed with a form") {
    deployment server;
    server.create_user("ann");
    const auto answer = server.http().post_form("/orders/", "username=ann&product_name=green+tea&quantity=3");
    REQUIRE(answer.status == 201);
    CHECK(answer.json().at("order").at("product_name") == "green tea");
    CHECK(answer.json().at("order").at("quantity") == 3);
}

TEST_CASE("if a new order is refused, the response lists all errors") {
    deployment server;
    server.create_user("ann");
    auto& http = server.http();

    CHECK(faults_of(http.post("/orders/", {{"username", "nobody"}, {"product_name", "tea"}}), 422).starts_with("/username: "));
    CHECK(faults_of(http.post("/orders/", {{"quantity", 0}, {"product_name", ""}, {"color", 1}}), 422) ==
          "/quantity: must be between 1 and 1000000\n/product_name: must have 1 to 100 characters\n"
          "/color: is not a known field\n/username: is required\n");
    const auto with_quantity = [&](const value& quantity) {
        return http.post("/orders/", {{"username", "ann"}, {"product_name", "tea"}, {"quantity", quantity}});
    };
    CHECK(with_quantity(1'000'000).status == 201);
    CHECK(with_quantity(2.0).status == 201);
    for (const value& invalid : {value{0}, value{-1}, value{1'000'001}, value{1.5}, value{1e300}, value{"1"}, value{true},
                                 value{nullptr}, value{UINT64_MAX}, value{INT64_MAX}, value{boost::json::array{}}})
        CHECK(faults_of(with_quantity(invalid), 422).starts_with("/quantity: must "));
    CHECK(server.orders().size() == 2);
}

TEST_CASE("an order can be changed until it is fulfilled or cancelled") {
    deployment server;
    server.create_user("ann");
    const auto tea = server.place_order("ann", "tea");
    const auto milk = server.place_order("ann", "milk");
    auto& http = server.http();

    const auto changed = http.patch("/orders/1", {{"quantity", 5}});
    REQUIRE(changed.status == 200);
    CHECK(changed.json().at("quantity") == 5);
    CHECK(changed.json().at("status") == "placed");
    CHECK(changed.json().at("revision") == 2);
    CHECK(changed.header("ETag") != "");

    CHECK(http.patch("/orders/1", {{"status", "fulfilled"}}).json().at("status") == "fulfilled");
    CHECK(http.patch("/orders/2", {{"status", "cancelled"}}).json().at("status") == "cancelled");
    for (const auto* impossible : {"placed", "cancelled"})
        CHECK(http.patch("/orders/1", {{"status", impossible}}).status == 409);
    CHECK(http.patch("/orders/2", {{"status", "fulfilled"}}).status == 409);

    CHECK(faults_of(http.patch("/orders/1", {{"status", "lost"}}), 422).starts_with("/status: "));
    CHECK(faults_of(http.patch("/orders/1", {{"quantity", nullptr}}), 422) == "/quantity: must not be null\n");
    CHECK(faults_of(http.patch("/orders/1", {{"user", "bob"}}), 422) == "/user: is not a known field\n");
    check_problem(http.patch("/orders/99", {{"quantity", 1}}), 404);
    CHECK(server.find(tea).status == "fulfilled");
    CHECK(server.find(milk).status == "cancelled");
}

TEST_CASE("after an order has changed, requests to change or delete it with its old ETag are refused") {
    deployment server;
    server.create_user("ann");
    const auto tea = server.place_order("ann", "tea");
    auto& http = server.http();
    const auto first = http.get("/orders/1").header("ETag");
    CHECK(http.get("/orders/1", {{"If-None-Match", first}}).status == 304);

    CHECK(http.patch("/orders/1", {{"quantity", 2}}, {{"If-Match", first}}).status == 200);
    check_problem(http.patch("/orders/1", {{"quantity", 3}}, {{"If-Match", first}}), 412);
    check_problem(http.remove("/orders/1", {{"If-Match", first}}), 412);
    CHECK(server.find(tea).quantity == 2);
    CHECK(http.remove("/orders/1", {{"If-Match", "*"}}).status == 204);
}

TEST_CASE("a deleted order is no longer found, and its id is not used again") {
    deployment server;
    server.create_user("ann");
    const auto tea = server.place_order("ann", "tea");
    server.remove(tea);
    check_problem(server.http().get("/orders/1"), 404);
    check_problem(server.http().remove("/orders/1"), 404);
    CHECK(server.place_order("ann", "tea").id > tea.id);
}

TEST_CASE("orders are filtered by user, status, product and ids, page by page") {
    deployment server;
    server.create_user("ann");
    server.create_user("bob");
    for (int i = 0; i < 3; ++i) {
        server.place_order("ann", "tea");
        server.place_order("bob", "teapot");
    }
    auto& http = server.http();
    CHECK(http.patch("/orders/3", {{"status", "cancelled"}}).status == 200);

    CHECK(ids_of(http.get("/orders/?user=ANN")) == "1 3 5 ");
    CHECK(ids_of(http.get("/orders/?user=ann&status=placed")) == "1 5 ");
    CHECK(ids_of(http.get("/orders/?status=cancelled")) == "3 ");
    CHECK(ids_of(http.get("/orders/?product_name=teap")) == "2 4 6 ");
    CHECK(ids_of(http.get("/orders/?ids=6,2,9")) == "2 6 ");
    CHECK(ids_of(http.get("/orders/?user=nobody")) == "");
    CHECK(faults_of(http.get("/orders/?status=lost"), 400).starts_with("status: "));

    const auto page = http.get("/orders/?user=bob&limit=2");
    CHECK(ids_of(page) == "2 4 ");
    const auto link = page.header("Link");
    CHECK(ids_of(http.get(link.substr(1, link.find('>') - 1))) == "6 ");
}

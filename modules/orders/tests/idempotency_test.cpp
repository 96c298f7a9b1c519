// Requests with an Idempotency-Key, through the routes and the GraphQL schema of the modules.
#include "orders_fixture.hpp"

#include <orders/events.hpp>
#include <support/catch.hpp>

#include <boost/json/serialize.hpp>

#include <string>
#include <vector>

using namespace atrium;
using namespace atrium::orders;
using http::status;
using http::verb;

namespace {

constexpr std::string_view order_of_tea = R"({"username":"ann","product_name":"tea"})";

struct keyed_fixture : orders_fixture {
    keyed_fixture() { create_user("ann"); }

    support::module_answer send_with_key(verb method, std::string_view target, std::string_view body, std::string_view key,
                                         std::vector<http::field> headers = {}) {
        headers.push_back({"Idempotency-Key", key});
        return send(method, target, body, std::move(headers));
    }

    [[nodiscard]] std::size_t orders_count() { return get("/orders/").json().as_array().size(); }

    /// Runs a mutation with this idempotency key and returns its response.
    boost::json::value mutate(const std::string& key, const std::string& mutation) {
        const auto claim = support::run(keys().claim_key({.principal = "anonymous", .key = key, .fingerprint = mutation}));
        REQUIRE(claim);
        return ask(mutation, {}, claim->get());
    }
};

void check_replay(const support::module_answer& second, const support::module_answer& first) {
    CHECK(second.status == first.status);
    CHECK(second.body == first.body);
    CHECK(second.header("ETag") == first.header("ETag"));
    CHECK(second.header("Location") == first.header("Location"));
    CHECK(first.header("Idempotency-Replayed").empty());
    CHECK(second.header("Idempotency-Replayed") == "true");
}

} // namespace

TEST_CASE(
    "a request to place an order that is repeated with the same idempotency key gets the first response and places no order") {
    keyed_fixture process;
    const auto first = process.send_with_key(verb::post, "/orders/", order_of_tea, "a");
    REQUIRE(first.status == status::created);
    process.time().advance(std::chrono::minutes{1}); // so that a second order would have a later time
    check_replay(process.send_with_key(verb::post, "/orders", order_of_tea, "a"), first);
    process.patch("/orders/1", R"({"quantity":9})"); // the stored response does not follow later changes
    check_replay(process.send_with_key(verb::post, "/orders/", order_of_tea, R"("a")"), first);
    CHECK(process.orders_count() == 1);
    CHECK(process.published(order_created).size() == 1);

    CHECK(process.send_with_key(verb::post, "/orders/", order_of_tea, "b").status == status::created);
    CHECK(process.orders_count() == 2);
}

TEST_CASE("a change with an HTTP precondition is applied once if it is repeated with the same idempotency key") {
    keyed_fixture process;
    process.place("ann", "tea");
    const auto change = [&] {
        return process.send_with_key(verb::patch, "/orders/1", R"({"quantity":2})", "a", {{"If-Match", "\"1-1\""}});
    };
    const auto first = change();
    REQUIRE(first.status == status::ok);
    CHECK(first.header("ETag") == "\"2-1\"");
    process.patch("/orders/1", R"({"quantity":3})");
    check_replay(change(), first);
    CHECK(process.get("/orders/1").json().at("quantity") == 3);
    CHECK(process.send(verb::patch, "/orders/1", R"({"quantity":2})", {{"If-Match", "\"1-1\""}}).status ==
          status::precondition_failed);
}

TEST_CASE(
    "a request that changes nothing still changes nothing if it is repeated with its idempotency key after another change") {
    keyed_fixture process;
    process.place("ann", "tea");
    const auto first = process.send_with_key(verb::patch, "/orders/1", R"({"quantity":1})", "a");
    REQUIRE(first.status == status::ok);
    process.patch("/orders/1", R"({"quantity":5})");
    check_replay(process.send_with_key(verb::patch, "/orders/1", R"({"quantity":1})", "a"), first);
    CHECK(process.get("/orders/1").json().at("quantity") == 5);
}

TEST_CASE("a deletion that is repeated with the same idempotency key returns 204 again") {
    keyed_fixture process;
    process.place("ann", "tea");
    const auto first = process.send_with_key(verb::delete_, "/orders/1", {}, "a");
    REQUIRE(first.status == status::no_content);
    check_replay(process.send_with_key(verb::delete_, "/orders/1", {}, "a"), first);
    CHECK(process.send_with_key(verb::delete_, "/orders/1", {}, "b").status == status::not_found);
    CHECK(process.published(order_deleted).size() == 1);
}

TEST_CASE("a refused request can succeed later under the same idempotency key") {
    keyed_fixture process;
    constexpr std::string_view order_for_bob = R"({"username":"bob","product_name":"tea"})";
    CHECK(process.send_with_key(verb::post, "/orders/", order_for_bob, "a").status == status::unprocessable_entity);
    process.create_user("bob");
    CHECK(process.send_with_key(verb::post, "/orders/", order_for_bob, "a").status == status::created);
    CHECK(process.send_with_key(verb::post, "/orders/", order_of_tea, "a").status == status::unprocessable_entity);
}

TEST_CASE("the routes of users accept idempotency keys as well, and a key that was used on one route is refused on another") {
    keyed_fixture process;
    constexpr std::string_view bob = R"({"username":"bob","email":"bob@example.com"})";
    const auto first = process.send_with_key(verb::post, "/users/", bob, "a");
    REQUIRE(first.status == status::created);
    check_replay(process.send_with_key(verb::post, "/users/", bob, "a"),
                 first); // without the key, this second request would be a conflict
    CHECK(process.send_with_key(verb::post, "/orders/", order_of_tea, "a").status == status::unprocessable_entity);
}

TEST_CASE("a mutation that is repeated with the same idempotency key executes only the fields that have not succeeded before") {
    keyed_fixture process;
    const std::string mutation = R"(mutation {
        a: createOrder(input: {username: "ann", productName: "tea"}) { id productName quantity status revision createdAt
                                                                       user { username } }
        b: createOrder(input: {username: "bob", productName: "milk"}) { id } })";
    const auto first = process.mutate("a", mutation);
    CHECK(first.at("errors").as_array().size() == 1); // bob does not exist yet
    CHECK(process.orders_count() == 1);

    process.time().advance(std::chrono::minutes{1});
    process.create_user("bob");
    const auto second = process.mutate("a", mutation);
    CHECK_FALSE(second.as_object().contains("errors"));
    CHECK(second.at("data").at("b").at("id") == "2");
    CHECK(process.mutate("a", mutation) == second);
    CHECK(process.orders_count() == 2);
    CHECK(second.at("data").at("a").at("productName") == "tea");
    CHECK(second.at("data").at("a").at("user").at("username") == "ann");
    CHECK(second.at("data").at("a").at("createdAt") == "2026-11-22T12:00:00.000Z");
}

TEST_CASE("a mutation that is repeated with the same idempotency key returns its first result, even if its entity has been "
          "changed or deleted since") {
    keyed_fixture process;
    const std::string create = R"(mutation { createOrder(input: {username: "ann", productName: "tea"}) { id quantity } })";
    const std::string update = R"(mutation { updateOrder(id: 1, input: {quantity: 2}) { id quantity revision } })";
    const std::string remove = "mutation { deleteOrder(id: 1) }";
    const auto created = process.mutate("create", create);
    const auto updated = process.mutate("update", update);
    process.patch("/orders/1", R"({"quantity":9})");
    CHECK(process.mutate("update", update) == updated);
    CHECK(process.get("/orders/1").json().at("quantity") == 9);
    const auto removed = process.mutate("remove", remove);
    CHECK(removed == process.mutate("remove", remove));
    CHECK(process.mutate("create", create) == created);
    CHECK(process.mutate("update", update) == updated);
    CHECK(process.orders_count() == 0);
    CHECK(boost::json::serialize(updated) == R"({"data":{"updateOrder":{"id":"1","quantity":2,"revision":2}}})");
}

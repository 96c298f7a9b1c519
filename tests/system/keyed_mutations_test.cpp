// Tests idempotency keys in the real program: GraphQL mutations over each transport, simultaneous requests, and the expiry of
// keys.
#include "answers.hpp"

#include <support/database_inspector.hpp>
#include <support/running_server.hpp>
#include <support/web_socket_client.hpp>

#include <regex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using namespace atrium::support;
using boost::json::value;

namespace {

constexpr std::string_view two_orders = R"(mutation {
    a: createOrder(input: {username: "ann", productName: "tea"}) { id createdAt user { username orderCount } }
    b: createOrder(input: {username: "ann", productName: "milk"}) { id } })";

headers with_key(std::string_view key, headers others = {}) {
    others.emplace_back("Idempotency-Key", key);
    return others;
}

/// A GraphQL request with an idempotency key in its extensions.
value request_with_key(std::string_view query, std::string_view key) {
    return {{"query", query}, {"extensions", {{"idempotencyKey", key}}}};
}

value code_of(const value& response) {
    return response.at("errors").at(0).at("extensions").at("code");
}

/// Runs an operation on a WebSocket. Returns its response, or its errors if it was refused. Checks that the server sends only
/// `next` and `complete`, or only `error`.
value run_on_web_socket(running_server& server, const value& payload) {
    web_socket_client client{server.port()};
    client.open("/graphql/", "Sec-WebSocket-Protocol: graphql-transport-ws\r\n");
    client.send_text(R"({"type":"connection_init"})");
    CHECK(client.read_text() == R"({"type":"connection_ack"})");
    client.send_text(boost::json::serialize(value{{"type", "subscribe"}, {"id", "1"}, {"payload", payload}}));
    const auto outcome = boost::json::parse(client.read_text());
    if (outcome.at("type") == "next")
        CHECK(client.read_text() == R"({"id":"1","type":"complete"})");
    client.send_text(R"({"type":"ping"})");
    CHECK(client.read_text() == R"({"type":"pong"})"); // nothing else was sent for the operation
    return outcome.at("payload");
}

struct ann_fixture {
    ann_fixture() { server.create_user("ann"); }

    reply post(const value& body, const headers& h = {}) { return server.http().post("/graphql/", body, h); }
    [[nodiscard]] std::string metric(const std::string& name) {
        const auto all = server.http().get("/metrics").body;
        const auto begin = all.find("\n" + name + " ") + name.size() + 2;
        return all.substr(begin, all.find('\n', begin) - begin);
    }

    running_server server{{R"(http.hosts=["a.example"])"}}; // the host in the handshakes of `web_socket_client`
};

} // namespace

TEST_CASE("a mutation that is repeated with its idempotency key gets the first response, byte for byte") {
    ann_fixture fixture;
    const auto first = fixture.post({{"query", two_orders}}, with_key("a"));
    REQUIRE(first.status == 200);
    CHECK_FALSE(first.json().as_object().contains("errors"));
    CHECK(first.header("Idempotency-Replayed").empty());
    eventually([&] { return fixture.server.is_quiet(); }); // orderCount is 2 from now on
    fixture.server.restart();

    const auto again = fixture.post({{"query", two_orders}}, with_key("\"a\""));
    CHECK(again.status == 200);
    CHECK(again.body == first.body);
    CHECK(again.header("Idempotency-Replayed") == "true");
    CHECK(fixture.server.orders().size() == 2);
    CHECK(fixture.post({{"query", two_orders}}, with_key("b")).header("Idempotency-Replayed").empty());
    CHECK(fixture.server.orders().size() == 4);
}

TEST_CASE("every transport of GraphQL replays a response, whether the idempotency key is in the header or in the extensions") {
    ann_fixture fixture;
    const auto first = fixture.post({{"query", two_orders}}, with_key("a"));
    REQUIRE(first.status == 200);
    CHECK(fixture.post(request_with_key(two_orders, "a")).body == first.body);
    CHECK(run_on_web_socket(fixture.server, request_with_key(two_orders, "a")) == first.json());
    CHECK(fixture.post(value{request_with_key(two_orders, "a"), request_with_key(two_orders, "a")}).body ==
          "[" + first.body + "," + first.body + "]");
    const auto events = fixture.post({{"query", two_orders}}, with_key("a", {{"Accept", "text/event-stream"}}));
    CHECK(events.body == "event: next\ndata: " + first.body + "\n\nevent: complete\nid: complete\ndata: \n\n");
    CHECK(fixture.server.orders().size() == 2);

    const auto on_socket = run_on_web_socket(fixture.server, request_with_key(two_orders, "b"));
    CHECK(fixture.post({{"query", two_orders}}, with_key("b")).json() == on_socket);
    CHECK(fixture.server.orders().size() == 4);
}

TEST_CASE("an idempotency key belongs to one operation with its variables, and queries ignore it") {
    ann_fixture fixture;
    const auto create = [&](std::string_view product) {
        return fixture.post({{"query", R"(mutation ($product: String!) {
                                createOrder(input: {username: "ann", productName: $product}) { id } })"},
                             {"variables", {{"product", product}}}},
                            with_key("a"));
    };
    CHECK(create("tea").status == 200);
    CHECK(create("tea").header("Idempotency-Replayed") == "true");
    const auto other = create("milk");
    CHECK(other.status == 422);
    CHECK(code_of(other.json()) == "INVALID");
    const auto errors = run_on_web_socket(fixture.server, request_with_key(two_orders, "a"));
    CHECK(code_of({{"errors", errors}}) == "INVALID");
    CHECK(fixture.server.http().post("/orders/", {{"username", "ann"}, {"product_name", "tea"}}, with_key("a")).status == 422);
    CHECK(fixture.post({{"query", "{ allOrders { id } }"}}, with_key("a")).body == R"({"data":{"allOrders":[{"id":"1"}]}})");
}

TEST_CASE("idempotency keys that are invalid or contradict each other, or are for a whole batch, are refused with 400") {
    ann_fixture fixture;
    const value mutation{{"query", two_orders}};
    for (const auto& refused :
         {fixture.post(mutation, with_key("a b")), fixture.post(request_with_key(two_orders, "")),
          fixture.post(request_with_key(two_orders, "a"), with_key("b")), fixture.post({mutation, mutation}, with_key("a")),
          fixture.post({{"query", two_orders}, {"extensions", {{"idempotencyKey", 1}}}})}) {
        CHECK(refused.status == 400);
        CHECK(code_of(refused.json()) == "BAD_REQUEST");
    }
    CHECK(fixture.post(request_with_key(two_orders, "a"), with_key("\"a\"")).status == 200);
    CHECK(fixture.server.orders().size() == 2);
}

TEST_CASE("a mutation that is repeated with its idempotency key executes only the fields that have failed") {
    ann_fixture fixture;
    const value mutation{{"query", R"(mutation {
        a: createOrder(input: {username: "ann", productName: "tea"}) { id }
        b: createUser(input: {username: "bob", email: "bob@example.com"}) { id }
        c: createOrder(input: {username: "eve", productName: "tea"}) { id } })"}};
    const auto first = fixture.post(mutation, with_key("a"));
    CHECK(first.json().at("errors").as_array().size() == 1);
    CHECK(fixture.post(mutation, with_key("a")).body == first.body);
    fixture.server.create_user("eve");
    fixture.server.kill();
    fixture.server.start();
    const auto complete = fixture.post(mutation, with_key("a"));
    CHECK(complete.body == R"({"data":{"a":{"id":"1"},"b":{"id":"2"},"c":{"id":"2"}}})");
    CHECK(complete.header("Idempotency-Replayed").empty());
    CHECK(fixture.post(mutation, with_key("a")).body == complete.body);
    CHECK(fixture.post(mutation, with_key("a")).header("Idempotency-Replayed") == "true");
    CHECK(fixture.server.orders().size() == 2);
    CHECK(fixture.server.users().size() == 3);
}

TEST_CASE("of 20 simultaneous requests with one idempotency key, one runs and the others get its response or 409") {
    ann_fixture fixture;
    const bool is_mutation = GENERATE(false, true);
    for (int round = 0; round < 10; ++round) {
        const auto key = "key" + std::to_string(round);
        std::vector<reply> replies(20);
        std::vector<std::thread> clients;
        for (auto& each : replies)
            clients.emplace_back([&] {
                client http{fixture.server.port()};
                each = is_mutation ? http.post("/graphql/", {{"query", two_orders}}, with_key(key))
                                   : http.post("/orders/", {{"username", "ann"}, {"product_name", "tea"}}, with_key(key));
            });
        for (auto& each : clients)
            each.join();

        std::size_t executed = 0;
        std::string body;
        for (const auto& each : replies) {
            INFO(each.body);
            if (each.status == 409) {
                CHECK(each.header("Retry-After") == "1");
                continue;
            }
            CHECK(each.status == (is_mutation ? 200 : 201));
            executed += each.header("Idempotency-Replayed").empty();
            body = body.empty() ? each.body : body;
            CHECK(each.body == body);
        }
        CHECK(executed == 1);
    }
    CHECK(fixture.server.orders().size() == (is_mutation ? 20 : 10));
}

TEST_CASE("every route that changes data refuses an invalid idempotency key, except those for sessions and tokens") {
    ann_fixture fixture;
    std::size_t routes = 0;
    const auto index = fixture.server.http().get("/").json();
    for (const auto& route : index.at("routes").as_array()) {
        const std::string method{route.at("method").as_string()};
        const auto path = std::regex_replace(std::string{route.at("path").as_string()}, std::regex{"\\{.*?\\}"}, "1");
        if (method == "GET" || path.starts_with("/session") ||
            path.starts_with("/tokens")) // these responses contain secrets and are not stored
            continue;
        INFO(method << " " << path);
        const auto refused = fixture.server.http().send(method, path, R"({"query":"{ __typename }"})",
                                                        with_key("not a key", {{"Content-Type", "application/json"}}));
        CHECK(refused.status == 400);
        CHECK(refused.body.find("idempotency key") != std::string::npos);
        ++routes;
    }
    CHECK(routes >= 8);
}

TEST_CASE("an idempotency key expires after idempotency.age, and /metrics shows the number of keys") {
    ann_fixture fixture;
    const auto place = [&] {
        return fixture.server.http().post("/orders/", {{"username", "ann"}, {"product_name", "tea"}}, with_key("a")).json();
    };
    const auto first = place();
    CHECK(place() == first);
    CHECK(fixture.metric("atrium_idempotency_keys") == "1");
    fixture.server.set_settings({"idempotency.age=1s"});
    fixture.server.restart();
    eventually([&] { return place() != first; });
    CHECK(fixture.server.orders().size() == 2);
    eventually([&] { return fixture.metric("atrium_idempotency_keys") == "0"; });
}

TEST_CASE("a drain that is repeated with its idempotency key gets the stored response") {
    ann_fixture fixture;
    auto& http = fixture.server.http();
    const auto first = http.send("POST", "/events/drain", {}, with_key("a"));
    REQUIRE(first.status == 200);
    const auto again = http.send("POST", "/events/drain", {}, with_key("a"));
    CHECK(again.body == first.body);
    CHECK(again.header("Idempotency-Replayed") == "true");
    CHECK(again.header("Cache-Control") == "no-store");
}

TEST_CASE("a mutation that calls no resolver is not stored under its idempotency key") {
    ann_fixture fixture;
    for (const auto* query : {"mutation { __typename }", "mutation { a: __typename b: __typename }",
                              "mutation { __typename deleteUser(id: 1) @skip(if: true) }"}) {
        for (int i = 0; i < 2; ++i) {
            const auto done = fixture.post({{"query", query}}, with_key("a"));
            INFO(done.body);
            CHECK(done.status == 200);
            CHECK(done.body.find("errors") == std::string::npos);
            CHECK(done.header("Idempotency-Replayed").empty());
        }
        CHECK(run_on_web_socket(fixture.server, request_with_key(query, "a")).as_object().contains("data"));
    }
    CHECK(fixture.metric("atrium_idempotency_keys") == "0");
    CHECK(fixture.post({{"query", two_orders}}, with_key("a")).status == 200); // the key is still free
    CHECK(fixture.metric("atrium_idempotency_keys") == "1");
}

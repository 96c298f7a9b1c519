// Tests of the computing budget of a client, on real connections.
#include "test_endpoint.hpp"

#include <support/catch.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace atrium;
using namespace atrium::graphql_http::test;
using graphql_http::budget_settings;

namespace {

/// A rate so low that a budget hardly increases during a test.
constexpr auto low_rate = 1ms;

/// Settings with a budget for each connection. The list of shared networks is empty: by default, it contains 127.0.0.1, the
/// address of the clients of these tests, and HTTP requests from a shared network are not limited.
graphql_http::settings settings_with_connection_budget(std::chrono::milliseconds burst,
                                                       std::chrono::milliseconds rate = low_rate) {
    graphql_http::settings s;
    s.budget = {.connection = rate, .connection_burst = burst, .address = 0ms, .shared_networks = {}};
    return s;
}

graphql_http::settings settings_with_address_budget(std::chrono::milliseconds burst) {
    graphql_http::settings s;
    s.budget = {.connection = 0ms, .address = low_rate, .address_burst = burst, .shared_networks = {}};
    return s;
}

graphql_http::settings settings_without_budget() {
    graphql_http::settings s;
    s.budget = {.connection = 0ms, .address = 0ms};
    return s;
}

boost::json::value computing_request(int milliseconds) {
    return {{"query", "{ computes(ms: " + std::to_string(milliseconds) + ") }"}};
}

std::string code_of(const boost::json::value& response) {
    const auto* errors = response.as_object().if_contains("errors");
    return errors ? std::string{errors->at(0).at("extensions").at("code").as_string()} : "";
}

/// Runs an operation. Returns the type of its first message and, for an error, the code.
std::string first_message_of(transport_client& client, std::string_view id, std::string_view query) {
    client.subscribe(id, query);
    for (;;) {
        const auto message = boost::json::parse(client.read_text());
        if (message.at("id").as_string() != id)
            continue;
        const std::string type{message.at("type").as_string()};
        return type == "error" ? type + " " + std::string{message.at("payload").at(0).at("extensions").at("code").as_string()}
                               : type;
    }
}

} // namespace

TEST_CASE("a connection that has used up its budget gets 429 and Retry-After, and another connection is served") {
    test_endpoint fixture{settings_with_connection_budget(100ms)};
    auto greedy = fixture.http();
    CHECK(greedy.post("/graphql/", computing_request(150)).json().at("data").at("computes") == true);
    const auto refused = greedy.post("/graphql/", computing_request(1));
    CHECK(refused.status == 429);
    CHECK(std::stoi(refused.header("Retry-After")) >= 10);
    CHECK(code_of(refused.json()) == "RATE_LIMITED");
    CHECK(refused.json().at("errors").at(0).at("extensions").at("retryAfter").as_int64() >= 10);
    CHECK(greedy.get("/graphql/?query={number}").status == 429);
    CHECK(fixture.http().post("/graphql/", computing_request(1)).status == 200);
    CHECK(fixture.metric(R"(atrium_graphql_refused_total{limit="connection"})") == "2");
}

TEST_CASE("by default, HTTP requests from a shared network have no budget, but each WebSocket from there has one") {
    graphql_http::settings s;
    s.budget.connection = low_rate;
    s.budget.connection_burst = 100ms;
    test_endpoint fixture{s};
    auto gateway = fixture.http();
    CHECK(gateway.post("/graphql/", computing_request(150)).status == 200);
    CHECK(gateway.post("/graphql/", computing_request(1)).status == 200);
    transport_client client{fixture};
    client.begin();
    CHECK(first_message_of(client, "1", "{ computes(ms: 150) }") == "next");
    CHECK(first_message_of(client, "2", "{ number }") == "error RATE_LIMITED");
    CHECK(fixture.http().post("/graphql/", computing_request(1)).status == 200);
}

TEST_CASE("the connections of one address share a budget") {
    test_endpoint fixture{settings_with_address_budget(100ms)};
    CHECK(fixture.http().post("/graphql/", computing_request(60)).status == 200);
    CHECK(fixture.http().post("/graphql/", computing_request(60)).status == 200);
    CHECK(fixture.http().post("/graphql/", computing_request(1)).status == 429);
    transport_client socket{fixture};
    socket.begin();
    CHECK(first_message_of(socket, "1", "{ number }") == "error RATE_LIMITED");
    CHECK(fixture.metric(R"(atrium_graphql_refused_total{limit="address"})") == "2");
}

TEST_CASE("once a WebSocket has used up its budget, operations get an error, and the connection stays open") {
    test_endpoint fixture{settings_with_connection_budget(100ms)};
    transport_client client{fixture};
    client.begin();
    CHECK(first_message_of(client, "1", "{ computes(ms: 150) }") == "next");
    CHECK(first_message_of(client, "2", "{ number }") == "error RATE_LIMITED");
    CHECK(first_message_of(client, "3", "mutation { increment }") == "error RATE_LIMITED");
    CHECK(fixture.resolvers.counter == 0);
    client.send_text(R"({"type":"ping"})");
    CHECK(client.read_text() == R"({"type":"pong"})");
}

TEST_CASE("the server reads slowly from a WebSocket that has used up its budget, whatever the client sends") {
    test_endpoint fixture{settings_with_connection_budget(20ms)};
    transport_client client{fixture};
    client.begin();
    CHECK(first_message_of(client, "1", "{ computes(ms: 60) }") == "next");
    CHECK(client.read_text() == completed("1"));
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 5; ++i) {
        client.send_text(R"({"type":"ping"})");
        CHECK(client.read_text() == R"({"type":"pong"})");
    }
    CHECK(std::chrono::steady_clock::now() - begin >= 400ms);
}

TEST_CASE("many simultaneous operations on a WebSocket share the budget of the connection") {
    test_endpoint fixture{settings_with_connection_budget(200ms)};
    transport_client client{fixture};
    client.begin();
    constexpr int operations = 12;
    for (int i = 0; i < operations; ++i)
        client.subscribe(std::to_string(i), "{ computes(ms: 50) }");
    int answered = 0;
    int refused = 0;
    while (answered + refused < operations) {
        const auto type = std::string{boost::json::parse(client.read_text()).at("type").as_string()};
        answered += type == "next" ? 1 : 0;
        refused += type == "error" ? 1 : 0;
    }
    CHECK(answered >= 4);
    CHECK(answered <= 5);
}

TEST_CASE("syntax errors, introspection and batches use up the budget") {
    test_endpoint fixture{settings_with_address_budget(2ms)};
    const auto requests_until_refused = [&](const boost::json::value& request) {
        for (int sent = 0; sent < 10'000; ++sent)
            if (fixture.http().post("/graphql/", request).status == 429)
                return sent;
        return -1;
    };
    SECTION("a document that cannot be parsed") {
        CHECK(requests_until_refused({{"query", "{ " + std::string(200'000, ' ') + "number ( }"}}) > 0);
    }
    SECTION("introspection") {
        CHECK(requests_until_refused({{"query", "{ __schema { types { name fields { name type { name } } } } }"}}) > 0);
    }
    SECTION("a batch") {
        CHECK(requests_until_refused(boost::json::array(10, boost::json::value{{"query", "{ text(size: 100000) }"}})) > 0);
    }
}

TEST_CASE("once the budget is used up, the remaining operations of a batch do not run") {
    test_endpoint fixture{settings_with_connection_budget(100ms)};
    const auto answer = fixture.http().post(
        "/graphql/",
        boost::json::array{computing_request(150), {{"query", "mutation { increment }"}}, {{"query", "{ broken"}}});
    CHECK(answer.status == 200);
    const auto responses = answer.json();
    CHECK(code_of(responses.at(0)).empty());
    CHECK(code_of(responses.at(1)) == "RATE_LIMITED");
    CHECK(code_of(responses.at(2)) == "RATE_LIMITED");
    CHECK(fixture.resolvers.counter == 0);
}

TEST_CASE("once a request has used up its computing time, its other fields get TIMEOUT") {
    test_endpoint fixture{settings_without_budget(), {}, {.computing = 50ms}};
    const auto answer = fixture.http().post("/graphql/", {{"query", "{ a: computes(ms: 100) b: computes(ms: 100) }"}});
    CHECK(answer.status == 200);
    CHECK(code_of(answer.json()) == "TIMEOUT");
    CHECK(fixture.metric(R"(atrium_graphql_stopped_total{limit="request"})") == "1");
    const auto waits_only = fixture.http().post("/graphql/", {{"query", "{ a: pauses(ms: 150) b: number }"}});
    CHECK(code_of(waits_only.json()).empty());
}

TEST_CASE("a batch may compute no longer than one request") {
    test_endpoint fixture{settings_without_budget(), {}, {.computing = 50ms}};
    const auto responses =
        fixture.http()
            .post("/graphql/", boost::json::array{computing_request(100), {{"query", "mutation { increment }"}}})
            .json();
    CHECK(code_of(responses.at(0)).empty());
    CHECK(code_of(responses.at(1)) == "TIMEOUT");
    CHECK(fixture.resolvers.counter == 0);
}

TEST_CASE("a subscription waits before the budget is used up, and leaves the rest to other operations") {
    test_endpoint fixture{settings_with_connection_budget(500ms)};
    transport_client client{fixture};
    client.begin();
    client.subscribe("ticks", "subscription { ticks }");
    int others = 0;
    const auto run_other = [&](std::string_view query) { return first_message_of(client, std::to_string(++others), query); };
    const auto ticks_in_100_ms = [&] { // the number of events that the stream emits in the next 100 ms
        const auto emitted_before = fixture.resolvers.emitted.load();
        std::this_thread::sleep_for(100ms);
        return fixture.resolvers.emitted - emitted_before;
    };
    eventually([&] { return run_other("{ number }") == "next" && fixture.resolvers.emitted > 100 && ticks_in_100_ms() < 10; });
    for (int i = 0; i < 3; ++i)
        CHECK(run_other("{ number }") == "next");

    (void)run_other("{ computes(ms: 100) }");
    CHECK(run_other("{ number }") == "error RATE_LIMITED");
    CHECK(ticks_in_100_ms() < 10);
    CHECK(fixture.resolvers.sources == 1);
    client.complete("ticks");
    eventually([&] { return fixture.resolvers.sources == 0; });
}

TEST_CASE("a refused client is served once some of its budget is available again") {
    test_endpoint fixture{settings_with_connection_budget(20ms, 200ms)};
    transport_client client{fixture};
    client.begin();
    CHECK(first_message_of(client, "1", "{ computes(ms: 60) }") == "next");
    CHECK(client.read_text() == completed("1"));
    CHECK(first_message_of(client, "refused", "{ number }") == "error RATE_LIMITED");
    eventually([&] { return first_message_of(client, "later", "subscription { numbers(to: 3) }") == "next"; });
    CHECK(client.read_text() == next("later", R"({"data":{"numbers":2}})"));
    CHECK(client.read_text() == next("later", R"({"data":{"numbers":3}})"));
    CHECK(client.read_text() == completed("later"));
}

TEST_CASE("an EventSource that has used up its budget gets a stream that ends, so that it reconnects") {
    test_endpoint fixture{settings_with_address_budget(100ms)};
    CHECK(fixture.http().post("/graphql/", computing_request(150)).status == 200);
    const auto answer = fixture.http().get("/graphql/?query=subscription{numbers(to:3)}", {{"Accept", "text/event-stream"}});
    CHECK(answer.status == 200);
    CHECK(answer.body.find("RATE_LIMITED") != std::string::npos);
    CHECK(answer.body.ends_with(broken_off_event));
}

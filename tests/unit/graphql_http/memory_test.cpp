// Tests that an operation runs only if there is memory for its response.
#include "test_endpoint.hpp"

#include <http/memory_budget.hpp>
#include <support/catch.hpp>

#include <boost/json/parse.hpp>

#include <string>

using namespace atrium;
using namespace atrium::graphql_http::test;
using http::memory_use;

namespace {

constexpr std::size_t mebibyte = 1024 * 1024;
constexpr auto no_memory = R"({"errors":[{"message":"the server is short of memory; the operation was not run",)"
                           R"("extensions":{"code":"UNAVAILABLE","retryAfter":1}}]})";

http::settings settings_with_memory(std::size_t bytes) {
    http::settings s;
    s.limits.memory = bytes;
    s.deadlines.memory = 50ms;
    return s;
}

/// Waits until the worker has taken the memory for its connections. Then takes all other memory except `free_bytes` bytes, and
/// holds it until the object is destroyed.
class foreign_memory {
public:
    foreign_memory(test_endpoint& fixture, std::size_t free_bytes)
        : lease_{fixture.server.http.memory().share(memory_use::responses)} {
        REQUIRE(fixture.http().post("/graphql/", {{"query", "{ number }"}}).status == 200);
        const auto& budget = fixture.server.http.memory();
        lease_.resize(budget.limit() - budget.used() - free_bytes);
    }

private:
    http::memory_lease lease_;
};

} // namespace

TEST_CASE("if there is no memory for its response, a mutation does not run and gets 503") {
    test_endpoint fixture{{}, settings_with_memory(mebibyte)};
    auto client = fixture.http();
    {
        const foreign_memory foreign{fixture, 500}; // less than an operation needs
        const auto refused = client.post("/graphql/", {{"query", "mutation { increment }"}});
        CHECK(refused.status == 503);
        CHECK(refused.header("Retry-After") == "1");
        CHECK(refused.body == no_memory);
        CHECK(fixture.resolvers.counter == 0);
    }
    CHECK(client.post("/graphql/", {{"query", "mutation { increment }"}}).body == R"({"data":{"increment":1}})");
}

TEST_CASE("an EventSource gets a stream that ends if there is no memory for its response, so that the EventSource reconnects") {
    auto s = settings_with_memory(mebibyte);
    s.limits.target = s.limits.header = 32 * 1024;
    test_endpoint fixture{{}, s};
    const foreign_memory foreign{fixture, 500};
    // An alias of this length makes the estimated response larger than the memory that the worker has already taken from the
    // budget, so the worker needs more memory.
    const auto refused =
        fixture.http().get("/graphql/?query={" + std::string(14'000, 'a') + ":number}", {{"Accept", "text/event-stream"}});
    CHECK(refused.status == 200);
    CHECK(refused.header("Content-Type").starts_with("text/event-stream"));
    CHECK(refused.body == next_event(no_memory) + broken_off_event);
}

TEST_CASE("operations of a batch do not run if there is no memory for their responses") {
    test_endpoint fixture{{}, settings_with_memory(mebibyte)};
    const foreign_memory foreign{fixture, 700};
    const auto answer = fixture.http().post("/graphql/", boost::json::parse(R"([{"query":"mutation { increment }"}])"));
    CHECK(answer.body == "[" + std::string{no_memory} + "]");
    CHECK(fixture.resolvers.counter == 0);
}

TEST_CASE("if there is no memory to parse a large message, its WebSocket is closed with 1013") {
    test_endpoint fixture{{}, settings_with_memory(8 * mebibyte)};
    transport_client client{fixture};
    client.begin();
    const foreign_memory foreign{fixture, 2 * mebibyte}; // enough to receive the message, but not to parse it
    client.subscribe("1", "mutation { increment }" + std::string(250'000, ' '));
    CHECK(client.read_close() == 1013);
    CHECK(fixture.resolvers.counter == 0);
}

TEST_CASE("an operation on a WebSocket waits for memory and runs when it is available") {
    auto s = settings_with_memory(mebibyte);
    s.deadlines.memory = 1min;
    test_endpoint fixture{{}, s};
    transport_client client{fixture};
    client.begin();
    {
        const foreign_memory foreign{fixture, 1000};
        client.subscribe("1", "mutation { increment }");
        eventually([&] { return fixture.server.http.memory().waiting() == 1; });
        CHECK(fixture.resolvers.counter == 0);
    }
    CHECK(client.read_text() == next("1", R"({"data":{"increment":1}})"));
    CHECK(client.read_text() == completed("1"));
}

TEST_CASE("an operation on a WebSocket that waits too long for memory gets an error, and later operations run") {
    test_endpoint fixture{{}, settings_with_memory(mebibyte)};
    transport_client client{fixture};
    client.begin();
    {
        const foreign_memory foreign{fixture, 1000};
        client.subscribe("1", "mutation { increment }");
        CHECK(client.read_text().find(R"("id":"1","type":"error")") != std::string::npos);
    }
    CHECK(fixture.resolvers.counter == 0);
    client.subscribe("1", "mutation { increment }");
    CHECK(client.read_text() == next("1", R"({"data":{"increment":1}})"));
}

TEST_CASE("a subscription occupies memory until it ends, and is refused if there is not enough") {
    test_endpoint fixture{{}, settings_with_memory(mebibyte)};
    auto& subscriptions = fixture.server.http.memory().share(memory_use::subscriptions);
    transport_client client{fixture};
    client.begin();
    client.subscribe("1", "subscription { silent }");
    eventually([&] { return fixture.resolvers.sources == 1; });
    CHECK(subscriptions.used() > 0);
    {
        const foreign_memory foreign{fixture, 5'000};
        client.subscribe("2", "subscription { silent }");
        CHECK(client.read_text().find(R"("id":"2","type":"error")") != std::string::npos);
        const auto refused = fixture.http().get("/graphql/?query=subscription{silent}", {{"Accept", "text/event-stream"}});
        CHECK(refused.status == 200); // with any other status an EventSource would not reconnect
        CHECK(refused.body == next_event(no_memory) + broken_off_event);
    }
    client.complete("1");
    eventually([&] { return subscriptions.used() == 0; });
}

TEST_CASE("a WebSocket with unread messages is closed when other clients need the memory of these messages") {
    auto s = settings_with_memory(64 * mebibyte);
    s.deadlines.memory = 1min;
    test_endpoint fixture{{}, s};
    transport_client unread{fixture, 16 * 1024};
    unread.begin();
    for (int i = 0; i < 6; ++i)
        unread.subscribe(std::to_string(i), "{ text(size: 6000000) }");
    eventually([&] { return fixture.server.http.memory().used() > 5 * mebibyte; });
    {
        const foreign_memory foreign{fixture, 9 * mebibyte}; // not enough for one more large response
        auto client = fixture.http();
        const auto small = client.post("/graphql/", {{"query", "{ text(size: 10) }"}});
        CHECK(small.status == 200); // a small response fits
        eventually([&] {
            http::memory_lease large{fixture.server.http.memory().share(memory_use::responses)};
            return large.try_resize(2 * mebibyte); // fails until the WebSocket is closed
        });
    }
    eventually([&] { return fixture.server.metric("atrium_http_memory_closed_total") == "1"; });
    CHECK(fixture.server.metric(R"(atrium_http_web_sockets_ended_total{reason="too_slow"})") == "1");
}

TEST_CASE("cached GraphQL documents count toward the memory budget") {
    test_endpoint fixture;
    CHECK(fixture.http().post("/graphql/", {{"query", "{ number }"}}).status == 200);
    CHECK(fixture.server.http.memory().share(memory_use::documents).used() > 0);
}

TEST_CASE("a subscription waits for memory before each response, and does not skip any event") {
    auto s = settings_with_memory(2 * mebibyte);
    test_endpoint fixture{{}, s};
    transport_client client{fixture};
    client.begin();
    {
        const foreign_memory foreign{fixture, 7'600}; // enough to subscribe, but not for a response
        client.subscribe("1", "subscription { ticks(count: 2) }");
        eventually([&] { return fixture.server.http.memory().waiting() == 1; });
        eventually([&] { return fixture.server.http.memory().refusals() > 3; }); // the subscription tries repeatedly
        CHECK_FALSE(client.raw.has_arrived());
    }
    CHECK(client.read_text() == next("1", R"({"data":{"ticks":"x"}})"));
    CHECK(client.read_text() == next("1", R"({"data":{"ticks":"x"}})"));
    CHECK(client.read_text() == completed("1"));
    eventually([&] { return fixture.server.http.memory().share(memory_use::subscriptions).used() == 0; });
}

TEST_CASE("a subscription ends if the client completes it while it waits for memory") {
    test_endpoint fixture{{}, settings_with_memory(2 * mebibyte)};
    transport_client client{fixture};
    client.begin();
    const foreign_memory foreign{fixture, 7'600};
    client.subscribe("1", "subscription { ticks(count: 2) }");
    eventually([&] { return fixture.server.http.memory().waiting() == 1; });
    client.complete("1");
    eventually([&] { return fixture.resolvers.sources == 0; });
    CHECK(fixture.server.http.memory().waiting() == 0);
}

// Tests the limits for one client of graphql-transport-ws.
#include "test_endpoint.hpp"

#include <support/catch.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <thread>

using namespace atrium;
using namespace atrium::graphql_http;
using namespace atrium::graphql_http::test;

namespace {

/// Settings that limit the unsent bytes of each WebSocket to 64 KiB.
http::settings small_buffers() {
    http::settings s;
    s.web_socket.unsent = 64 * 1024;
    return s;
}

/// Waits until no further event is sent, because the buffers of the client and of the server are full. Returns the number of
/// events that were sent until then.
int wait_until_blocked(test_endpoint& fixture) {
    int previous = -1;
    eventually([&] {
        const bool is_unchanged = previous > 0 && previous == fixture.resolvers.emitted;
        previous = fixture.resolvers.emitted;
        std::this_thread::sleep_for(50ms);
        return is_unchanged;
    });
    return previous;
}

/// The id in a server message that belongs to an operation.
std::string id_of(std::string_view message) {
    constexpr std::string_view prefix = R"({"id":")";
    REQUIRE(message.starts_with(prefix));
    message.remove_prefix(prefix.size());
    return std::string{message.substr(0, message.find('"'))};
}

} // namespace

TEST_CASE("operations beyond the limit for one WebSocket are refused individually, and the connection stays open") {
    test_endpoint fixture{{.operations = 2}};
    transport_client client{fixture};
    client.begin();
    client.subscribe("1", "subscription { silent }");
    client.subscribe("2", "subscription { silent }");
    client.subscribe("3", "{ number }");
    const auto refused = client.read_text();
    CHECK(refused.starts_with(R"({"id":"3","type":"error","payload":[{"message":"this connection already has 2 operations)"));
    CHECK(refused.find("LIMIT_EXCEEDED") != std::string::npos);
    client.complete("1");
    client.subscribe("3", "{ number }");
    CHECK(client.read_text() == next("3", R"({"data":{"number":0}})"));
    CHECK(client.read_text() == completed("3"));
}

TEST_CASE("if too many operations still run after the client has completed them, the server reads no further message") {
    test_endpoint fixture{{.operations = 2}};
    transport_client client{fixture};
    client.begin();
    for (int i = 0; i < 10; ++i) {
        client.subscribe("1", "{ stubborn }");
        client.complete("1");
    }
    client.send_text(R"({"type":"ping"})");
    eventually([&] { return fixture.resolvers.started >= 4; });
    CHECK(fixture.resolvers.started <= 5);
    fixture.resolvers.release = true;
    auto text = client.read_text();
    while (text != R"({"type":"pong"})") // operations that end before the client's next message may still be answered
        text = client.read_text();
}

TEST_CASE("a client that does not read is disconnected with a reason, and until then only little is buffered for it") {
    test_endpoint fixture{{.slow_reader = 500ms}, small_buffers()};
    transport_client client{fixture, 16 * 1024};
    client.begin();
    for (const auto* id : {"1", "2", "3"})
        client.subscribe(id, "subscription { ticks(size: 10000) }");
    CHECK(wait_until_blocked(fixture) < 600); // less than 6 MB, most of it in buffers of the system
    eventually([&] { return fixture.resolvers.sources == 0; });
    for (;;) {
        const auto frame = client.read();
        if (frame.opcode == http::test::text_frame)
            continue;
        CHECK(frame.opcode == http::test::close_frame);
        CHECK(frame.payload == http::test::close_payload(1013, "messages were not read in time"));
        break;
    }
}

TEST_CASE("a client that reads slowly gets everything, however much its operations send at the same time") {
    test_endpoint fixture{{}, small_buffers()};
    transport_client client{fixture, 16 * 1024};
    client.begin();
    constexpr int operations = 40;
    for (int i = 0; i < operations; ++i)
        client.subscribe(std::to_string(i), "subscription { ticks(count: 3, size: 30000) }");
    int ticks = 0;
    std::set<std::string> ended;
    while (ended.size() < operations) {
        const auto text = client.read_text();
        if (text.find(R"("type":"next")") != std::string::npos)
            ++ticks;
        else
            ended.insert(text);
    }
    CHECK(ticks == 3 * operations);
}

TEST_CASE("messages of all sizes arrive, and those of each operation arrive in order") {
    test_endpoint fixture{{}, small_buffers()};
    transport_client client{fixture, 16 * 1024};
    client.begin();
    constexpr unsigned operations = 40;
    std::map<std::string, int> expected; // the number of responses to each operation
    for (unsigned i = 0; i < operations; ++i) {
        const auto id = std::to_string(i);
        constexpr std::array queries{"{ text(size: 60000) }", "{ text(size: 200000) }",
                                     "subscription { ticks(count: 30, size: 10000) }"};
        const auto kind = (i + 2) % 4; // subscriptions first, because large messages might block their events
        expected[id] = kind < 2 ? 1 : 30;
        client.subscribe(id, queries.at(std::min(kind, 2U)));
    }
    wait_until_blocked(fixture); // so that messages of each size wait for space
    std::map<std::string, int> received;
    for (unsigned ended = 0; ended < operations;) {
        const auto text = client.read_text();
        const auto id = id_of(text);
        if (text == completed(id)) {
            ++ended;
            CHECK(received[id] == expected[id]);
        } else {
            CHECK(text.find(R"("type":"next")") != std::string::npos);
            ++received[id];
        }
    }
    CHECK(received == expected);
}

TEST_CASE("a large message is not blocked by an endless stream of small ones") {
    test_endpoint fixture{{.slow_reader = 2s}, small_buffers()};
    transport_client client{fixture, 16 * 1024};
    client.begin();
    for (const auto* id : {"1", "2", "3"})
        client.subscribe(id, "subscription { ticks(size: 10000) }");
    client.subscribe("large", "{ text(size: 60000) }");
    auto text = client.read_text();
    while (text != completed("large"))
        text = client.read_text(); // throws if the socket is closed
    SUCCEED();
}

TEST_CASE("the WebSocket of a client that keeps reading is not closed, however slowly it reads") {
    test_endpoint fixture{{.slow_reader = 1500ms}, small_buffers()};
    transport_client client{fixture, 16 * 1024};
    client.begin();
    constexpr int operations = 80;
    for (int i = 0; i < operations; ++i)
        client.subscribe(std::to_string(i), "{ text(size: 300000) }");
    for (int ended = 0; ended < operations;) {
        const auto text = client.read_text();
        if (text == completed(id_of(text)))
            ++ended;
        else
            std::this_thread::sleep_for(30ms); // the client reads slowly
    }
    SUCCEED();
}

TEST_CASE("a client may read a large response slowly, even while the message `complete` waits behind it") {
    test_endpoint fixture{{.slow_reader = 100ms}, small_buffers()};
    transport_client client{fixture, 16 * 1024};
    client.begin();
    client.subscribe("1", "{ text(size: 9000000) }");
    eventually([&] { return client.raw.has_arrived(); });
    std::this_thread::sleep_for(1s);
    CHECK(client.read_text().size() > 9'000'000);
    CHECK(client.read_text() == completed("1"));
}

TEST_CASE("one response may exceed the limit of buffered bytes, and the next messages wait") {
    test_endpoint fixture{{}, small_buffers()};
    transport_client client{fixture};
    client.begin();
    client.subscribe("1", "{ text(size: 1000000) }");
    client.send_text(R"({"type":"ping"})");
    client.subscribe("2", "{");
    CHECK(client.read_text().size() > 1'000'000);
    std::set<std::string> rest;
    for (int i = 0; i < 3; ++i)
        rest.insert(client.read_text().substr(0, 30));
    CHECK(rest ==
          std::set<std::string>{R"({"id":"1","type":"complete"})", R"({"id":"2","type":"error","payl)", R"({"type":"pong"})"});
}

TEST_CASE("a client that disconnects ends all its operations") {
    for (const bool is_reset : {false, true}) {
        test_endpoint fixture;
        transport_client client{fixture};
        client.begin();
        client.subscribe("1", "subscription { silent }");
        client.subscribe("2", "{ waits }");
        eventually([&] { return fixture.resolvers.sources == 1 && fixture.resolvers.started == 1; });
        if (is_reset)
            client.raw.reset();
        else
            client.raw.close();
        eventually([&] { return fixture.resolvers.sources == 0 && fixture.resolvers.stopped == 1; });
        eventually([&] { return fixture.server.metric("atrium_http_connections") == "0"; });
    }
}

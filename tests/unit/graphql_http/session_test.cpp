// Tests of graphql-transport-ws sessions, with clients that follow the protocol and clients that violate it:
// https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
#include "test_endpoint.hpp"

#include <support/catch.hpp>

using namespace atrium;
using namespace atrium::graphql_http;
using namespace atrium::graphql_http::test;

namespace {

constexpr std::string_view tick = R"({"data":{"ticks":"x"}})";

void check_closed(transport_client& client, unsigned code, std::string_view reason) {
    CHECK(client.read_close() == code);
    CHECK(client.reason == reason);
}

} // namespace

TEST_CASE("the subprotocol graphql-transport-ws is selected, even if the client also offers others") {
    test_endpoint fixture;
    http::test::web_socket_client client{fixture.port()};
    const auto answer = client.open("/graphql/", "Sec-WebSocket-Protocol: graphql-ws, graphql-transport-ws\r\n");
    CHECK(answer.status == 101);
    CHECK(answer.header("sec-websocket-protocol") == "graphql-transport-ws");
}

TEST_CASE("the WebSocket of a client with another subprotocol, or none, is closed with 4406") {
    test_endpoint fixture;
    for (const auto* line :
         {"", "Sec-WebSocket-Protocol: graphql-ws\r\n", "Sec-WebSocket-Protocol: GraphQL-Transport-WS\r\n"}) {
        http::test::web_socket_client client{fixture.port()};
        const auto answer = client.open("/graphql/", line);
        CHECK(answer.status == 101);
        CHECK(answer.header("sec-websocket-protocol").empty());
        CHECK(client.read_close() == 4406);
        CHECK(client.reason == "Subprotocol not acceptable");
    }
}

TEST_CASE("connection_init is acknowledged, and pings are answered before and after it") {
    test_endpoint fixture;
    transport_client client{fixture};
    client.send_text(R"({"type":"ping"})");
    CHECK(client.read_text() == R"({"type":"pong"})");
    client.begin();
    client.send_text(R"({"type":"ping","payload":{"a":1}})");
    CHECK(client.read_text() == R"({"type":"pong","payload":{"a":1}})");
    client.send_text(R"({"type":"pong"})"); // unsolicited, which is allowed
    client.subscribe("1", "{ number }");
    CHECK(client.read_text() == next("1", R"({"data":{"number":0}})"));
    CHECK(client.read_text() == completed("1"));
}

TEST_CASE("queries, mutations and subscriptions run concurrently under the ids that the client chooses") {
    test_endpoint fixture;
    transport_client client{fixture};
    client.begin();
    client.subscribe("w", "{ waits }");
    client.subscribe("m", "mutation { increment }");
    CHECK(client.read_text() == next("m", R"({"data":{"increment":1}})"));
    CHECK(client.read_text() == completed("m"));
    client.subscribe("s", "subscription { ticks(count: 2) }");
    CHECK(client.read_text() == next("s", tick));
    CHECK(client.read_text() == next("s", tick));
    CHECK(client.read_text() == completed("s"));
    fixture.resolvers.release = true;
    CHECK(client.read_text() == next("w", R"({"data":{"waits":"released"}})"));
    CHECK(client.read_text() == completed("w"));
}

TEST_CASE("an operation that cannot run gets an error message, and its id and the connection stay usable") {
    test_endpoint fixture;
    transport_client client{fixture};
    client.begin();
    for (const auto* query : {"{", "{ nothing }", "query ($s: Int!) { text(size: $s) }", "subscription { refused }"}) {
        client.subscribe("1", query);
        CHECK(client.read_text().starts_with(R"({"id":"1","type":"error","payload":[{"message":")"));
    }
    client.subscribe("1", "{ number }");
    CHECK(client.read_text() == next("1", R"({"data":{"number":0}})"));
}

TEST_CASE("errors of resolvers are sent with the data, and the error of an event source is sent as the last response") {
    test_endpoint fixture;
    transport_client client{fixture};
    client.begin();
    client.subscribe("1", "{ fails number }");
    const auto mixed = client.read_text();
    CHECK(mixed.find(R"("data":{"fails":null,"number":0})") != std::string::npos);
    CHECK(mixed.find("secret") == std::string::npos);
    CHECK(client.read_text() == completed("1"));

    client.subscribe("2", "subscription { broken }");
    CHECK(client.read_text() == next("2", R"({"data":{"broken":1}})"));
    CHECK(client.read_text().starts_with(R"({"id":"2","type":"next","payload":{"errors":[{"message":"no more for now")"));
    CHECK(client.read_text() == completed("2"));
}

TEST_CASE("an operation that the client has completed sends nothing more, and its id may be used again immediately") {
    test_endpoint fixture;
    transport_client client{fixture};
    client.begin();
    for (int i = 0; i < 20; ++i) {
        client.subscribe("1", "subscription { silent }");
        eventually([&] { return fixture.resolvers.sources == 1; });
        client.complete("1");
        eventually([&] { return fixture.resolvers.sources == 0; });
        client.raw.send(http::test::to_bytes({.payload = R"({"type":"subscribe","id":"1","payload":{"query":"{"}})"}) +
                        http::test::to_bytes({.payload = R"({"type":"complete","id":"1"})"}) +
                        http::test::to_bytes({.payload = R"({"type":"subscribe","id":"1","payload":{"query":"{number}"}})"}));
        auto first = client.read_text();
        if (first.find(R"("type":"error")") != std::string::npos) // sent before the server received the complete message
            first = client.read_text();
        CHECK(first == next("1", R"({"data":{"number":0}})"));
        CHECK(client.read_text() == completed("1"));
    }
    client.complete("unknown"); // not an error: the operation may have just ended
    client.subscribe("2", "{ number }");
    CHECK(client.read_text() == next("2", R"({"data":{"number":0}})"));
}

TEST_CASE("an operation that the client has completed, but that cannot be cancelled, ends without a message") {
    test_endpoint fixture;
    transport_client client{fixture};
    client.begin();
    client.subscribe("1", "{ stubborn }");
    eventually([&] { return fixture.resolvers.started == 1; });
    client.complete("1");
    client.subscribe("1", "{ number }");
    CHECK(client.read_text() == next("1", R"({"data":{"number":0}})"));
    CHECK(client.read_text() == completed("1"));
    fixture.resolvers.release = true;
    eventually([&] { return fixture.resolvers.ended == 1; });
    client.send_text(R"({"type":"ping"})");
    CHECK(client.read_text() == R"({"type":"pong"})");
}

TEST_CASE("a message of an unknown type closes the WebSocket with 4400 and the reason") {
    test_endpoint fixture;
    transport_client client{fixture};
    client.begin();
    client.subscribe("1", "subscription { silent }");
    client.send_text(R"({"type":"start"})");
    check_closed(client, 4400, "unknown message type");
    client.raw.close();
    eventually([&] { return fixture.resolvers.sources == 0; });
}

TEST_CASE("an operation before connection_init closes the WebSocket with 4401") {
    test_endpoint fixture;
    transport_client client{fixture};
    client.subscribe("1", "mutation { increment }");
    check_closed(client, 4401, "Unauthorized");
    CHECK(fixture.resolvers.counter == 0);
}

TEST_CASE(
    "if a client does not send connection_init in time, its WebSocket is closed with 4408, whatever else the client sends") {
    test_endpoint fixture{{.init = 50ms}};
    transport_client client{fixture};
    client.send_text(R"({"type":"ping"})");
    CHECK(client.read_text() == R"({"type":"pong"})");
    check_closed(client, 4408, "Connection initialisation timeout"); // style: as is (the protocol's text)
}

TEST_CASE("a client that sends connection_init in time stays connected") {
    test_endpoint fixture{{.init = 300ms}};
    transport_client client{fixture};
    client.begin();
    transport_client late{fixture};                                // its time limit begins, and so ends, after that of `client`
    check_closed(late, 4408, "Connection initialisation timeout"); // style: as is (the protocol's text)
    client.send_text(R"({"type":"ping"})");
    CHECK(client.read_text() == R"({"type":"pong"})");
}

TEST_CASE("an operation with an id that is in use closes the WebSocket with 4409") {
    test_endpoint fixture;
    transport_client client{fixture};
    client.begin();
    client.subscribe("twice", "subscription { silent }");
    client.subscribe("twice", "{ number }");
    check_closed(client, 4409, "Subscriber for twice already exists");
}

TEST_CASE("a second connection_init closes the WebSocket with 4429") {
    test_endpoint fixture;
    transport_client client{fixture};
    client.begin();
    client.send_text(init);
    check_closed(client, 4429, "Too many initialisation requests"); // style: as is (the protocol's text)
}

TEST_CASE("a binary message closes the WebSocket with 1003") {
    test_endpoint fixture;
    transport_client client{fixture};
    client.send({.opcode = http::test::binary_frame, .payload = std::string{init}});
    CHECK(client.read_close() == 1003);
}

TEST_CASE("a persisted query on a WebSocket is an error of its operation, and the connection stays open") {
    test_endpoint fixture;
    transport_client client{fixture};
    client.begin();
    client.send_text(
        R"({"type":"subscribe","id":"1","payload":{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"ecf4"}}}})");
    CHECK(client.read_text() == R"({"id":"1","type":"error","payload":[{"message":"PersistedQueryNotSupported",)"
                                R"("extensions":{"code":"PERSISTED_QUERY_NOT_SUPPORTED"}}]})");
    client.subscribe("1", "{ number }");
    CHECK(client.read_text() == next("1", R"({"data":{"number":0}})"));
}

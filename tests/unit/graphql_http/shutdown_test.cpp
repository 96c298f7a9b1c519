// Tests of operations during shutdown. Queries and mutations that are running get their responses before the connection ends,
// because a client without its response would reconnect and repeat the operation. Subscriptions end immediately.
#include "draining.hpp"
#include "streamed_answer.hpp"
#include "test_endpoint.hpp"

#include <support/catch.hpp>

#include <map>
#include <string>
#include <thread>

using namespace atrium;
using namespace atrium::graphql_http;
using namespace atrium::graphql_http::test;
using atrium::http::test::draining;
using atrium::http::test::raw_client;
using std::chrono::steady_clock;

namespace {

const auto released_response = R"({"data":{"waits":"released"}})";

void check_farewell(transport_client& client) {
    CHECK(client.read_close() == 1001);
    CHECK(client.reason == "the server is shutting down");
    client.send({.opcode = http::test::close_frame, .payload = http::test::close_payload(1001)});
    CHECK(client.reads_end());
    client.raw.close();
}

} // namespace

TEST_CASE(
    "at shutdown the stream of a subscription ends with a comment but without `complete`, so that the client reconnects") {
    test_endpoint fixture;
    raw_client client{fixture.port()};
    client.send(request_for_events("subscription%7Bsilent%7D"));
    http::test::streamed_answer answer{client};
    CHECK(answer.header().status == 200);
    eventually([&] { return fixture.resolvers.sources == 1; });
    fixture.server.http.drain(steady_clock::now() + 60s);
    CHECK(answer.chunk() == ": the server is shutting down\n\n");
    CHECK(answer.chunk().empty()); // the normal end of the body
    CHECK(fixture.resolvers.sources == 0);
}

TEST_CASE("at shutdown the response to a running query is still sent to a client that requested it as an event stream") {
    test_endpoint fixture;
    raw_client client{fixture.port()};
    client.send(request_for_events("%7Bwaits%7D"));
    eventually([&] { return fixture.resolvers.started == 1; });
    const draining drain{fixture.server.http};
    fixture.resolvers.release = true;
    const auto answer = client.read_answer();
    CHECK(answer.status == 200);
    CHECK(answer.header("content-type") == "text/event-stream");
    CHECK(answer.body == next_event(released_response) + complete_event);
    CHECK(client.read_to_end().empty());
}

TEST_CASE("at shutdown a WebSocket with only subscriptions is closed immediately") {
    test_endpoint fixture;
    transport_client client{fixture};
    client.begin();
    client.subscribe("1", "subscription { silent }");
    eventually([&] { return fixture.resolvers.sources == 1; });
    const draining drain{fixture.server.http};
    check_farewell(client);
    CHECK(fixture.resolvers.sources == 0);
}

TEST_CASE("at shutdown a WebSocket with a running query gets the response before it is closed, and no new operation begins") {
    test_endpoint fixture;
    transport_client client{fixture};
    client.begin();
    client.subscribe("1", "{ waits }");
    client.subscribe("2", "subscription { silent }");
    client.subscribe("3", "{ stubborn }");
    eventually([&] { return fixture.resolvers.started == 2 && fixture.resolvers.sources == 1; });
    const draining drain{fixture.server.http};
    eventually([&] { return fixture.resolvers.sources == 0; });
    client.subscribe("4", "mutation { increment }");
    client.send(
        {.opcode = http::test::ping_frame, .payload = "heard"}); // answered after everything that the client has sent before
    CHECK(client.read().payload == "heard");
    fixture.resolvers.release = true;
    std::map<std::string, int> received;
    for (int i = 0; i < 4; ++i)
        ++received[client.read_text()];
    CHECK(received == std::map<std::string, int>{{next("1", released_response), 1},
                                                 {completed("1"), 1},
                                                 {next("3", R"({"data":{"stubborn":"released"}})"), 1},
                                                 {completed("3"), 1}});
    check_farewell(client);
    CHECK(fixture.resolvers.counter == 0);
}

TEST_CASE("a client that disconnects while its operations finish does not disturb the shutdown") {
    test_endpoint fixture;
    transport_client client{fixture};
    client.begin();
    client.subscribe("1", "{ stubborn }");
    eventually([&] { return fixture.resolvers.started == 1; });
    const draining drain{fixture.server.http};
    client.raw.reset();
    fixture.resolvers.release = true;
    eventually([&] { return fixture.resolvers.ended == 1; });
}

TEST_CASE("a transport session that is cut off at shutdown exists until its last operation has ended") {
    test_endpoint fixture;
    transport_client client{fixture};
    client.begin();
    client.subscribe("1", "{ stubborn }");
    client.subscribe("2", "subscription { silent }");
    client.subscribe("3", "{ waits }");
    eventually([&] { return fixture.resolvers.started == 2 && fixture.resolvers.sources == 1; });
    std::thread draining_thread{[&] { fixture.server.http.drain(steady_clock::now()); }};
    eventually([&] { return fixture.resolvers.sources == 0 && fixture.resolvers.stopped == 1; });
    fixture.resolvers.release = true;
    draining_thread.join();
    CHECK(fixture.resolvers.ended == 1);
    CHECK(fixture.server.metric("atrium_http_connections") == "0");
}

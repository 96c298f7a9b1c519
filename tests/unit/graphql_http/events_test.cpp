// GraphQL by server-sent events: the distinct connections mode of graphql-sse.
#include "streamed_answer.hpp"
#include "test_endpoint.hpp"

#include <support/catch.hpp>

using namespace atrium;
using namespace atrium::graphql_http;
using namespace atrium::graphql_http::test;
using atrium::http::test::raw_client;
using atrium::http::test::streamed_answer;

namespace {

std::string request(std::string_view query, std::string_view version = "1.1") {
    return "GET /graphql/?query=" + std::string{query} + " HTTP/" + std::string{version} +
           "\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n";
}

/// The whole body of an answer that ends.
std::string body_of(const test_endpoint& at, std::string_view query) {
    raw_client client{at.port()};
    client.send(request(query));
    streamed_answer answer{client};
    const auto header = answer.header();
    CHECK(header.status == 200);
    CHECK(header.header("content-type").starts_with("text/event-stream"));
    std::string all;
    for (;;) {
        const auto part = answer.chunk();
        if (part.empty())
            return all;
        all += part;
    }
}

constexpr std::string_view complete_event = "event: complete\ndata: \n\n";

std::string next_event(std::string_view data) {
    return "event: next\ndata: " + std::string{data} + "\n\n";
}

} // namespace

TEST_CASE("a query is one event, then the stream is complete") {
    test_endpoint at;
    CHECK(body_of(at, "%7Bnumber%7D") == next_event(R"({"data":{"number":0}})") + std::string{complete_event});
}

TEST_CASE("each response of a subscription is an event") {
    test_endpoint at;
    const auto tick = next_event(R"({"data":{"ticks":"x"}})");
    CHECK(body_of(at, "subscription%7Bticks(count:3)%7D") == tick + tick + tick + std::string{complete_event});
    CHECK(at.seen.sources == 0);
}

TEST_CASE("what cannot run is told in an event, as the stream is what the client reads") {
    test_endpoint at;
    for (const auto* query : {"%7B", "%7Bnothing%7D", "subscription%7Brefused%7D"}) {
        const auto body = body_of(at, query);
        CHECK(body.starts_with("event: next\ndata: {\"errors\":["));
        CHECK(body.ends_with(complete_event));
    }
    CHECK(body_of(at, "subscription%7Brefused%7D").find(R"("message":"no longer kept")") != std::string::npos);
}

TEST_CASE("a source that fails in between is told, and is the end") {
    test_endpoint at;
    const auto body = body_of(at, "subscription%7Bbroken%7D");
    CHECK(body.starts_with(next_event(R"({"data":{"broken":1}})") +
                           "event: next\ndata: {\"errors\":[{\"message\":\"no more for now\""));
    CHECK(body.ends_with(complete_event));
}

TEST_CASE("a request that is not well-formed is refused before there is a stream") {
    test_endpoint at;
    auto http = at.http();
    const auto refused = http.get("/graphql/", {{"Accept", "text/event-stream"}});
    CHECK(refused.status == 400);
    CHECK(refused.header("Content-Type") == "application/json; charset=utf-8");
}

TEST_CASE("HTTP/1.0 gets the events too, up to the end of the connection") {
    test_endpoint at;
    raw_client client{at.port()};
    client.send(request("subscription%7Bticks(count:1)%7D", "1.0"));
    const auto all = client.read_to_end();
    CHECK(all.ends_with(next_event(R"({"data":{"ticks":"x"}})") + std::string{complete_event}));
}

TEST_CASE("a client that leaves ends its subscription") {
    test_endpoint at;
    {
        raw_client client{at.port()};
        client.send(request("subscription%7Bsilent%7D"));
        CHECK(client.read_once().starts_with("HTTP/1.1 200"));
        eventually([&] { return at.seen.sources == 1; });
    }
    eventually([&] { return at.seen.sources == 0; });
}

TEST_CASE("a shutdown is told in a comment, and nothing is called complete, so that clients return") {
    for (const auto* query : {"subscription%7Bsilent%7D", "%7Bwaits%7D"}) {
        test_endpoint at;
        raw_client client{at.port()};
        client.send(request(query));
        streamed_answer answer{client};
        CHECK(answer.header().status == 200);
        eventually([&] { return at.seen.sources + at.seen.started == 1; });
        at.server.http.drain(std::chrono::steady_clock::now() + 60s);
        CHECK(answer.chunk() == ": the server is shutting down\n\n");
        CHECK(answer.chunk().empty()); // the regular end
        CHECK(at.seen.sources == 0);
    }
}

TEST_CASE("a client that does not read is waited for, and nothing is gathered for it") {
    test_endpoint at;
    raw_client client{at.port(), 16 * 1024};
    client.send(request("subscription%7Bticks(size:100000)%7D"));
    eventually([&] { return at.seen.told > 0; });
    eventually([&, before = -1]() mutable { // as much as the system's buffers hold
        const bool stands_still = before == at.seen.told;
        before = at.seen.told;
        std::this_thread::sleep_for(50ms);
        return stands_still;
    });
    CHECK(at.seen.told < 200); // 20 MB
}

// GraphQL by server-sent events: the distinct connections mode of graphql-sse.
#include "test_endpoint.hpp"

#include <support/catch.hpp>

using namespace atrium;
using namespace atrium::graphql_http;
using namespace atrium::graphql_http::test;
using atrium::http::test::raw_client;

namespace {

/// The whole body of an answer that ends.
std::string body_of(const test_endpoint& at, std::string_view query) {
    const auto answer = at.http().get("/graphql/?query=" + std::string{query}, {{"Accept", "text/event-stream"}});
    CHECK(answer.status == 200);
    CHECK(answer.header("Content-Type") == "text/event-stream");
    CHECK(answer.header("Cache-Control") == "no-store");
    return answer.body;
}

} // namespace

TEST_CASE("a query is one event, then it is complete") {
    test_endpoint at;
    CHECK(body_of(at, "%7Bnumber%7D") == next_event(R"({"data":{"number":0}})") + complete_event);
}

TEST_CASE("each response of a subscription is an event") {
    test_endpoint at;
    const auto tick = next_event(R"({"data":{"ticks":"x"}})");
    CHECK(body_of(at, "subscription%7Bticks(count:3)%7D") == tick + tick + tick + complete_event);
    CHECK(at.seen.sources == 0);
}

TEST_CASE("what cannot run is told in an event, as events are what the client reads") {
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

TEST_CASE("a request that is not well-formed is refused without events") {
    test_endpoint at;
    auto http = at.http();
    const auto refused = http.get("/graphql/", {{"Accept", "text/event-stream"}});
    CHECK(refused.status == 400);
    CHECK(refused.header("Content-Type") == "application/json; charset=utf-8");
}

TEST_CASE("HTTP/1.0 gets the events too, up to the end of the connection") {
    test_endpoint at;
    raw_client client{at.port()};
    client.send(request_for_events("subscription%7Bticks(count:1)%7D", "1.0"));
    const auto all = client.read_to_end();
    CHECK(all.ends_with(next_event(R"({"data":{"ticks":"x"}})") + complete_event));
}

TEST_CASE("a client that leaves ends its subscription") {
    test_endpoint at;
    {
        raw_client client{at.port()};
        client.send(request_for_events("subscription%7Bsilent%7D"));
        CHECK(client.read_once().starts_with("HTTP/1.1 200"));
        eventually([&] { return at.seen.sources == 1; });
    }
    eventually([&] { return at.seen.sources == 0; });
}

TEST_CASE("a client that does not read is waited for, and nothing is gathered for it") {
    test_endpoint at;
    raw_client client{at.port(), 16 * 1024};
    client.send(request_for_events("subscription%7Bticks(size:100000)%7D"));
    eventually([&] { return at.seen.told > 0; });
    eventually([&, before = -1]() mutable { // as much as the system's buffers hold
        const bool stands_still = before == at.seen.told;
        before = at.seen.told;
        std::this_thread::sleep_for(50ms);
        return stands_still;
    });
    CHECK(at.seen.told < 200); // 20 MB
}

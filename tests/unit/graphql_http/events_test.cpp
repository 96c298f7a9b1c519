// Tests of GraphQL over server-sent events, in the distinct connections mode of graphql-sse.
#include "test_endpoint.hpp"

#include <support/catch.hpp>

using namespace atrium;
using namespace atrium::graphql_http;
using namespace atrium::graphql_http::test;
using atrium::http::test::raw_client;

namespace {

const support::headers events_headers{{"Content-Type", "application/json"}, {"Accept", "text/event-stream"}};

/// A GET like that of an EventSource. `query` is already escaped.
support::reply get_events(const test_endpoint& fixture, std::string_view query, std::string_view last_event_id = {}) {
    support::headers all{{"Accept", "text/event-stream"}};
    if (last_event_id.data())
        all.emplace_back("Last-Event-ID", std::string{last_event_id});
    return fixture.http().get("/graphql/?query=" + std::string{query}, all);
}

/// Sends a GET, checks the headers of the response, and returns its whole body. The stream must end on its own.
std::string body_of(const test_endpoint& fixture, std::string_view query) {
    const auto answer = get_events(fixture, query);
    CHECK(answer.status == 200);
    CHECK(answer.header("Content-Type") == "text/event-stream");
    CHECK(answer.header("Cache-Control") == "no-store");
    return answer.body;
}

} // namespace

TEST_CASE("the response to a query is an event `next`, followed by the event `complete`") {
    test_endpoint fixture;
    CHECK(body_of(fixture, "%7Bnumber%7D") == next_event(R"({"data":{"number":0}})") + complete_event);
}

TEST_CASE("each response of a subscription is an event") {
    test_endpoint fixture;
    const auto tick = next_event(R"({"data":{"ticks":"x"}})");
    CHECK(body_of(fixture, "subscription%7Bticks(count:3)%7D") == tick + tick + tick + complete_event);
    CHECK(fixture.resolvers.sources == 0);
}

TEST_CASE("an operation by POST that cannot run is answered with an event, as graphql-sse requires") {
    test_endpoint fixture;
    auto http = fixture.http();
    for (const auto* query : {"{", "{nothing}", "subscription{refused}", "subscription{failing}"}) {
        const auto answer = http.send("POST", "/graphql/", R"({"query":")" + std::string{query} + "\"}", events_headers);
        CHECK(answer.status == 200);
        CHECK(answer.header("Content-Type") == "text/event-stream");
        CHECK(answer.body.starts_with("event: next\ndata: {\"errors\":["));
        CHECK(answer.body.ends_with(complete_event));
    }
}

TEST_CASE("an operation by GET that cannot succeed gets an error status, so that an EventSource stops") {
    test_endpoint fixture;
    for (const auto& [query, status, message] :
         {std::tuple{"%7B", 400, "Syntax Error"}, std::tuple{"%7Bnothing%7D", 400, "Cannot query field"},
          std::tuple{"subscription%7Bnothing%7D", 400, "Cannot query field"},
          std::tuple{"subscription%7Bticks(count:3)%40skip(if:true)%7D", 400, ""},
          std::tuple{"subscription%7Brefused%7D", 400, R"("message":"no longer kept")"},
          std::tuple{"subscription%7Bfailing%7D", 500, R"("code":"INTERNAL_SERVER_ERROR")"}}) {
        const auto answer = get_events(fixture, query);
        CHECK(answer.status == status);
        CHECK(answer.header("Content-Type") == "application/json; charset=utf-8");
        CHECK(answer.body.starts_with("{\"errors\":["));
        CHECK(answer.body.find(message) != std::string::npos);
    }
}

TEST_CASE("a subscription that cannot begin now is answered with a stream that ends, so that an EventSource reconnects") {
    test_endpoint fixture;
    const auto body = body_of(fixture, "subscription%7Bbusy%7D");
    CHECK(body.starts_with("event: next\ndata: {\"errors\":["));
    CHECK(body.ends_with(broken_off_event));
}

TEST_CASE("each event of a resumable source has an id, and the stream begins with the id of the position at which it starts") {
    test_endpoint fixture;
    CHECK(body_of(fixture, "subscription%7Bnumbers(to:2)%7D") == "id: 0\n\n" + next_event(R"({"data":{"numbers":1}})", "1") +
                                                                     next_event(R"({"data":{"numbers":2}})", "2") +
                                                                     complete_event);
}

TEST_CASE("a client that reconnects with the id of its last event gets the events after it") {
    test_endpoint fixture;
    CHECK(get_events(fixture, "subscription%7Bnumbers(to:3)%7D", "2").body ==
          "id: 2\n\n" + next_event(R"({"data":{"numbers":3}})", "3") + complete_event);
    CHECK(get_events(fixture, "subscription%7Bnumbers(to:3)%7D", "").body.starts_with("id: 0\n\n"));
    const auto posted =
        fixture.http().send("POST", "/graphql/", R"({"query":"subscription { numbers(to: 3) }"})",
                            {{"Content-Type", "application/json"}, {"Accept", "text/event-stream"}, {"Last-Event-ID", "2"}});
    CHECK(posted.body.starts_with("id: 2\n\n"));
    CHECK(get_events(fixture, "subscription%7Bnumbers(to:3)%7D", "two").status == 400);
}

TEST_CASE("a client that repeats a completed GET gets 204, so that an EventSource stops") {
    test_endpoint fixture;
    for (const auto* query : {"%7Bnumber%7D", "subscription%7Bticks(count:1)%7D"}) {
        const auto answer = get_events(fixture, query, "complete");
        CHECK(answer.status == 204);
        CHECK(answer.body.empty());
    }
    const auto mutation = fixture.http().send(
        "POST", "/graphql/", R"({"query":"mutation { increment }"})",
        {{"Content-Type", "application/json"}, {"Accept", "text/event-stream"}, {"Last-Event-ID", "complete"}});
    CHECK(mutation.body == next_event(R"({"data":{"increment":1}})") + complete_event);
}

TEST_CASE("a stream whose source fails after its first event sends the error and ends") {
    test_endpoint fixture;
    const auto body = body_of(fixture, "subscription%7Bbroken%7D");
    CHECK(body.starts_with(next_event(R"({"data":{"broken":1}})") +
                           "event: next\ndata: {\"errors\":[{\"message\":\"no more for now\""));
    CHECK(body.ends_with(broken_off_event)); // a client that reconnects may get what it has missed
}

TEST_CASE("a malformed request is refused with 400 and JSON, not with events") {
    test_endpoint fixture;
    auto http = fixture.http();
    const auto refused = http.get("/graphql/", {{"Accept", "text/event-stream"}});
    CHECK(refused.status == 400);
    CHECK(refused.header("Content-Type") == "application/json; charset=utf-8");
}

TEST_CASE("an HTTP/1.0 client gets the events until the connection closes") {
    test_endpoint fixture;
    raw_client client{fixture.port()};
    client.send(request_for_events("subscription%7Bticks(count:1)%7D", "1.0"));
    const auto all = client.read_to_end();
    CHECK(all.ends_with(next_event(R"({"data":{"ticks":"x"}})") + complete_event));
}

TEST_CASE("a client that disconnects ends its subscription") {
    test_endpoint fixture;
    {
        raw_client client{fixture.port()};
        client.send(request_for_events("subscription%7Bsilent%7D"));
        CHECK(client.read_once().starts_with("HTTP/1.1 200"));
        eventually([&] { return fixture.resolvers.sources == 1; });
    }
    eventually([&] { return fixture.resolvers.sources == 0; });
}

TEST_CASE("a subscription emits no further events while its client does not read") {
    test_endpoint fixture;
    raw_client client{fixture.port(), 16 * 1024};
    client.send(request_for_events("subscription%7Bticks(size:100000)%7D"));
    eventually([&] { return fixture.resolvers.emitted > 0; });
    eventually([&, previous = -1]() mutable { // until the system's buffers are full
        const bool is_unchanged = previous == fixture.resolvers.emitted;
        previous = fixture.resolvers.emitted;
        std::this_thread::sleep_for(50ms);
        return is_unchanged;
    });
    CHECK(fixture.resolvers.emitted < 200); // less than 20 MB
}

// Tests behavior of GraphQL that depends on the configuration and the modules of the real program.
#include "answers.hpp"

#include <support/database_inspector.hpp>
#include <support/raw_client.hpp>
#include <support/running_server.hpp>

namespace {

using namespace atrium::support;
using boost::json::value;

reply ask(running_server& server, std::string_view query) {
    return server.http().post("/graphql/", {{"query", query}});
}

/// The only error of a response.
value error_of(const reply& answer) {
    const auto body = answer.json();
    REQUIRE(body.as_object().contains("errors"));
    CHECK(body.at("errors").as_array().size() == 1);
    return body.at("errors").at(0);
}

/// Percent-encodes every byte of the query, for a request target.
std::string percent_encode(std::string_view query) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (const char c : query) {
        const auto byte = static_cast<unsigned char>(c);
        text += {'%', digits[byte >> 4U], digits[byte & 0xFU]};
    }
    return text;
}

/// Returns the error of a refused subscription. The response to POST is a stream with the error as its only result; the
/// response to GET has status 400 and the error in its body.
value refusal_of(running_server& server, std::string_view query) {
    const auto posted = server.http().post("/graphql/", {{"query", query}}, {{"Accept", "text/event-stream"}});
    CHECK(posted.status == 200);
    const std::string_view begin = "event: next\ndata: ";
    REQUIRE(posted.body.starts_with(begin));
    const auto end = posted.body.find('\n', begin.size());
    CHECK(posted.body.substr(end) == "\n\nevent: complete\nid: complete\ndata: \n\n");
    const auto body = boost::json::parse(posted.body.substr(begin.size(), end - begin.size()));

    const auto by_get = server.http().get("/graphql/?query=" + percent_encode(query), {{"Accept", "text/event-stream"}});
    CHECK(by_get.status == 400);
    CHECK(by_get.json() == body);
    CHECK(body.at("errors").as_array().size() == 1);
    return body.at("errors").at(0);
}

} // namespace

TEST_CASE("the orders of a user are deleted soon after the user") {
    running_server server;
    const auto ann = server.create_user("ann");
    server.create_user("bob");
    server.place_order("ann", "tea");
    server.place_order("bob", "milk");
    CHECK(ask(server, "mutation { deleteUser(id: 1) }").body == R"({"data":{"deleteUser":"1"}})");
    eventually([&] { return server.is_quiet(); });
    CHECK(ask(server, "{ allOrders { productName user { username orderCount } } }").body ==
          R"({"data":{"allOrders":[{"productName":"milk","user":{"username":"bob","orderCount":1}}]}})");
}

TEST_CASE("the limits of one GraphQL request can be configured") {
    running_server server{
        {"graphql.depth=2", "graphql.aliases=1", "graphql.root_fields=2", "graphql.cost=50", "graphql.tokens=40"}};
    for (const auto* query : {"{ users { edges { cursor } } }", "{ a: __typename b: __typename }",
                              "{ __typename allUsers(first: 1) { id } user(id: 1) { id } }", "{ allUsers { id } }"}) {
        INFO(query);
        CHECK(error_of(ask(server, query)).at("extensions").at("code") == "LIMIT_EXCEEDED");
    }
    const auto long_one = ask(server, "{" + std::string(40, 'x') + std::string(80, ' ') + "}");
    // This query has many bytes but few tokens, so it does not exceed the limit of tokens.
    CHECK(error_of(long_one).at("extensions").at("code") == "GRAPHQL_VALIDATION_FAILED");
    std::string many;
    for (int i = 0; i < 40; ++i)
        many += " id";
    CHECK(error_of(ask(server, "{ user(id: 1) {" + many + " } }")).at("message") ==
          "Syntax Error: Document contains more that 40 tokens. Parsing aborted.");
    CHECK(ask(server, "{ allUsers(first: 10) { id } }").body == R"({"data":{"allUsers":[]}})");
}

TEST_CASE("a GraphQL subscription to events cannot start after a seq that is malformed, in the future or no longer kept") {
    running_server server{{"events.retention.count=0", "events.retention.every=10ms"}};
    server.create_user("ann");
    server.create_user("bob");
    CHECK(refusal_of(server, R"(subscription { events(after: "3") { seq } })").at("extensions").at("code") == "MALFORMED");
    for (const auto* after : {"x", "", "-1", "01", "1.5"}) {
        const auto refused = refusal_of(server, "subscription { events(after: \"" + std::string{after} + "\") { seq } }");
        CHECK(
            refused.at("extensions") ==
            value{{"code", "INVALID"}, {"errors", {{{"pointer", "after"}, {"detail", "must be the seq of an event, or 0"}}}}});
    }
    database_inspector database{server.database()};
    eventually([&] { return database.ids("SELECT min(seq) FROM events_log").count(1) == 0; });
    const auto gone = refusal_of(server, "subscription { events(after: 0) { seq } }");
    CHECK(gone.at("extensions").at("code") == "NOT_FOUND");
    CHECK(gone.at("message").as_string().starts_with("events after 0 are no longer kept; the oldest one kept has the seq "));
}

TEST_CASE("an event stream that has sent no event can be resumed although older events were removed in the meantime") {
    running_server server{{"events.retention.count=20", "events.retention.every=10ms", "http.stream.keep_alive=20ms"}};
    server.create_user("ann");
    const auto subscribe = [&](std::string_view last_id) {
        return "GET /graphql/?query=" + percent_encode("subscription { userCreated { username } }") +
               " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n" + std::string{last_id} + "\r\n";
    };
    database_inspector database{server.database()};
    std::string last_id;
    std::string received;
    {
        raw_client quiet{server.port()};
        quiet.send(subscribe(""));
        while (received.find("id: 1\n\n") == std::string::npos)
            received += quiet.read_once();
        for (int i = 0; i < 50; ++i)
            server.place_order("ann", "tea");
        eventually([&] { return *database.ids("SELECT min(seq) FROM events_log").begin() > 2; });
        const auto last = *database.ids("SELECT max(seq) FROM events_log").begin();
        last_id = std::to_string(last);
        while (received.find("id: " + last_id + "\n\n") == std::string::npos)
            received += quiet.read_once();
    }
    CHECK(received.find("event:") == std::string::npos);
    eventually([&] { return database.ids("SELECT min(seq) FROM events_log").count(1) == 0; });
    raw_client returning{server.port()};
    returning.send(subscribe("Last-Event-ID: " + last_id + "\r\n"));
    server.create_user("bob");
    std::string resumed;
    while (resumed.find("\"bob\"") == std::string::npos)
        resumed += returning.read_once();
    CHECK(resumed.starts_with("HTTP/1.1 200"));
}

TEST_CASE("the topic of a GraphQL subscription to events may have at most 255 bytes") {
    running_server server;
    const auto refused = refusal_of(server, "subscription { events(topic: \"" + std::string(256, '#') + "\") { seq } }");
    CHECK(refused.at("extensions") ==
          value{{"code", "INVALID"}, {"errors", {{{"pointer", "topic"}, {"detail", "must have at most 255 bytes"}}}}});
}

TEST_CASE("a browser gets a page of GraphiQL that loads nothing from other servers") {
    running_server server;
    const headers browser{{"Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}};
    for (const auto* target : {"/graphql/", "/graphql", "/graphql/?query=%7B__typename%7D"}) {
        const auto page = server.http().get(target, browser);
        CHECK(page.status == 200);
        CHECK(page.header("Content-Type") == "text/html; charset=utf-8");
        CHECK(page.body.find("GraphiQL") != std::string::npos);
        CHECK(page.body.find("//") == std::string::npos);
        CHECK(page.header("Content-Security-Policy").starts_with("default-src 'self';"));
    }
    check_problem(server.http().get("/graphql/assets/nothing.js"), 404);
    check_problem(server.http().get("/graphql/assets/%2e%2e"), 404);
}

TEST_CASE("the page of GraphiQL is compressed if the client accepts gzip, and then has another ETag") {
    running_server server;
    const auto page = server.http().get("/graphql/", {{"Accept", "text/html"}});
    if (page.header("ETag").empty())
        return; // this program was built without GraphiQL
    const auto packed = server.http().get("/graphql/", {{"Accept", "text/html"}, {"Accept-Encoding", "br, gzip"}});
    CHECK(packed.header("Content-Encoding") == "gzip");
    CHECK(packed.body.size() < page.body.size());
    CHECK(packed.header("ETag") != page.header("ETag"));
    for (const auto* encodings : {"gzip;q=0", "gzip; q=0.0, identity", "identity", "br", "notgzip"}) {
        const auto plain = server.http().get("/graphql/", {{"Accept", "text/html"}, {"Accept-Encoding", encodings}});
        CHECK(plain.header("Content-Encoding").empty());
        CHECK(plain.body == page.body);
    }
    const auto again = server.http().get("/graphql/", {{"Accept", "text/html"}, {"If-None-Match", page.header("ETag")}});
    CHECK(again.status == 304);
    CHECK(again.body.empty());
}

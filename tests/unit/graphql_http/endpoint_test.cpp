// Tests of GraphQL over HTTP: each status of the specification (https://graphql.github.io/graphql-over-http/draft/), and its
// causes.
#include "test_endpoint.hpp"

#include <support/catch.hpp>
#include <support/json.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

using namespace atrium;
using namespace atrium::graphql_http;
using namespace atrium::graphql_http::test;

namespace {

constexpr auto response_type = "application/graphql-response+json; charset=utf-8";
constexpr auto json_type = "application/json; charset=utf-8";

class graphql_client {
public:
    explicit graphql_client(const test_endpoint& fixture) : http_{fixture.http()} {}

    support::reply post(std::string_view body, std::string accept = "application/graphql-response+json",
                        const std::string& content_type = "application/json") {
        return http_.send("POST", "/graphql/", body, {{"Accept", std::move(accept)}, {"Content-Type", content_type}});
    }
    /// `query` is the query string, already escaped.
    support::reply get(const std::string& query, std::string accept = "application/graphql-response+json") {
        return http_.get("/graphql/?" + query, {{"Accept", std::move(accept)}});
    }
    support::client& http() { return http_; }

private:
    support::client http_;
};

std::string message_of(const support::reply& answer) {
    const auto body = answer.json();
    CHECK_FALSE(body.as_object().contains("data"));
    return std::string{body.at("errors").at(0).at("message").as_string()};
}

std::string code_of(const support::reply& answer) {
    return std::string{answer.json().at("errors").at(0).at("extensions").at("code").as_string()};
}

/// Returns the status of a response as application/graphql-response+json, and that of a response as application/json.
std::pair<int, int> statuses(graphql_client& client, std::string_view body) {
    const auto newer = client.post(body);
    CHECK(newer.header("Content-Type") == response_type);
    const auto older = client.post(body, "application/json");
    CHECK(older.header("Content-Type") == json_type);
    CHECK(newer.body == older.body);
    return {newer.status, older.status};
}

const std::pair ok{200, 200};
const std::pair not_well_formed{400, 400}; ///< the HTTP request is invalid, so the status is the same for both media types
const std::pair not_executable{400, 200};  ///< the HTTP request is valid, but the GraphQL request is not

} // namespace

TEST_CASE("a query can be sent with POST and with GET") {
    test_endpoint fixture;
    graphql_client client{fixture};
    const auto posted = client.post(R"({"query":"query A($t: String) { echo(text: $t) } query B { number }",
                                     "operationName":"A","variables":{"t":"tea"},"extensions":{}})");
    CHECK(posted.status == 200);
    CHECK(posted.body == R"({"data":{"echo":"tea"}})");
    const auto got = client.get("query=query+A($t:String)%7Becho(text:$t)%7Dquery+B%7Bnumber%7D&operationName=A"
                                "&variables=%7B%22t%22:%22tea%22%7D&extensions=%7B%7D");
    CHECK(got.status == 200);
    CHECK(got.body == posted.body);
    CHECK(client.get("query=%7Bnumber%7D&operationName=&variables=&extensions=").status == 200);
    CHECK(client.get("query=%7Bnumber%7D&variables=null&extensions=null").status == 200);
}

TEST_CASE(
    "the status shows whether a request is well-formed and, with application/graphql-response+json, whether it could run") {
    test_endpoint fixture{{.batch = 0}};
    graphql_client client{fixture};
    CHECK(statuses(client, R"({"query":"{ number }"})") == ok);
    CHECK(statuses(client, R"({"query":"{ echo number }"})") == ok);
    for (const auto* body :
         {R"({"query":"{"})", R"({"query":"{ nothing }"})", R"({"query":"query A { number }","operationName":"B"})",
          R"({"query":"query ($s: Int!) { text(size: $s) }"})"})
        CHECK(statuses(client, body) == not_executable);
    for (const auto* body :
         {"", "{", "[]", "null", "7", "\"{number}\"", "{}", R"([{"query":"{number}"}])", R"({"query":null})", R"({"query":7})",
          R"({"query":{}})", R"({"query":"{number}","variables":[]})", R"({"query":"{number}","variables":"{}"})",
          R"({"query":"{number}","operationName":7})", R"({"query":"{number}","extensions":1})", "{\"query\":\"\xff\"}",
          R"({"query":"\ud800"})", R"({"query":"{number}"} more)", R"({"query":"subscription { silent }"})"})
        CHECK(statuses(client, body) == not_well_formed);
}

TEST_CASE("the error describes what is wrong with a request") {
    test_endpoint fixture{{.batch = 0}};
    graphql_client client{fixture};
    CHECK(message_of(client.post("")) == "the body is empty");
    CHECK(message_of(client.post("{")) == "the body is not well-formed JSON");
    CHECK(message_of(client.post("[]")) == "the body must be a JSON object");
    CHECK(message_of(client.post("{\"query\":\"\xff\"}")) == "the body is not UTF-8");
    CHECK(message_of(client.post(R"({"n":1e9999999999})")) ==
          (support::reads_huge_exponents() ? "\"query\" is missing" : "the body has a number that is out of range"));
    CHECK(message_of(client.post(std::string(100'000, '['))) == "the body nests too deeply");
    CHECK(message_of(client.post("{}")) == "\"query\" is missing");
    CHECK(code_of(client.post("{}")) == "BAD_REQUEST");
    CHECK(message_of(client.get("")) == "\"query\" is missing");
    CHECK(message_of(client.get("query=%7Bnumber%7D&variables=7")) == "\"variables\" must be a JSON object");
    CHECK(message_of(client.get("query=%7Bnumber%7D&extensions=%7B")) == "\"extensions\" is not well-formed JSON");
}

TEST_CASE("a persisted query is refused so that its client sends the whole document") {
    test_endpoint fixture;
    graphql_client client{fixture};
    constexpr std::string_view hash = R"({"persistedQuery":{"version":1,"sha256Hash":"ecf4edb46db40b51"}})";
    const std::string body = R"({"extensions":)" + std::string{hash} + "}";
    constexpr std::string_view refusal =
        R"({"errors":[{"message":"PersistedQueryNotSupported","extensions":{"code":"PERSISTED_QUERY_NOT_SUPPORTED"}}]})";
    CHECK(statuses(client, body) == not_executable);
    CHECK(client.post(body).body == refusal);
    CHECK(client.post(R"({"operationName":"A","variables":{"t":1},"extensions":)" + std::string{hash} + "}").body == refusal);
    const std::string escaped = "extensions=%7B%22persistedQuery%22:%7B%22version%22:1,%22sha256Hash%22:%22ecf4%22%7D%7D";
    CHECK(client.get(escaped).body == refusal);
    CHECK(client.get("operationName=A&" + escaped).status == 400);
    CHECK(client.get(escaped, "application/json").status == 200);
    CHECK(client.get(escaped, "text/event-stream").status == 400);
    CHECK(client.post(body, "text/event-stream").body == next_event(refusal) + complete_event);
}

TEST_CASE("a document that is sent together with its persisted-query hash runs") {
    test_endpoint fixture;
    graphql_client client{fixture};
    CHECK(client.post(R"({"query":"{ number }","extensions":{"persistedQuery":{"version":1,"sha256Hash":"ecf4"}}})").body ==
          R"({"data":{"number":0}})");
}

TEST_CASE("a request with neither a document nor a valid persisted query gets the error that the query is missing") {
    test_endpoint fixture;
    graphql_client client{fixture};
    for (const auto* body :
         {R"({"extensions":{}})", R"({"extensions":{"persistedQuery":null}})", R"({"extensions":{"persistedQuery":"x"}})",
          R"({"extensions":{"persistedQuery":[]}})", R"({"extensions":[{"persistedQuery":{}}]})", R"({"persistedQuery":{}})"}) {
        CHECK(statuses(client, body) == not_well_formed);
        CHECK(message_of(client.post(body)) == "\"query\" is missing");
    }
    CHECK(message_of(client.get("extensions=%7B")) == "\"query\" is missing");
}

TEST_CASE("a request for a persisted query is refused if its query is null or its variables are a list") {
    test_endpoint fixture;
    graphql_client client{fixture};
    CHECK(message_of(client.post(R"({"query":null,"extensions":{"persistedQuery":{}}})")) == "\"query\" must be a string");
    CHECK(message_of(client.post(R"({"variables":[],"extensions":{"persistedQuery":{}}})")) ==
          "\"variables\" must be an object");
}

TEST_CASE("variables may nest equally deep in POST and in GET") {
    test_endpoint fixture;
    graphql_client client{fixture};
    const auto post = [&](std::size_t levels) {
        return client.post(R"({"query":"{number}","variables":)" + nested(levels) + "}");
    };
    const auto get = [&](std::size_t levels) {
        std::string escaped;
        for (const char c : nested(levels))
            escaped += c == '{' ? "%7B" : c == '}' ? "%7D" : c == '"' ? "%22" : std::string{c};
        return client.get("query=%7Bnumber%7D&variables=" + escaped);
    };
    CHECK(post(32).status == 200);
    CHECK(get(32).status == 200);
    CHECK(message_of(post(33)) == "the body nests too deeply");
    CHECK(message_of(get(33)) == "\"variables\" nests too deeply");
}

TEST_CASE("unknown and repeated parameters of a GET are refused, as on every other resource") {
    test_endpoint fixture;
    graphql_client client{fixture};
    for (const auto* query : {"query=%7Bnumber%7D&more=1", "query=%7Bnumber%7D&query=%7Bnumber%7D", "query=%ff", "query=%zz"}) {
        const auto answer = client.get(query);
        CHECK(answer.status == 400);
        CHECK_FALSE(message_of(answer).empty());
    }
}

TEST_CASE("unknown members of a JSON request are ignored, and of two members with the same name the last one counts") {
    test_endpoint fixture;
    graphql_client client{fixture};
    CHECK(client.post(R"({"query":"{nothing}","documentId":"x","query":"{number}"})").body == R"({"data":{"number":0}})");
}

TEST_CASE("a mutation is refused and does not run unless it is sent with POST") {
    test_endpoint fixture;
    graphql_client client{fixture};
    for (const auto* accept : {"application/graphql-response+json", "application/json", "text/event-stream"}) {
        const auto refused = client.get("query=mutation%7Bincrement%7D", accept);
        CHECK(refused.status == 405);
        CHECK(refused.header("Allow") == "POST");
        CHECK(message_of(refused) == "a mutation must be sent by POST");
    }
    CHECK(client.http().head("/graphql/?query=mutation%7Bincrement%7D").status == 405);
    CHECK(client.get("query=query+A%7Bnumber%7Dmutation+B%7Bincrement%7D&operationName=B").status == 405);
    CHECK(fixture.resolvers.counter == 0);
    CHECK(client.get("query=query+A%7Bnumber%7Dmutation+B%7Bincrement%7D&operationName=A").status == 200);
    CHECK(client.post(R"({"query":"mutation { a: increment b: increment }"})").body == R"({"data":{"a":1,"b":2}})");
}

TEST_CASE("methods other than GET, HEAD, OPTIONS and POST are refused with a list of the allowed ones") {
    test_endpoint fixture;
    graphql_client client{fixture};
    for (const auto* method : {"PUT", "PATCH", "DELETE"}) {
        const auto refused = client.http().send(method, "/graphql/", "");
        CHECK(refused.status == 405);
        CHECK(refused.header("Allow") == "GET, HEAD, OPTIONS, POST");
    }
    CHECK(client.http().options("/graphql/").status == 204);
}

TEST_CASE("only JSON in UTF-8 is accepted, so another site's page cannot send a request without a CORS preflight") {
    test_endpoint fixture;
    graphql_client client{fixture};
    constexpr std::string_view body = R"({"query":"mutation { increment }"})";
    for (const auto* type :
         {"application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "application/graphql",
          "application/json; charset=iso-8859-1", "application/graphql-response+json", "json", ""}) {
        const auto refused = client.post(body, "application/json", type);
        CHECK(refused.status == 415);
        CHECK(message_of(refused) == "the body must be application/json in UTF-8");
    }
    CHECK(fixture.resolvers.counter == 0);
    for (const auto* type : {"application/json", "application/json; charset=utf-8", "Application/JSON;charset=\"UTF-8\""})
        CHECK(client.post(body, "application/json", type).status == 200);
    CHECK(fixture.resolvers.counter == 3);
}

TEST_CASE("Accept selects the type of the response") {
    test_endpoint fixture;
    graphql_client client{fixture};
    constexpr std::string_view body = R"({"query":"{ number }"})";
    const auto type = [&](const char* accept) { return client.post(body, accept).header("Content-Type"); };
    CHECK(type("*/*") == json_type);
    CHECK(type("application/*") == json_type);
    CHECK(type("application/json") == json_type);
    CHECK(type("application/graphql-response+json, application/json;q=0.9") == response_type);
    CHECK(type("application/graphql-response+json;q=0.5, application/json") == json_type);
    CHECK(type("application/graphql-response+json; charset=utf-8, application/json; charset=utf-8") == response_type);
    CHECK(type("text/event-stream").starts_with("text/event-stream"));
    CHECK(client.http().send("POST", "/graphql/", body, {{"Content-Type", "application/json"}}).header("Content-Type") ==
          json_type);
    for (const auto* accept : {"text/html", "image/png", "application/json;q=0"}) {
        const auto refused = client.post(body, accept);
        CHECK(refused.status == 406);
        CHECK(refused.header("Content-Type") == "application/problem+json");
    }
}

TEST_CASE("every response to a GET has Vary: Accept") {
    test_endpoint fixture;
    graphql_client client{fixture};
    for (const auto* accept :
         {"application/json", "application/graphql-response+json", "text/event-stream", "text/html", "image/png"})
        CHECK(client.get("query=%7Bnumber%7D", accept).header("Vary") == "Accept");
}

TEST_CASE("a browser gets the GraphiQL page, whatever query its URL contains") {
    test_endpoint fixture;
    graphql_client client{fixture};
    constexpr auto browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    for (const auto* query : {"", "query=%7Bnumber%7D", "more=1"}) {
        const auto answer = client.get(query, browser);
        CHECK(answer.status == 200);
        CHECK(answer.body == "<p>a page</p>");
    }
    CHECK(client.get("query=%7Bnumber%7D", "application/json, text/html;q=0.5").body == R"({"data":{"number":0}})");
}

TEST_CASE("a browser gets no page if the settings disable GraphiQL") {
    test_endpoint fixture{{.graphiql = false}};
    graphql_client client{fixture};
    CHECK(client.get("query=%7Bnumber%7D", "text/html, */*;q=0.8").body == R"({"data":{"number":0}})");
    CHECK(client.get("query=%7Bnumber%7D", "text/html").status == 406);
}

TEST_CASE("HEAD returns the headers of GET without the body") {
    test_endpoint fixture;
    graphql_client client{fixture};
    const auto got = client.get("query=%7Bnumber%7D", "application/json");
    const auto head = client.http().head("/graphql/?query=%7Bnumber%7D");
    CHECK(head.status == 200);
    CHECK(head.header("Content-Type") == json_type);
    CHECK(head.header("Content-Length") == std::to_string(got.body.size()));
    CHECK(head.body.empty());
    CHECK(client.http().head("/graphql/", {{"Accept", "text/html"}}).status == 200);
    const auto stream = client.http().head("/graphql/?query=subscription%7Bsilent%7D", {{"Accept", "text/event-stream"}});
    CHECK(stream.status == 200);
    CHECK(fixture.resolvers.sources == 0);
    CHECK(client.get("query=%7Bnumber%7D").status == 200); // the connection still works
}

TEST_CASE("a query may be sent with HTTP/1.0") {
    test_endpoint fixture;
    http::test::raw_client client{fixture.port()};
    client.send(
        "POST /graphql HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: 22\r\n\r\n{\"query\":\"{ number }\"}");
    const auto answer = client.read_answer();
    CHECK(answer.status == 200);
    CHECK(answer.body == R"({"data":{"number":0}})");
}

TEST_CASE("the error of a failing resolver contains the request id, but not the reason of the failure") {
    test_endpoint fixture;
    graphql_client client{fixture};
    const auto answer = client.post(R"({"query":"{ number fails }"})");
    CHECK(answer.status == 200);
    CHECK(answer.body.find("secret") == std::string::npos);
    CHECK(boost::json::serialize(answer.json().at("data")) == R"({"number":0,"fails":null})");
    CHECK(answer.body.find(answer.header("X-Request-Id")) != std::string::npos);
}

TEST_CASE("a request that exceeds a limit gets the error code LIMIT_EXCEEDED") {
    test_endpoint fixture{{}, {}, {.depth = 1, .root_fields = 1}};
    graphql_client client{fixture};
    const auto refused = client.post(R"({"query":"{ a: number b: number }"})");
    CHECK(refused.status == 400);
    CHECK(code_of(refused) == "LIMIT_EXCEEDED");
}

TEST_CASE("a client that disconnects cancels its query") {
    test_endpoint fixture;
    {
        http::test::raw_client client{fixture.port()};
        client.send("GET /graphql/?query=%7Bwaits%7D HTTP/1.1\r\nHost: a\r\nAccept: application/json\r\n\r\n");
        eventually([&] { return fixture.resolvers.started == 1; });
    }
    eventually([&] { return fixture.resolvers.stopped == 1; });
}

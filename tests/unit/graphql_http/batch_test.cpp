// Tests of batches: several requests in one body, as a JSON array.
#include "test_endpoint.hpp"

#include <support/catch.hpp>

using namespace atrium;
using namespace atrium::graphql_http;
using namespace atrium::graphql_http::test;

namespace {

support::reply post(const test_endpoint& fixture, std::string_view body, std::string accept = "application/json") {
    return fixture.http().send("POST", "/graphql/", body,
                               {{"Accept", std::move(accept)}, {"Content-Type", "application/json"}});
}

std::string message_of(const boost::json::value& response) {
    return std::string{response.at("errors").at(0).at("message").as_string()};
}

std::string code_of(const boost::json::value& response) {
    return std::string{response.at("errors").at(0).at("extensions").at("code").as_string()};
}

/// A batch of `count` equal requests.
std::string batch_of(std::size_t count, std::string_view query) {
    std::string body;
    for (std::size_t i = 0; i < count; ++i)
        body += (i == 0 ? "[" : ",") + (R"({"query":")" + std::string{query}) + "\"}";
    return body + "]";
}

} // namespace

TEST_CASE("the requests of a batch are answered in order, one after the other") {
    test_endpoint fixture;
    for (const auto* accept : {"application/json", "application/graphql-response+json"}) {
        fixture.resolvers.counter = 0;
        const auto answer = post(fixture, R"( [{"query":"{ number }"},{"query":"mutation { increment }"},{"query":"{ number }"},
                                          {"query":"query($t: String) { echo(text: $t) }","variables":{"t":"tea"}}])",
                                 accept);
        CHECK(answer.status == 200);
        CHECK(answer.header("Content-Type") == std::string{accept} + "; charset=utf-8");
        CHECK(answer.body ==
              R"([{"data":{"number":0}},{"data":{"increment":1}},{"data":{"number":1}},{"data":{"echo":"tea"}}])");
    }
    CHECK(post(fixture, R"([{"query":"{ number }"}])").body == R"([{"data":{"number":1}}])");
}

TEST_CASE("if some requests of a batch cannot run, each of these gets an error of its own, and the others run") {
    test_endpoint fixture;
    const auto answer = post(fixture, R"([{"query":"{"},{"query":"{ nothing }"},{"query":"subscription { silent }"},
        {"extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}},
        {"query":"{ fails number }"},{"query":"{ number }"}])");
    CHECK(answer.status == 200);
    const auto responses = answer.json().as_array();
    REQUIRE(responses.size() == 6);
    CHECK(code_of(responses[0]) == "GRAPHQL_PARSE_FAILED");
    CHECK(code_of(responses[1]) == "GRAPHQL_VALIDATION_FAILED");
    CHECK(message_of(responses[2]) == "a subscription cannot be part of a batch");
    CHECK(code_of(responses[3]) == "PERSISTED_QUERY_NOT_SUPPORTED");
    CHECK(responses[4].at("data").at("number") == 0);
    CHECK(responses[5].at("data").at("number") == 0);
    CHECK(fixture.resolvers.sources == 0);
}

TEST_CASE("no request of a malformed batch runs, and the error identifies the invalid request") {
    test_endpoint fixture;
    const std::string valid = R"({"query":"mutation { increment }"})";
    for (const auto& [body, message] : std::vector<std::pair<std::string, std::string>>{
             {"[]", "the batch has no request"},
             {" [ ] ", "the batch has no request"},
             {"[" + valid + ",7]", "request 2 of the batch must be a JSON object"},
             {"[" + valid + ",null]", "request 2 of the batch must be a JSON object"},
             {"[" + valid + ",[" + valid + "]]", "request 2 of the batch must be a JSON object"},
             {"[" + valid + ",{}]", "request 2 of the batch: \"query\" is missing"},
             {"[" + valid + R"(,{"query":"{number}","variables":[]}])",
              "request 2 of the batch: \"variables\" must be an object"},
             {"[" + valid, "the body is not well-formed JSON"}}) {
        const auto answer = post(fixture, body);
        CHECK(answer.status == 400);
        CHECK(message_of(answer.json()) == message);
    }
    CHECK(fixture.resolvers.counter == 0);
}

TEST_CASE("the setting `batch` limits the number of requests in a batch") {
    test_endpoint fixture{{.batch = 2}};
    CHECK(post(fixture, batch_of(2, "mutation { increment }")).body ==
          R"([{"data":{"increment":1}},{"data":{"increment":2}}])");
    const auto refused = post(fixture, batch_of(3, "mutation { increment }"));
    CHECK(refused.status == 400);
    CHECK(message_of(refused.json()) == "the batch has 3 requests; at most 2 are allowed");
    CHECK(code_of(refused.json()) == "LIMIT_EXCEEDED");
    CHECK(fixture.resolvers.counter == 2);

    test_endpoint fixture_without_batches{{.batch = 0}};
    const auto disabled = post(fixture_without_batches, batch_of(1, "mutation { increment }"));
    CHECK(disabled.status == 400);
    CHECK(fixture_without_batches.resolvers.counter == 0);
}

TEST_CASE("a batch cannot be answered with events") {
    test_endpoint fixture;
    const auto answer = post(fixture, batch_of(2, "mutation { increment }"), "text/event-stream");
    CHECK(answer.status == 400);
    CHECK(message_of(answer.json()) == "a batch cannot be answered with events, only with JSON");
    CHECK(fixture.resolvers.counter == 0);
}

TEST_CASE("variables in a batch may nest as deeply as in one request") {
    test_endpoint fixture;
    const auto post_nested = [&](std::size_t count) {
        return post(fixture, R"([{"query":"{number}","variables":)" + nested(count) + "}]");
    };
    CHECK(post_nested(32).status == 200);
    CHECK(message_of(post_nested(33).json()) == "the body nests too deeply");
}

TEST_CASE("the limits of one request apply to a batch as a whole") {
    const auto refusal_of_third = [](graphql::limits allowed, std::string_view query) {
        test_endpoint fixture{{}, {}, allowed};
        const auto responses = post(fixture, batch_of(3, query)).json().as_array();
        REQUIRE(responses.size() == 3);
        CHECK(responses[0].as_object().contains("data"));
        CHECK(responses[1].as_object().contains("data"));
        CHECK(code_of(responses[2]) == "LIMIT_EXCEEDED");
        return message_of(responses[2]);
    };
    CHECK(refusal_of_third({.tokens = 6}, "{ number }") ==
          "The batch's number of tokens is 9; at most 6 is allowed. Send fewer requests in one batch.");
    CHECK(refusal_of_third({.aliases = 2}, "{ a: number }") ==
          "The batch's number of aliases is 3; at most 2 is allowed. Send fewer requests in one batch.");
    CHECK(refusal_of_third({.root_fields = 2}, "{ number }") ==
          "The batch's number of root fields is 3; at most 2 is allowed. Send fewer requests in one batch.");
    CHECK(refusal_of_third({.fields = 2}, "{ number }") ==
          "The batch's number of fields is 3; at most 2 is allowed. Send fewer requests in one batch.");
    CHECK(refusal_of_third({.cost = 2}, "{ number }") ==
          "The batch's cost is 3; at most 2 is allowed. Send fewer requests in one batch.");
}

TEST_CASE("the values in the variables of a batch are counted together") {
    test_endpoint fixture{{}, {}, {.values = 2}};
    const std::string request = R"({"query": "query ($t: String) { echo(text: $t) }", "variables": {"t": "tea"}})";
    const auto responses = post(fixture, "[" + request + "," + request + "," + request + "]").json().as_array();
    REQUIRE(responses.size() == 3);
    CHECK(responses[1].at("data").at("echo") == "tea");
    CHECK(message_of(responses[2]) ==
          "The batch's number of values in variables is 3; at most 2 is allowed. Send fewer requests in one batch.");
}

TEST_CASE("the tokens of invalid documents count toward the token limit of their batch") {
    test_endpoint fixture{{}, {}, {.tokens = 6}};
    const auto responses = post(fixture, batch_of(4, "{ nothing }")).json().as_array();
    CHECK(code_of(responses[1]) == "GRAPHQL_VALIDATION_FAILED");
    CHECK(code_of(responses[3]) == "LIMIT_EXCEEDED");
}

TEST_CASE("the tokens that precede a syntax error in a document count toward the token limit of its batch") {
    test_endpoint fixture{{}, {}, {.tokens = 6}};
    const auto codes = [&](std::string_view query) {
        const auto responses = post(fixture, batch_of(3, query)).json();
        std::string all;
        for (const auto& each : responses.as_array())
            all += code_of(each) + " ";
        return all;
    };
    CHECK(codes("{ a b c") == "GRAPHQL_PARSE_FAILED GRAPHQL_PARSE_FAILED LIMIT_EXCEEDED "); // 4 tokens, then the end
    CHECK(codes("{ a b c \\u0001 d }") ==
          "GRAPHQL_PARSE_FAILED GRAPHQL_PARSE_FAILED LIMIT_EXCEEDED "); // 4 tokens, then a character with which no token begins
    CHECK(codes("{ a b c d e f }") == "GRAPHQL_PARSE_FAILED LIMIT_EXCEEDED LIMIT_EXCEEDED "); // more tokens than allowed
}

TEST_CASE("once the responses of a batch are too long, none of its further operations runs") {
    test_endpoint fixture{{}, {}, {.response_bytes = 1000}};
    const auto answer = post(fixture, R"([{"query":"{ text(size: 900) }"},{"query":"{ text(size: 900) }"},
                                     {"query":"mutation { increment }"}])");
    const auto responses = answer.json().as_array();
    REQUIRE(responses.size() == 3);
    CHECK(responses[0].at("data").at("text").as_string().size() == 900);
    for (const auto i : {1, 2})
        CHECK(message_of(responses[static_cast<std::size_t>(i)]) ==
              "The batch's responses are longer than 1000 bytes. Send fewer requests in one batch.");
    CHECK(fixture.resolvers.counter == 0);
}

TEST_CASE("a batch has the time limit of one request") {
    test_endpoint fixture{{}, {}, {.time = std::chrono::milliseconds{50}}};
    const auto responses =
        post(fixture, R"([{"query":"{ lasts(ms: 60) }"},{"query":"mutation { increment }"}])").json().as_array();
    CHECK(responses[0].at("data").at("lasts") == true);
    CHECK(code_of(responses[1]) == "TIMEOUT");
    CHECK(fixture.resolvers.counter == 0);
}

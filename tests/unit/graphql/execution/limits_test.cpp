#include "space.hpp"

#include <support/catch.hpp>
#include <support/run.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/json/parse.hpp>

#include <chrono>
#include <exception>
#include <span>
#include <string>
#include <string_view>

using namespace atrium;
using namespace atrium::graphql;
using space::world;

namespace {

/// The response that refuses a request, or an empty text if the request can run.
std::string refusal_of(const limits& allowed, std::string query, boost::json::object variables = {}) {
    world w{allowed};
    const auto ready = w.sample_engine.prepare({std::move(query), {}, std::move(variables)});
    if (ready)
        return "";
    CHECK(ready.error().reason == refusal_reason::limit);
    return ready.error().body;
}

limits only_limit(std::size_t limits::* limited, std::size_t max) {
    limits allowed{.tokens = 0, .depth = 0, .aliases = 0, .root_fields = 0, .fields = 0, .cost = 0, .values = 0};
    allowed.*limited = max;
    return allowed;
}

} // namespace

TEST_CASE("fields count for the depth of an operation, and the fragments that contain them do not") {
    const auto three = only_limit(&limits::depth, 3);
    CHECK(refusal_of(three, "{ human(id: 1) { home { name } } }").empty());
    CHECK(refusal_of(three, "{ ... { human(id: 1) { ... on Human { home { ... { name } } } } } }").empty());
    CHECK(refusal_of(three, "{ human(id: 1) { ...a } } fragment a on Human { home { residents { name } } }") ==
          R"({"errors":[{"message":"The operation's depth is 4; at most 3 is allowed. Select fewer fields within fields.",)"
          R"("extensions":{"code":"LIMIT_EXCEEDED"}}]})");
}

TEST_CASE("aliases and root fields are counted with fragments expanded") {
    constexpr auto query = "{ ...two ...two eras } fragment two on Query { a: eras b: eras }";
    CHECK(refusal_of(only_limit(&limits::aliases, 4), query).empty());
    CHECK(refusal_of(only_limit(&limits::aliases, 3), query).find("number of aliases is 4") != std::string::npos);
    CHECK(refusal_of(only_limit(&limits::root_fields, 5), query).empty());
    CHECK(refusal_of(only_limit(&limits::root_fields, 4), query).find("number of root fields is 5") != std::string::npos);
}

TEST_CASE("a short document that is huge when expanded is refused without being expanded") {
    std::string query = "{ broken { ...f0 } }";
    for (int i = 0; i < 70; ++i) {
        const auto next = "...f" + std::to_string(i + 1);
        query += " fragment f" + std::to_string(i) + " on Broken { child { " + next + " } nonNullChild { " + next + " } }";
    }
    query += " fragment f70 on Broken { fine }";
    CHECK(refusal_of(only_limit(&limits::fields, 1'000'000), query).find("number of fields is beyond counting") !=
          std::string::npos);
}

TEST_CASE("the cost of fields in a page is multiplied by the page length") {
    const auto cost = [](const std::string& query, const boost::json::object& variables = {}) {
        const auto answer = refusal_of(only_limit(&limits::cost, 1), query, variables);
        const auto begin = answer.find("cost is ") + 8;
        return answer.substr(begin, answer.find(';') - begin);
    };
    CHECK(cost("{ eras human(id: 1) { name } }") == "3");
    CHECK(cost("{ planets(first: 3) { name id } }") == "7");
    CHECK(cost("{ planets { name } }") == "11");                         // the default of the argument `first`
    CHECK(cost("{ planets(first: null, last: 4) { name } }") == "5");    // the argument `last`
    CHECK(cost("{ planets(first: null) { name } }") == "11");            // the default page length of the declaration
    CHECK(cost("{ planets(first: 5) { residents { name } } }") == "16"); // 1 + 5 * (1 + 2 * 1)
    CHECK(cost("query($n: Int) { planets(first: $n) { name } }", {{"n", 100}}) == "101");
    CHECK(cost("query($n: Int) { planets(first: $n) { name } }") == "11");
    CHECK(cost("{ search(text: \"a\") { ... on Human { name id } ... on Robot { name } } eras }") ==
          "4"); // only the type that costs more counts
}

TEST_CASE("a field with a long response key costs as much as several fields") {
    const auto key = [](std::size_t length) { return std::string(length, 'k'); };
    const auto cost = [&](const std::string& alias) {
        return refusal_of(only_limit(&limits::cost, 1), "{ planets(first: 1000) { " + alias + ": name } }");
    };
    CHECK(cost(key(99)).find("cost is 1001;") != std::string::npos);
    CHECK(cost(key(250)).find("cost is 3001;") != std::string::npos);
    CHECK(refusal_of(limits{}, "{ planets(first: 1000) { " + key(20'000) + ": name } }").find("cost is 201001;") !=
          std::string::npos);
}

TEST_CASE("the largest possible page length does not overflow the cost") {
    std::string query = "{ planets(first: 2147483647) { residents(first: 2147483647) { ... on Human { home { "
                        "residents(first: 2147483647) { name } } } } } }";
    CHECK(refusal_of(only_limit(&limits::cost, 1'000'000), query).find("cost is beyond counting") != std::string::npos);
}

TEST_CASE("the values in the variables that an operation declares are limited, including those in lists and objects") {
    schema_builder b;
    b.query().root("ids(of: [ID!], with: [[Int]]): Boolean", [] { return true; });
    const engine e{std::move(b).build(), {.values = 4}};
    constexpr auto query = "query ($a: [ID!], $b: [[Int]]) { ids(of: $a, with: $b) }";
    const auto response_with = [&](std::string_view variables) {
        return space::ask(e, {query, {}, boost::json::parse({variables.data(), variables.size()}).as_object()});
    };
    const std::string fine = R"({"data":{"ids":true}})";
    CHECK(response_with(R"({"a": [1, 2, 3]})") == fine);
    CHECK(response_with(R"({"b": [[1, 2]]})") == fine);
    CHECK(response_with(R"({"c": [1, 2, 3, 4, 5]})") == fine);
    CHECK(response_with(R"({"a": [1], "b": [[1]]})") ==
          R"({"errors":[{"message":"The number of values in the variables is 5; at most 4 is allowed. )"
          R"(Send fewer in one request.","extensions":{"code":"LIMIT_EXCEEDED"}}]})");
    CHECK(response_with(R"({"a": [{"x": 1, "y": 2}, 1]})").find("variables is 5") != std::string::npos);
}

TEST_CASE("a long document is parsed while other coroutines run, and only once") {
    asio::io_context io{1};
    world w;
    std::string spreads;
    std::string fragments;
    for (int i = 0; i < 900; ++i) {
        spreads += " ...f" + std::to_string(i);
        fragments += " fragment f" + std::to_string(i) + " on Planet { id name }";
    }
    request slow{"{ planets {" + spreads + "} }" + fragments};
    bool has_ended = false;
    bool others_ran = false;
    asio::co_spawn(io, w.sample_engine.read_document(slow), [&](const std::exception_ptr& failure) {
        CHECK_FALSE(failure);
        has_ended = true;
    });
    asio::post(io, [&] { others_ran = !has_ended; });
    io.run();
    CHECK(has_ended);
    CHECK(others_ran);
    REQUIRE(slow.document);
    request again{slow.query};
    support::run(w.sample_engine.read_document(again));
    CHECK(again.document == slow.document);
    CHECK(w.sample_engine.prepare(slow).error().body == world{}.sample_engine.prepare({slow.query}).error().body);
}

TEST_CASE("a document with more tokens than allowed is refused as a syntax error") {
    world w{only_limit(&limits::tokens, 5)};
    CHECK(w.sample_engine.prepare({.query = "{ a: eras }"}).has_value());
    const auto refusal = w.sample_engine.prepare({.query = "{ a: eras b: eras }"});
    REQUIRE(refusal.has_error());
    CHECK(refusal.error().reason == refusal_reason::syntax);
}

TEST_CASE("a response that becomes too long is replaced by an error without data") {
    const auto answer = [](const std::string& query, std::size_t max) {
        schema_builder b;
        b.query().root("numbers: [Int]!", [] { return std::vector<int>(1'000'000, 1); });
        b.query().root("text: String", [] { return std::string(50, 'a'); });
        b.query().root("fault: Int", []() -> result<int> { return error{.code = errc::conflict, .detail = "taken"}; });
        b.mutation().root("text: String", [] { return std::string(50, 'a'); });
        const engine e{std::move(b).build(), {.response_bytes = max}};
        return space::ask(e, {query});
    };
    const std::string too_long =
        R"({"errors":[{"message":"The response is longer than 100 bytes. Ask for shorter pages or fewer fields.",)"
        R"("extensions":{"code":"LIMIT_EXCEEDED"}}],"data":null})";
    CHECK(answer("{ text }", 100).starts_with(R"({"data":{"text":"aaa)"));
    CHECK(answer("{ numbers }", 100) == too_long);
    CHECK(answer("{ text again: text }", 100) == too_long);
    CHECK(answer("{ fault text again: text numbers }", 100) == too_long);
    CHECK(answer("{ " + std::string(200, 'k') + ": __typename }", 100) == too_long);
    CHECK(answer("mutation { text again: text }", 100) == too_long);
    CHECK(answer("{ numbers }", 0).size() > 2'000'000);
}

TEST_CASE("a response that becomes too long has no data, even if the rows in it are nullable") {
    const auto answer = [](std::size_t max) {
        return world{limits{.response_bytes = max}}.ask("{ planets { residents { ... on Human { name home { name } } } } }");
    };
    const auto whole = answer(0);
    CHECK(whole.starts_with(R"({"data":{"planets":[{"residents":[{"name":)"));
    CHECK(answer(whole.size()) == whole);
    for (std::size_t max = 1; max < whole.size(); ++max)
        CHECK(answer(max).ends_with(R"(code":"LIMIT_EXCEEDED"}}],"data":null})"));
}

TEST_CASE("no further level is resolved after the request's time limit") {
    schema_builder b;
    b.query().root("one: Int", []() -> awaitable<int> { co_return 1; });
    b.query().root("plain: Int", [] { return 2; });
    const engine e{std::move(b).build()};
    context c;
    c.deadline = std::chrono::steady_clock::now();
    CHECK(space::ask(e, {"{ one plain }"}, c) ==
          R"({"errors":[{"message":"The request has exceeded its time limit.",)"
          R"("locations":[{"line":1,"column":3}],"path":["one"],"extensions":{"code":"TIMEOUT"}}],)"
          R"("data":{"one":null,"plain":2}})");
}

TEST_CASE("resolvers can read the deadline of the request, which follows from the time limit") {
    schema_builder b;
    b.query().root("endsSoon: Boolean!", [](const field_call& call) {
        return call.context.deadline < std::chrono::steady_clock::now() + std::chrono::seconds{2};
    });
    const engine e{std::move(b).build(), {.time = std::chrono::milliseconds{1000}}};
    CHECK(space::ask(e, {"{ endsSoon }"}) == R"({"data":{"endsSoon":true}})");
}

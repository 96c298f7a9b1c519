#include <http/conditional.hpp>
#include <support/catch.hpp>

namespace atrium::http {
namespace {

request request_with(std::string_view name, std::initializer_list<std::string_view> values) {
    request q;
    for (const auto value : values)
        q.headers.add({name, value});
    return q;
}

/// Whether an If-None-Match with these values shows that the client already has the state with this ETag.
bool none_match(std::initializer_list<std::string_view> values, std::string_view etag = "\"3\"") {
    return evaluate_preconditions(request_with("If-None-Match", values), etag) == precondition::not_modified;
}

/// Whether an If-Match with these values allows a change of the state with the ETag "3".
bool if_match(std::initializer_list<std::string_view> values) {
    return evaluate_preconditions(request_with("if-match", values), "\"3\"") == precondition::holds;
}

} // namespace

TEST_CASE("If-None-Match compares entity tags weakly") {
    CHECK(none_match({"\"3\""}));
    CHECK(none_match({"W/\"3\""}));
    CHECK(none_match({"*"}));
    CHECK(none_match({"\"1\", W/\"2\" ,\"3\""}));
    CHECK_FALSE(none_match({"\"33\""}));
    CHECK_FALSE(none_match({}));
}

TEST_CASE("If-Match compares entity tags strongly") {
    CHECK(if_match({"\"3\""}));
    CHECK(if_match({"*"}));
    CHECK(if_match({"\"1\",\"3\""}));
    CHECK(if_match({})); // no condition
    CHECK_FALSE(if_match({"W/\"3\""}));
    CHECK_FALSE(if_match({"\"2\""}));
    CHECK_FALSE(if_match({""}));
}

TEST_CASE("a list of entity tags may have empty elements and span several header fields") {
    CHECK(none_match({",, \"1\" , ,\"3\",\t"}));
    CHECK(none_match({"\"1\"", "\"3\""}));
    CHECK(if_match({"\"1\"", "\"3\""}));
}

TEST_CASE("a comma inside the quotes of an entity tag belongs to the tag") {
    CHECK_FALSE(none_match({"\"a,\"3\"", "x"}));
    CHECK(none_match({"\"a,b\", \"c\""}, "\"a,b\""));
    CHECK(none_match({"\"a,b\", \"c\""}, "\"c\""));
    CHECK_FALSE(none_match({"\"a,b\""}, "\"b\""));
}

TEST_CASE("a malformed If-Match or If-None-Match matches no entity tag") {
    for (const auto text : {"3", "\"3", "w/\"3\"", "W/ \"3\"", "\"3\" \"4\"", "\"3\", 4", "\"3\", *", "\"3 \"", "*, \"3\""}) {
        CAPTURE(text);
        CHECK_FALSE(none_match({text}));
        CHECK_FALSE(if_match({text}));
    }
}

// RFC 9110, 13.2.2
TEST_CASE("preconditions are evaluated for every method, and If-Match is evaluated first") {
    using enum precondition;
    const auto evaluate = [](verb method, std::initializer_list<field> headers, std::string_view etag = "\"3\"") {
        request q{.method = method};
        for (const auto& each : headers)
            q.headers.add(each);
        return evaluate_preconditions(q, etag);
    };
    const field same{"If-None-Match", "\"3\""};
    const field any{"If-None-Match", "*"};
    for (const auto method : {verb::get, verb::head}) {
        CHECK(evaluate(method, {}) == holds);
        CHECK(evaluate(method, {{"If-Match", "\"2\""}}) == fails);
        CHECK(evaluate(method, {{"If-Match", "\"2\""}, same}) == fails);
        CHECK(evaluate(method, {{"If-Match", "\"3\""}, same}) == not_modified);
        CHECK(evaluate(method, {any}) == not_modified);
    }
    for (const auto method : {verb::post, verb::patch, verb::delete_, verb::put}) {
        CHECK(evaluate(method, {}) == holds);
        CHECK(evaluate(method, {{"If-Match", "\"2\""}}) == fails);
        CHECK(evaluate(method, {same}) == fails);
        CHECK(evaluate(method, {any}) == fails);
        CHECK(evaluate(method, {{"If-None-Match", "\"2\""}}) == holds);
    }
    // For a resource that exists but has no ETag:
    CHECK(evaluate(verb::post, {{"If-Match", "*"}}, {}) == holds);
    CHECK(evaluate(verb::post, {{"If-Match", "\"2\""}}, {}) == fails);
    CHECK(evaluate(verb::post, {{"If-Match", "\"\""}}, {}) == fails);
    CHECK(evaluate(verb::post, {any}, {}) == fails);
    CHECK(evaluate(verb::get, {any}, {}) == not_modified);
    CHECK(evaluate(verb::get, {same}, {}) == holds);
}

} // namespace atrium::http

#include <http/input.hpp>
#include <support/catch.hpp>

namespace atrium::http {
namespace {

request with(std::string_view name, std::initializer_list<std::string_view> values) {
    request q;
    for (const auto value : values)
        q.headers.add({name, value});
    return q;
}

bool none_match(std::initializer_list<std::string_view> values) {
    return matches_none_match(with("If-None-Match", values), "\"3\"");
}

bool if_match(std::initializer_list<std::string_view> values) {
    return passes_if_match(with("if-match", values), "\"3\"");
}

} // namespace

TEST_CASE("If-None-Match compares weakly") {
    CHECK(none_match({"\"3\""}));
    CHECK(none_match({"W/\"3\""}));
    CHECK(none_match({"*"}));
    CHECK(none_match({"\"1\", W/\"2\" ,\"3\""}));
    CHECK_FALSE(none_match({"\"33\""}));
    CHECK_FALSE(none_match({}));
}

TEST_CASE("If-Match compares strongly") {
    CHECK(if_match({"\"3\""}));
    CHECK(if_match({"*"}));
    CHECK(if_match({"\"1\",\"3\""}));
    CHECK(if_match({})); // no condition
    CHECK_FALSE(if_match({"W/\"3\""}));
    CHECK_FALSE(if_match({"\"2\""}));
    CHECK_FALSE(if_match({""}));
}

TEST_CASE("a list of entity tags may have empty elements and stand on several lines") {
    CHECK(none_match({",, \"1\" , ,\"3\",\t"}));
    CHECK(none_match({"\"1\"", "\"3\""}));
    CHECK(if_match({"\"1\"", "\"3\""}));
}

TEST_CASE("a comma inside quotes belongs to the tag") {
    const auto q = with("If-None-Match", {"\"a,\"3\"", "x"});
    CHECK_FALSE(matches_none_match(q, "\"3\""));
    CHECK(matches_none_match(with("If-None-Match", {"\"a,b\", \"c\""}), "\"a,b\""));
    CHECK(matches_none_match(with("If-None-Match", {"\"a,b\", \"c\""}), "\"c\""));
    CHECK_FALSE(matches_none_match(with("If-None-Match", {"\"a,b\""}), "\"b\""));
}

TEST_CASE("a malformed condition matches nothing") {
    for (const auto text : {"3", "\"3", "w/\"3\"", "W/ \"3\"", "\"3\" \"4\"", "\"3\", 4", "\"3\", *", "\"3 \"", "*, \"3\""}) {
        CAPTURE(text);
        CHECK_FALSE(none_match({text}));
        CHECK_FALSE(if_match({text}));
    }
}

} // namespace atrium::http

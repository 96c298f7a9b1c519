#include "json_text.hpp"

#include <support/catch.hpp>

#include <boost/json/parse.hpp>

using namespace atrium::event_commands;

TEST_CASE("for people, strings are shown as they are, null as a dash, and other values as JSON") {
    const auto object = boost::json::parse(R"({"a":"x","b":null,"c":7,"d":[1.5,true],"e":{"f":"\""}})");
    CHECK(text_of(object, "a") == "x");
    CHECK(text_of(object, "b") == "-");
    CHECK(text_of(object, "c") == "7");
    CHECK(text_of(object, "d") == "[1.5,true]");
    CHECK(text_of(object, "e") == R"({"f":"\""})");
    CHECK(text_of(object, "missing").empty());
    CHECK(text_of(boost::json::value{7}, "a").empty());
}

TEST_CASE("indenting JSON does not change its strings and numbers") {
    CHECK(indented(R"({"a":1.10,"b":{},"c":["x,{\"",[]],"d":"\\"})") == "{\n"
                                                                        "  \"a\": 1.10,\n"
                                                                        "  \"b\": {},\n"
                                                                        "  \"c\": [\n"
                                                                        "    \"x,{\\\"\",\n"
                                                                        "    []\n"
                                                                        "  ],\n"
                                                                        "  \"d\": \"\\\\\"\n"
                                                                        "}\n");
}

TEST_CASE("raw_member returns a member that is an object without changing its numbers, and nothing for other members") {
    CHECK(raw_member(R"({"event":{"data":{"a":1.0000000000000000001}}})", "event") ==
          R"({"data":{"a":1.0000000000000000001}})");
    CHECK_FALSE(raw_member(R"({"event":7})", "event"));
    CHECK_FALSE(raw_member("{}", "event"));
    CHECK_FALSE(raw_member("<html>", "event"));
}

TEST_CASE("to_body writes `data` as JSON, a field as a number if the server expects one, and any other field as a string") {
    CHECK(to_body({{"key", "7"}, {"group", "7"}, {"data", R"({"a":1})"}}, {"1-2"}, {"all"}) ==
          R"({"data":{"a":1},"group":7,"key":"7","ids":["1-2"],"all":true})");
    CHECK(to_body({{"group", "x"}}, {}, {}) == R"({"group":"x"})"); // the server will report that this is not a number
    CHECK(to_body({{"group", "007"}}, {}, {}) == R"({"group":"007"})");
}

TEST_CASE("the values in a query string are percent-encoded") {
    CHECK(to_query({{"topic", "a.#"}, {"key", "user/1 é"}}) == "?key=user%2F1%20%C3%A9&topic=a.%23");
    CHECK(to_query({}).empty());
}

TEST_CASE("times and durations are shown in a short form") {
    CHECK(short_time("2026-11-22T12:00:00.000Z") == "2026-11-22 12:00:00");
    CHECK(short_time("-") == "-");
    CHECK(short_duration(1'500) == "1500 ms");
    CHECK(short_duration(90'000) == "90 s");
    CHECK(short_duration(7'200'000) == "2 h");
    CHECK(short_duration(86'400'000LL * 9) == "9 d");
}

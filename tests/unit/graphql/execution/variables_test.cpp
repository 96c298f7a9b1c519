#include "execution/variables.hpp"
#include "space.hpp"

#include <graphql/parser.hpp>
#include <graphql/sdl.hpp>
#include <support/catch.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

using atrium::graphql::space::world;

namespace {

/// The value of the field `echo`, or the error messages about the variables.
std::string echo(const std::string& definitions, const std::string& arguments, const std::string& variables) {
    auto answer = boost::json::parse(
        world{}.ask("query(" + definitions + ") { echo(" + arguments + ") }", boost::json::parse(variables).as_object()));
    if (!answer.as_object().contains("errors"))
        return boost::json::serialize(answer.at("data").at("echo"));
    std::string messages;
    for (const auto& error : answer.at("errors").as_array()) {
        CHECK(error.at("extensions").at("code") == "BAD_USER_INPUT");
        messages += (messages.empty() ? "" : "\n") + std::string{error.at("message").as_string()};
    }
    return messages;
}

} // namespace

TEST_CASE("an argument whose variable is absent gets its default") {
    CHECK(echo("$i: Int, $t: String", "int: $i, text: $t", "{}") == R"({"int":3,"era":"PAST"})");
    CHECK(echo("$i: Int = 5", "int: $i", "{}") == R"({"int":5,"era":"PAST"})");
    CHECK(echo("$i: Int = 5", "int: $i", R"({"i":null})") == R"({"int":null,"era":"PAST"})");
    CHECK(echo("$i: Int!", "int: $i", "{}") == R"(Variable "$i" of required type "Int!" was not provided.)");
    CHECK(echo("$i: Int!", "int: $i", R"({"i":null})") == R"(Variable "$i" of non-null type "Int!" must not be null.)");
}

TEST_CASE("values of variables are coerced to the types of the variables") {
    CHECK(echo("$i: Int, $f: Float, $d: ID", "int: $i, float: $f, id: $d", R"({"i":4,"f":4,"d":4})") ==
          R"({"int":4,"float":4,"id":"4","era":"PAST"})");
    CHECK(echo("$l: [[Int]]", "list: $l", R"({"l":[1,[2,null],null]})") ==
          R"({"int":3,"list":[[1],[2,null],null],"era":"PAST"})");
    CHECK(echo("$l: [[Int]]", "list: $l", R"({"l":1})") == R"({"int":3,"list":[[1]],"era":"PAST"})");
    CHECK(echo("$r: ReviewInput", "review: $r", R"({"r":{"stars":1}})") ==
          R"({"int":3,"review":{"stars":1,"text":"none"},"era":"PAST"})");
}

TEST_CASE("all invalid values of variables are reported with their paths") {
    CHECK(echo("$i: Int, $t: String", "int: $i, text: $t", R"({"i":1.5,"t":4})") ==
          "Variable \"$i\" got invalid value 1.5; Int cannot represent non-integer value: 1.5\n"
          "Variable \"$t\" got invalid value 4; String cannot represent a non string value: 4");
    CHECK(
        echo("$r: ReviewInput", "review: $r", R"({"r":{"stars":"x","tags":["a",null],"taggs":1}})") ==
        "Variable \"$r\" got invalid value \"x\" at \"r.stars\"; Int cannot represent non-integer value: \"x\"\n"
        "Variable \"$r\" got invalid value null at \"r.tags[1]\"; Expected non-nullable type \"String!\" not to be null.\n"
        "Variable \"$r\" got invalid value { stars: \"x\", tags: [\"a\", null], taggs: 1 }; Field \"taggs\" is not defined by "
        "type \"ReviewInput\". Did you mean \"tags\" or \"stars\"?");
    CHECK(echo("$r: ReviewInput", "review: $r", R"({"r":[]})") ==
          R"(Variable "$r" got invalid value []; Expected type "ReviewInput" to be an object.)");
    CHECK(echo("$e: Era", "era: $e", R"({"e":"PASTE"})") ==
          R"(Variable "$e" got invalid value "PASTE"; Value "PASTE" does not exist in "Era" enum. Did you mean the enum )"
          R"(value "PAST"?)");
    CHECK(echo("$w: DateTime", "when: $w", R"({"w":"noon"})") ==
          R"(Variable "$w" got invalid value "noon"; DateTime cannot represent value: "noon")");
}

TEST_CASE("exactly one field of a @oneOf input must be set, and must not be null") {
    const auto place = [](const std::string& json) {
        return echo("$r: ReviewInput", "review: $r", R"({"r":{"stars":1,"place":)" + json + "}}");
    };
    CHECK(place(R"({"id":"1"})").find(R"("place":{"id":"1"})") != std::string::npos);
    CHECK(place(R"({})") == R"(Variable "$r" got invalid value {} at "r.place"; )"
                            R"(Exactly one key must be specified for OneOf type "PlaceInput".)");
    CHECK(place(R"({"id":null})") == R"(Variable "$r" got invalid value null at "r.place.id"; Field "id" must be non-null.)");
}

TEST_CASE("an invalid field of a @oneOf input is one error, not two") {
    const auto errors = [](const std::string& sdl, const std::string& json) {
        const auto s = atrium::graphql::build_schema(atrium::graphql::parse(sdl).value()).value();
        const auto d = atrium::graphql::parse("query($c: C) { f(c: $c) }").value();
        const auto& o = static_cast<const atrium::graphql::ast::operation&>(*d.definitions().front());
        std::string messages;
        const auto values = atrium::graphql::coerce_variables(s, d, o, boost::json::parse(json).as_object());
        if (!values)
            for (const auto& each : values.error())
                messages += each.message + '\n';
        return messages;
    };
    const std::string sdl = "type Query { f(c: C): String } input C @oneOf { i: Int s: String l: [Int!] d: C }";
    CHECK(errors(sdl, R"({"c":{"i":"x"}})") ==
          "Variable \"$c\" got invalid value \"x\" at \"c.i\"; Int cannot represent non-integer value: \"x\"\n");
    CHECK(errors(sdl, R"({"c":{"d":{"s":1}}})") ==
          "Variable \"$c\" got invalid value 1 at \"c.d.s\"; String cannot represent a non string value: 1\n");
    CHECK(errors(sdl, R"({"c":{"l":[null]}})") ==
          "Variable \"$c\" got invalid value null at \"c.l[0]\"; Expected non-nullable type \"Int!\" not to be null.\n");
    CHECK(errors(sdl, R"({"c":{"d":7}})") ==
          "Variable \"$c\" got invalid value 7 at \"c.d\"; Expected type \"C\" to be an object.\n");
    CHECK(errors(sdl, R"({"c":{"i":null}})") ==
          "Variable \"$c\" got invalid value null at \"c.i\"; Field \"i\" must be non-null.\n");
    CHECK(errors(sdl, R"({"c":{"i":1}})").empty());
}

TEST_CASE("the check of variables stops after fifty errors") {
    std::string list = "[";
    for (int i = 0; i < 80; ++i)
        list += i == 0 ? "\"x\"" : ",\"x\"";
    const auto answer = echo("$l: [[Int]]", "list: $l", R"({"l":)" + list + "]}");
    CHECK(std::count(answer.begin(), answer.end(), '\n') == 50);
    CHECK(answer.ends_with("\nToo many errors processing variables, error limit reached. Execution aborted."));
}

TEST_CASE("error messages about variables contain only the beginnings of long values and names") {
    const std::string text(100'000, 'v');
    const auto expect_brief = [](const std::string& variables, const std::string& arguments, const std::string& json) {
        const auto answer = echo(variables, arguments, json);
        CHECK(answer.find("...") != std::string::npos);
        CHECK(answer.size() < 60 * 3'500);
        return answer;
    };
    expect_brief("$i: Int", "int: $i", R"({"i":")" + text + "\"}");
    expect_brief("$e: Era", "era: $e", R"({"e":")" + text + "\"}");
    expect_brief("$e: Era", "era: $e", R"({"e":{")" + text + "\":1}}");
    expect_brief("$w: DateTime", "when: $w", R"({"w":")" + text + "\"}");
    expect_brief("$" + text + ": Int", "int: $" + text, "{\"" + text + "\":1.5}");
    expect_brief("$" + text + ": Int!", "int: $" + text, "{}");
    std::string fields;
    for (int i = 0; i < 60; ++i)
        fields += ",\"x" + std::to_string(i) + "\":\"" + text.substr(0, 10'000) + '"';
    expect_brief("$r: ReviewInput", "review: $r", R"({"r":{"stars":1)" + fields + "}}");
    // A code point is never split.
    const auto answer = echo("$i: Int", "int: $i", R"({"i":"a)" + std::string(999, 'b') + "\u00E4\"}");
    CHECK(answer.find("bbb...\"") != std::string::npos);
}

#include "checker.hpp"

#include <support/catch.hpp>

#include <boost/json.hpp>

#include <stdexcept>

using atrium::checker;

namespace {

std::string answer(const boost::json::value& schema, std::string_view document) {
    return checker{}.answer(boost::json::serialize(boost::json::value{{"schema", schema}, {"document", document}}));
}

} // namespace

TEST_CASE("without a schema, only syntax errors of a document are reported") {
    CHECK(answer(nullptr, "{ a }") == R"({"errors":[]})");
    CHECK(answer(nullptr, "{\n  a") ==
          R"({"errors":[{"message":"Syntax Error: Expected Name, found <EOF>.","locations":[{"line":2,"column":4}]}]})");
    CHECK(checker{}.answer(R"({"document": "{ a }"})") == R"({"errors":[]})");
}

TEST_CASE("a document is validated against the schema of the same request") {
    const auto* const sdl = "type Query { a: Int }";
    CHECK(answer(sdl, "{ a }") == R"({"errors":[]})");
    CHECK(answer(sdl, "{ missing a { c } }") ==
          R"({"errors":[{"message":"Cannot query field \"missing\" on type \"Query\".","locations":[{"line":1,"column":3}]},)"
          R"({"message":"Field \"a\" must not have a selection since type \"Int\" has no subfields.",)"
          R"("locations":[{"line":1,"column":13}]}]})");
    CHECK(answer(sdl, "{") ==
          R"({"errors":[{"message":"Syntax Error: Expected Name, found <EOF>.","locations":[{"line":1,"column":2}]}]})");
}

TEST_CASE("if the schema has errors, they are reported as schemaErrors, and the document is not checked") {
    CHECK(answer("type Query {", "{ a }") ==
          R"({"schemaErrors":[{"message":"Syntax Error: Expected Name, found <EOF>.","locations":[{"line":1,"column":13}]}]})");
    CHECK(answer("type Query { a: Nowhere }", "{ a }") ==
          R"({"schemaErrors":[{"message":"Unknown type \"Nowhere\".","locations":[{"line":1,"column":17}]}]})");
}

TEST_CASE("successive requests to one checker can have different schemas") {
    checker c;
    const auto validate = [&](std::string_view field) {
        return c.answer(R"({"schema": "type Query { )" + std::string{field} + R"(: Int }", "document": "{ a }"})");
    };
    CHECK(validate("a") == R"({"errors":[]})");
    CHECK(validate("a") == R"({"errors":[]})");
    CHECK(validate("b") != R"({"errors":[]})");
    CHECK(validate("a") == R"({"errors":[]})");
}

TEST_CASE("for a line that is not a request, the checker throws an exception") {
    for (const auto* const line :
         {"", "no JSON", "[]", "{}", R"({"schema": 1, "document": "{ a }"})", R"({"document": null})"}) {
        CAPTURE(line);
        CHECK_THROWS_AS(checker{}.answer(line), std::runtime_error);
    }
}

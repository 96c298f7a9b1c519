#include "sdl.hpp"
#include "types/scalars.hpp"
#include "types/suggestions.hpp"
#include "types/values.hpp"

#include <support/catch.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <limits>

using namespace atrium::graphql;
using namespace atrium::graphql::testing;
namespace json = boost::json;

namespace {

/// The JSON value, or the error.
std::string text_of(const boost::system::result<json::value, std::string>& r) {
    return r ? json::serialize(*r) : r.error();
}

std::string literal(std::string_view scalar, std::string text) {
    const auto d = parse_value(std::move(text)).value();
    return text_of(scalar_input_of(scalar)->from_literal(static_cast<const ast::value&>(*d.definitions().front())));
}

std::string variable(std::string_view scalar, std::string_view text) {
    return text_of(scalar_input_of(scalar)->from_variable(json::parse(text)));
}

/// Coerces a literal to the type of the argument `a` of the field `f` of the query type. Returns JSON, or "nothing".
std::string coerce_to_text(const schema& s, std::string text, const char* variables = "{}") {
    const auto d = parse_value(std::move(text)).value();
    const auto variable_values = json::parse(variables).as_object();
    const auto& t = *s.find_type("Query")->find_field("f")->find_argument("a")->type;
    const auto value = coerce_literal(static_cast<const ast::value&>(*d.definitions().front()), t, &variable_values);
    return value ? json::serialize(*value) : "nothing";
}

} // namespace

TEST_CASE("Int accepts integers of 32 bits") {
    CHECK(literal("Int", "-2147483648") == "-2147483648");
    CHECK(literal("Int", "2147483648") == "Int cannot represent non 32-bit signed integer value: 2147483648");
    CHECK(literal("Int", "1.0") == "Int cannot represent non-integer value: 1.0");
    CHECK(literal("Int", "\"1\"") == "Int cannot represent non-integer value: \"1\"");
    CHECK(variable("Int", "1.0") == "1");
    CHECK(variable("Int", "1e400") == "Int cannot represent non-integer value: Infinity");
    CHECK(variable("Int", "1.5") == "Int cannot represent non-integer value: 1.5");
    CHECK(variable("Int", "3000000000") == "Int cannot represent non 32-bit signed integer value: 3000000000");
    CHECK(variable("Int", "{\"a\":[1]}") == "Int cannot represent non-integer value: { a: [1] }");
}

TEST_CASE("Float accepts every finite number") {
    CHECK(literal("Float", "3") == "3");
    CHECK(literal("Float", "-1.5e3") == "-1500");
    CHECK(literal("Float", "1e999") == "Float cannot represent non numeric value: 1e999");
    CHECK(literal("Float", "1e-999") == "0");
    CHECK(literal("Float", "RED") == "Float cannot represent non numeric value: RED");
    CHECK(variable("Float", "1e400") == "Float cannot represent non numeric value: Infinity");
    CHECK(variable("Float", "\"3\"") == "Float cannot represent non numeric value: \"3\"");
}

TEST_CASE("String accepts only strings, and Boolean only booleans") {
    CHECK(literal("String", "\"\"\"\n  a\n    b\n\"\"\"") == R"("a\n  b")");
    CHECK(literal("String", "1") == "String cannot represent a non string value: 1");
    CHECK(variable("String", "null") == "String cannot represent a non string value: null");
    CHECK(literal("Boolean", "true") == "true");
    CHECK(literal("Boolean", "1") == "Boolean cannot represent a non boolean value: 1");
    CHECK(variable("Boolean", "\"true\"") == "Boolean cannot represent a non boolean value: \"true\"");
}

TEST_CASE("ID accepts strings and integers, and keeps all digits") {
    CHECK(literal("ID", "12345678901234567890123") == R"("12345678901234567890123")");
    CHECK(literal("ID", "\"a\"") == R"("a")");
    CHECK(literal("ID", "1.5") == "ID cannot represent a non-string and non-integer value: 1.5");
    CHECK(variable("ID", "9007199254740993") == R"("9007199254740993")");
    CHECK(variable("ID", "4.0") == R"("4")");
    CHECK(variable("ID", "-1e400") == "ID cannot represent value: -Infinity");
    CHECK(variable("ID", "4.5") == "ID cannot represent value: 4.5");
    CHECK(variable("ID", "[]") == "ID cannot represent value: []");
}

TEST_CASE("literals are coerced with the values of their variables") {
    const auto s = schema_of("type Query { f(a: [In!]): Int } input In { x: Int! = 1 y: [Any] } scalar Any");
    CHECK(coerce_to_text(s, "{x: 2}") == R"([{"x":2}])");
    CHECK(coerce_to_text(s, "[{y: $y}, {x: $x}]", R"({"y":[5]})") == R"([{"x":1,"y":[5]},{"x":1}])");
    CHECK(coerce_to_text(s, "{y: [$y, {k: $y, l: [$x]}]}", R"({"x":1})") == R"([{"x":1,"y":[null,{"l":[1]}]}])");
    CHECK(coerce_to_text(s, "$a") == "nothing");
    CHECK(coerce_to_text(s, "$a", R"({"a":null})") == "null");
    CHECK(coerce_to_text(s, "[$a]", R"({"a":null})") == "nothing");
    CHECK(coerce_to_text(s, "[{x: null}]") == "nothing");
    CHECK(coerce_to_text(s, "[1]") == "nothing");
}

TEST_CASE("an argument without a value gets its default") {
    const auto s = schema_of("type Query { f(a: Int!, b: Int! = 2, c: Int, d: [Int] = 4): Int }");
    const auto& arguments = s.find_type("Query")->find_field("f")->arguments;
    const auto coerce_to_text = [&](const std::string& text, const char* variables) -> std::string {
        const auto d = parse("query($v: Int) " + text).value();
        const auto& selections = static_cast<const ast::operation&>(*d.definitions().front()).selection_set->selections;
        const auto& f = static_cast<const ast::field&>(*selections.front());
        const auto variable_values = json::parse(variables).as_object();
        const auto values = coerce_arguments(arguments, f.arguments, f.begin, &variable_values);
        return values ? json::serialize(*values) : values.error().message + " " + std::to_string(values.error().place);
    };
    CHECK(coerce_to_text("{ f(a: 1) }", "{}") == R"({"a":1,"b":2,"d":[4]})");
    CHECK(coerce_to_text("{ f(a: $v, b: $w, d: null, c: $w) }", R"({"v":1})") == R"({"a":1,"b":2,"d":null})");
    CHECK(coerce_to_text("{ f }", "{}") == "Argument \"a\" of required type \"Int!\" was not provided. 17");
    CHECK(
        coerce_to_text("{ f(a: $v) }", "{}") ==
        "Argument \"a\" of required type \"Int!\" was provided the variable \"$v\" which was not provided a runtime value. 22");
    CHECK(coerce_to_text("{ f(a: $v) }", R"({"v":null})") == "Argument \"a\" of non-null type \"Int!\" must not be null. 22");
    CHECK(coerce_to_text("{ f(a: 1, c: [1]) }", "{}") == "Argument \"c\" has invalid value [1]. 28");
}

TEST_CASE("error messages shorten large values") {
    CHECK(inspect(json::parse(R"({"a":[1,"two",null],"b":{"c":{"d":1}},"e":{}})")) ==
          R"({ a: [1, "two", null], b: { c: [Object] }, e: {} })");
    CHECK(inspect(json::parse("[1,2,3,4,5,6,7,8,9,10,11]")) == "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ... 1 more item]");
    CHECK(inspect(json::parse("[[[[]]],[[[1]]],1,1,1,1,1,1,1,1,1,1]")) ==
          "[[[Array]], [[Array]], 1, 1, 1, 1, 1, 1, 1, 1, ... 2 more items]");
}

TEST_CASE("numbers are written as in JavaScript") {
    CHECK(number_text(0.1) == "0.1");
    CHECK(number_text(-0.0) == "0");
    CHECK(number_text(1e21) == "1e+21");
    CHECK(number_text(1.5e20) == "150000000000000000000");
    CHECK(number_text(0.000001) == "0.000001");
    CHECK(number_text(1.5e-7) == "1.5e-7");
    CHECK(number_text(-123.25) == "-123.25");
    CHECK(number_text(std::numeric_limits<double>::denorm_min()) == "5e-324");
}

TEST_CASE("similar names are suggested for a wrong name, the closest first") {
    const std::vector<std::string_view> names{"name", "names", "nmae", "NAME", "id", "nickname", "n10", "n2"};
    CHECK(suggestions("name", names) == std::vector<std::string>{"name", "NAME", "names", "nmae"});
    CHECK(suggestions("n", names) == std::vector<std::string>{"n2"});
    CHECK(natural_less("n2", "n10"));
    CHECK(did_you_mean("naem", names) == R"( Did you mean "NAME", "name", "names", or "nmae"?)");
    CHECK(did_you_mean(std::vector<std::string>{"a", "b"}, "to use") == R"( Did you mean to use "a" or "b"?)");
    CHECK(did_you_mean(std::vector<std::string>{"a", "b", "c", "d", "e", "f"}) ==
          R"( Did you mean "a", "b", "c", "d", or "e"?)");
    CHECK(did_you_mean("completely", names).empty());
}

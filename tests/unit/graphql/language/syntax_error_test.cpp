#include <graphql/parser.hpp>
#include <support/graphql.hpp>

#include <string>
#include <vector>

using namespace atrium::graphql;

namespace {

/// The syntax error of a source, with the message and location of graphql-js 16.15.
struct fault {
    std::string source;
    std::string message;
    location place;
};

void check(const std::vector<fault>& faults) {
    for (const auto& [source, message, place] : faults) {
        CAPTURE(source);
        const auto d = parse(source);
        REQUIRE_FALSE(d);
        CHECK(d.error() == located_error{"Syntax Error: " + message, {place}});
    }
}

} // namespace

TEST_CASE("a syntax error reports what was expected and what was found") {
    check({
        {"", "Unexpected <EOF>.", {1, 1}},
        {"# nothing\n", "Unexpected <EOF>.", {2, 1}},
        {"{", "Expected Name, found <EOF>.", {1, 2}},
        {"{}", "Expected Name, found \"}\".", {1, 2}},
        {"{ { a } }", "Expected Name, found \"{\".", {1, 3}},
        {"{ a", "Expected Name, found <EOF>.", {1, 4}},
        {"{ a: }", "Expected Name, found \"}\".", {1, 6}},
        {"{ a() }", "Expected Name, found \")\".", {1, 5}},
        {"{ a(b) }", "Expected \":\", found \")\".", {1, 6}},
        {"{ a(b:) }", "Unexpected \")\".", {1, 7}},
        {"{ a(b: [1) }", "Unexpected \")\".", {1, 10}},
        {"{ a(b: {c}) }", "Expected \":\", found \"}\".", {1, 10}},
        {"{ a @ }", "Expected Name, found \"}\".", {1, 7}},
        {"{ ... }", "Expected \"{\", found \"}\".", {1, 7}},
        {"{ ...on }", "Expected Name, found \"}\".", {1, 9}},
        {"{ a } }", "Unexpected \"}\".", {1, 7}},
        {"query", "Expected \"{\", found <EOF>.", {1, 6}},
        {"query Q() { a }", "Expected \"$\", found \")\".", {1, 9}},
        {"query Q($a) { a }", "Expected \":\", found \")\".", {1, 11}},
        {"query Q($a: [Int) { a }", "Expected \"]\", found \")\".", {1, 17}},
        {"notAnOperation Foo { field }", "Unexpected Name \"notAnOperation\".", {1, 1}},
        {"...", "Unexpected \"...\".", {1, 1}},
        {"1.5 { a }", "Unexpected Float \"1.5\".", {1, 1}},
        {"fragment F { a }", "Expected \"on\", found \"{\".", {1, 12}},
        {"fragment on on on { on }", "Unexpected Name \"on\".", {1, 10}},
        {"fragment \"on\" on T { a }", "Unexpected String \"on\".", {1, 10}},
        {"{ a(b: \"c\" \"d\") }", "Expected Name, found String \"d\".", {1, 12}},
        {"{ a(b: \"\"\"c\"\"\" \"\"\"d\"\"\") }", "Expected Name, found BlockString \"d\".", {1, 16}},
    });
}

TEST_CASE("malformed type definitions are syntax errors") {
    check({
        {"schema {}", "Expected Name, found \"}\".", {1, 9}},
        {"schema { foo: Bar }", "Unexpected Name \"foo\".", {1, 10}},
        {"schema @d", "Expected \"{\", found <EOF>.", {1, 10}},
        {"type", "Expected Name, found <EOF>.", {1, 5}},
        {"type A {}", "Expected Name, found \"}\".", {1, 9}},
        {"type A implements {}", "Expected Name, found \"{\".", {1, 19}},
        {"type A implements B & { a: Int }", "Expected Name, found \"{\".", {1, 23}},
        {"type A implements B, C { a: Int }", "Unexpected Name \"C\".", {1, 22}},
        {"type A { a }", "Expected \":\", found \"}\".", {1, 12}},
        {"type A { a(): Int }", "Expected Name, found \")\".", {1, 12}},
        {"union U = ", "Expected Name, found <EOF>.", {1, 11}},
        {"union U = A || B", "Expected Name, found \"|\".", {1, 14}},
        {"enum E {}", "Expected Name, found \"}\".", {1, 9}},
        {"enum E { A true }", "Name \"true\" is reserved and cannot be used for an enum value.", {1, 12}},
        {"enum E { \"d\" \"null\" }", "String \"null\" is reserved and cannot be used for an enum value.", {1, 14}},
        {"input I { a(b: Int): Int }", "Expected \":\", found \"(\".", {1, 12}},
        {"directive @d on", "Expected Name, found <EOF>.", {1, 16}},
        {"directive @d on FIELD | INCORRECT", "Unexpected Name \"INCORRECT\".", {1, 25}},
        {"directive @d repeatable", "Expected \"on\", found <EOF>.", {1, 24}},
        {"extend", "Unexpected <EOF>.", {1, 7}},
        {"extend query { a }", "Unexpected Name \"query\".", {1, 8}},
        {"extend directive @d on FIELD", "Unexpected Name \"directive\".", {1, 8}},
        {"extend schema", "Unexpected <EOF>.", {1, 14}},
        {"extend scalar S", "Unexpected <EOF>.", {1, 16}},
        {"extend type A\ntype B", "Unexpected Name \"type\".", {2, 1}},
        {"extend union U", "Unexpected <EOF>.", {1, 15}},
        {"extend input I {}", "Expected Name, found \"}\".", {1, 17}},
    });
}

TEST_CASE("descriptions must precede definitions") {
    check({
        {"\"d\" { a }", "Unexpected description, descriptions are not supported on shorthand queries.", {1, 1}},
        {"\"d\" extend type A { a: Int }", "Unexpected description, only GraphQL definitions support descriptions.", {1, 1}},
        {"\"d\" word", "Unexpected description, only GraphQL definitions support descriptions.", {1, 1}},
        {"\"d\"", "Unexpected <EOF>.", {1, 4}},
        {"\"d\" \"e\" type A", "Unexpected String \"e\".", {1, 5}},
        {"{ \"d\" a }", "Expected Name, found String \"d\".", {1, 3}},
    });
}

TEST_CASE("constant values must not contain variables") {
    check({
        {"query Q($a: Int = $b) { a }", "Unexpected variable \"$b\" in constant value.", {1, 19}},
        {"query Q($a: [In] = [{b: $c}]) { a }", "Unexpected variable \"$c\" in constant value.", {1, 25}},
        {"query Q($a: Int = $) { a }", "Unexpected \"$\".", {1, 19}},
        {"query Q($a: Int @d(x: $b)) { a }", "Unexpected variable \"$b\" in constant value.", {1, 23}},
        {"type A { a(b: Int = $c): Int }", "Unexpected variable \"$c\" in constant value.", {1, 21}},
    });
}

TEST_CASE("malformed numbers are syntax errors") {
    check({
        {"{ a(b: 00) }", "Invalid number, unexpected digit after 0: \"0\".", {1, 9}},
        {"{ a(b: -) }", "Invalid number, expected digit but got: \")\".", {1, 9}},
        {"{ a(b: +1) }", "Unexpected character: \"+\".", {1, 8}},
        {"{ a(b: .5) }", "Unexpected character: \".\".", {1, 8}},
        {"{ a(b: 1.) }", "Invalid number, expected digit but got: \")\".", {1, 10}},
        {"{ a(b: 1.2.3) }", "Invalid number, expected digit but got: \".\".", {1, 11}},
        {"{ a(b: 1e) }", "Invalid number, expected digit but got: \")\".", {1, 10}},
        {"{ a(b: 1e+ ) }", "Invalid number, expected digit but got: \" \".", {1, 11}},
        {"{ a(b: 0xF1) }", "Invalid number, expected digit but got: \"x\".", {1, 9}},
        {"{ a(b: 12e1_0) }", "Invalid number, expected digit but got: \"_\".", {1, 12}},
        {"{ a(b: 1\"", "Unterminated string.", {1, 10}},
        {"{ a(b: -\"", "Invalid number, expected digit but got: '\"'.", {1, 9}},
        {"1.", "Invalid number, expected digit but got: <EOF>.", {1, 3}},
    });
}

TEST_CASE("if no token can begin with a character, the error shows this character") {
    check({
        {"?", "Unexpected character: \"?\".", {1, 1}},
        {"{ a ? }", "Unexpected character: \"?\".", {1, 5}},
        {"..", "Unexpected character: \".\".", {1, 1}},
        {"\n\n  é", "Unexpected character: U+00E9.", {3, 3}},
        {"# é😀\n😀", "Unexpected character: U+1F600.", {2, 1}},
        {"é", "Unexpected character: U+00E9.", {1, 1}},
        {std::string{"\0", 1}, "Unexpected character: U+0000.", {1, 1}},
        {"\b", "Unexpected character: U+0008.", {1, 1}},
        {"\u00A0", "Unexpected character: U+00A0.", {1, 1}},
        {"{ a(b: 'c') }", "Unexpected single quote character ('), did you mean to use a double quote (\")?", {1, 8}},
    });
}

TEST_CASE("strings must end on their line, and block strings before the end of the source") {
    check({
        {"\"", "Unterminated string.", {1, 2}},
        {"{ a(b: \"no end", "Unterminated string.", {1, 15}},
        {"{ a(b: \"é😀\n\") }", "Unterminated string.", {1, 12}},
        {"{ a(b: \"c\r\n\") }", "Unterminated string.", {1, 10}},
        {"{ a(b: \"\\u00e9c\n\") }", "Unterminated string.", {1, 16}},
        {"{ a(b: \"\"\"no\nend", "Unterminated string.", {2, 4}},
        {"\"\"\"a\\\"\"\"", "Unterminated string.", {1, 9}},
        {"{ a(b: \"\\é\") }", "Invalid character escape sequence: \"\\é\".", {1, 9}},
    });
}

TEST_CASE("a source that is parsed as a single value or type must contain nothing else") {
    CHECK(parse_value("[{}, {} ").error() == located_error{"Syntax Error: Unexpected <EOF>.", {{1, 9}}});
    CHECK(parse_value("1 2").error() == located_error{"Syntax Error: Expected <EOF>, found Int \"2\".", {{1, 3}}});
    CHECK(parse_type("[Int").error() == located_error{"Syntax Error: Expected \"]\", found <EOF>.", {{1, 5}}});
}

TEST_CASE("an error contains only the beginning of a long token") {
    const std::string name(2000, 'x');
    check({
        {"{ a " + name + "(" + name + ")", "Expected \":\", found \")\".", {1, 4006}},
        {name, "Unexpected Name \"" + name.substr(0, 1000) + "...\".", {1, 1}},
        {"{ \"" + name + "\" }", "Expected Name, found String \"" + name.substr(0, 1000) + "...\".", {1, 3}},
        {"query ($v: Int = $" + name + ") { a }",
         "Unexpected variable \"$" + name.substr(0, 1000) + "...\" in constant value.",
         {1, 18}},
    });
}

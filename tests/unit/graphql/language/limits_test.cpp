#include <graphql/parser.hpp>
#include <graphql/printer.hpp>
#include <support/graphql.hpp>

#include <string>
#include <vector>

using namespace atrium::graphql;

namespace {

std::string repeat(std::string_view text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i)
        all += text;
    return all;
}

} // namespace

TEST_CASE("a document with more tokens than the limit is rejected") {
    CHECK(parse("{ foo }", {.tokens = 3}));
    CHECK(parse("{ foo } # a comment is not a token", {.tokens = 3}));
    CHECK(parse("{ foo }", {.tokens = 2}).error() ==
          located_error{"Syntax Error: Document contains more that 2 tokens. Parsing aborted.", {{1, 7}}});
    CHECK(parse("\"d\" type A", {.tokens = 2}).error() ==
          located_error{"Syntax Error: Document contains more that 2 tokens. Parsing aborted.", {{1, 10}}});
}

TEST_CASE("a document that is nested deeper than the limit is rejected") {
    const std::string message = "Syntax Error: Document is nested deeper than 3 levels. Parsing aborted.";
    CHECK(parse("{ a { b { c } } }", {.depth = 3}));
    CHECK(parse("{ a { b { c { d } } } }", {.depth = 3}).error() == located_error{message, {{1, 13}}});
    CHECK(parse("{ a(b: [{c: 1}]) }", {.depth = 3}));
    CHECK(parse("{ a(b: [{c: []}]) }", {.depth = 3}).error() == located_error{message, {{1, 13}}});
    CHECK(parse("query ($a: [[[Int!]!]!]!) { a }", {.depth = 3}));
    CHECK(parse("query ($a: [[[[Int]]]]) { a }", {.depth = 3}).error() == located_error{message, {{1, 15}}});
    CHECK(parse("{ a { b } c { d } e { f } g { h } }", {.depth = 2}));
}

TEST_CASE("deep nesting in a source cannot overflow the stack") {
    constexpr std::size_t size = 1'048'576;
    const std::vector<std::string> openings{
        "{", "[", "{a", "{a(b:[", "{a(b:{c:", "query($a:[", "{...{", "{a@b(c:[{d:", "type A{a(b:["};
    for (const auto& opening : openings) {
        CAPTURE(opening);
        CHECK_FALSE(parse(repeat(opening, size / opening.size())));
    }
    for (const auto& [prefix, nested] : std::vector<std::pair<std::string, std::string>>{
             {"", "{a"}, {"", "{...on T"}, {"{a(b:", "["}, {"{a(b:", "{c:"}, {"query($a:", "["}}) {
        CAPTURE(prefix, nested);
        const auto d = parse(prefix + repeat(nested, size / nested.size()));
        REQUIRE_FALSE(d);
        CHECK(d.error().message == "Syntax Error: Document is nested deeper than 1000 levels. Parsing aborted.");
    }
}

TEST_CASE("a document of the maximum depth of 1000 can be printed, and a higher limit does not allow a greater depth") {
    const auto source = repeat("{a", 1000) + repeat("}", 1000);
    const auto d = atrium::support::parsed(source);
    CHECK(parse(print(d)));
    CHECK(parse(repeat("{a", 1000) + repeat("}", 1000), {.depth = 5000}));
    CHECK_FALSE(parse(repeat("{a", 1001) + repeat("}", 1001), {.depth = 5000}));
}

TEST_CASE("a megabyte of any kind of input is parsed or rejected") {
    constexpr std::size_t size = 1'048'576;
    CHECK(parse("{ " + repeat("a ", size / 2) + "}"));
    CHECK(parse("{ a(b: \"" + repeat("x", size) + "\") }"));
    CHECK(parse("{ a(b: \"" + repeat("\\n", size / 2) + "\") }"));
    CHECK(parse("{ a(b: \"\"\"" + repeat("\n  x", size / 4) + "\"\"\") }"));
    CHECK(parse("{ a(b: \"\"\"" + repeat("\\\"\"\"", size / 4) + "\"\"\") }"));
    CHECK(parse(repeat("#", size) + "\n{ a }"));
    CHECK_FALSE(parse(repeat(" ", size)));
    CHECK_FALSE(parse(repeat("\"", size)));
    CHECK_FALSE(parse(std::string(size, '\0')));
}

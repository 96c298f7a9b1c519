#include <graphql/parser.hpp>
#include <support/graphql.hpp>

#include <string>

using namespace atrium::graphql;

namespace {

/// The value of a string literal.
std::string said(std::string literal) {
    const auto d = parse_value(std::move(literal));
    if (!d)
        return d.error().message;
    return std::string{static_cast<const ast::value&>(*d->definitions()[0]).text};
}

} // namespace

TEST_CASE("the value of a string is the text between its quotes") {
    CHECK(said(R"("")").empty());
    CHECK(said(R"("simple")") == "simple");
    CHECK(said(R"(" white space ")") == " white space ");
    CHECK(said("\"é😀 \u007F\t\"") == "é😀 \u007F\t");
    CHECK(said(std::string{"\"a\0b\"", 5}) == std::string{"a\0b", 3});
}

TEST_CASE("escape sequences are replaced by their characters") {
    CHECK(said(R"("\"\\\/\b\f\n\r\t")") == "\"\\/\b\f\n\r\t");
    CHECK(said(R"("a\u0041\u00e9\u4E2d!")") == "aAé中!");
    CHECK(said(R"("\u{41}\u{0}\u{1F600}\u{10FFFF}\u{00000061}")") == std::string{"A\0😀\U0010FFFFa", 11});
    CHECK(said(R"("\uD83D\uDE00")") == "😀");
    CHECK(said(R"("\uDBFF\uDFFF")") == "\U0010FFFF");
}

TEST_CASE("invalid escape sequences are errors") {
    CHECK(said(R"("\z")") == R"(Syntax Error: Invalid character escape sequence: "\z".)");
    CHECK(said(R"("\")") == "Syntax Error: Unterminated string.");
    const auto refused = [](const std::string& sequence, const std::string& shown) {
        CAPTURE(sequence);
        CHECK(said('"' + sequence + '"') == "Syntax Error: Invalid Unicode escape sequence: \"" + shown + "\".");
    };
    refused(R"(\u1)", R"(\u1")");
    refused(R"(\u0XX1)", R"(\u0XX1)");
    refused(R"(\uD83D)", R"(\uD83D)");
    refused(R"(\uD83D\n)", R"(\uD83D)");
    refused(R"(\uD83D\u0041)", R"(\uD83D)");
    refused(R"(\uDE00)", R"(\uDE00)");
    refused(R"(\u{})", R"(\u{})");
    refused(R"(\u{FXXX})", R"(\u{FX)");
    refused(R"(\u{D800})", R"(\u{D800})");
    refused(R"(\u{110000})", R"(\u{110000})");
    refused(R"(\u{FFFFFFFF})", R"(\u{FFFFFFFF)");
    refused(R"(\u{000000041})", R"(\u{000000041)");
    refused(R"(\u{é})", R"(\u{é)");
    refused(R"(\u{😀})", "\\u{\uFFFD"); // graphql-js cuts the surrogate pair in half
}

TEST_CASE("the value of a block string has no common indentation") {
    CHECK(said(R"("""""")").empty());
    CHECK(said(R"(""" white space """)") == " white space ");
    CHECK(said(R"("""contains " quote and "" two""")") == R"(contains " quote and "" two)");
    CHECK(said(R"("""contains \""" three""")") == R"(contains """ three)");
    CHECK(said(R"("""\"""""")") == R"(""")");
    CHECK(said(R"("""unescaped \n\u00e9 \\ """)") == R"(unescaped \n\u00e9 \\ )");
    CHECK(said("\"\"\"\n    Hello,\n      World!\n\n    Yours,\n      GraphQL.\n    \"\"\"") ==
          "Hello,\n  World!\n\nYours,\n  GraphQL.");
    CHECK(said("\"\"\"    first\n    second\n  third\"\"\"") == "    first\n  second\nthird");
    CHECK(said("\"\"\"\n\n\t\n  a\n \n  b  \n\n  \"\"\"") == "a\n\nb  ");
    CHECK(said("\"\"\"a\r\nb\rc\n\rd\"\"\"") == "a\nb\nc\n\nd");
    CHECK(said("\"\"\"\r\"\"\"").empty());
    CHECK(said("\"\"\" \n\t\r\n \"\"\"").empty());
    CHECK(said("\"\"\"\n  é\n   😀\"\"\"") == "é\n 😀");
}

#include <graphql/parser.hpp>
#include <support/graphql.hpp>

#include <string>

using namespace atrium::graphql;

namespace {

/// The value of a string literal, or the error message.
std::string value_of(std::string literal) {
    const auto d = parse_value(std::move(literal));
    if (!d)
        return d.error().message;
    return std::string{static_cast<const ast::value&>(*d->definitions()[0]).text};
}

} // namespace

TEST_CASE("the value of a string is the text between its quotes") {
    CHECK(value_of(R"("")").empty());
    CHECK(value_of(R"("simple")") == "simple");
    CHECK(value_of(R"(" white space ")") == " white space ");
    CHECK(value_of("\"é😀 \u007F\t\"") == "é😀 \u007F\t");
    CHECK(value_of(std::string{"\"a\0b\"", 5}) == std::string{"a\0b", 3});
}

TEST_CASE("escape sequences are replaced by their characters") {
    CHECK(value_of(R"("\"\\\/\b\f\n\r\t")") == "\"\\/\b\f\n\r\t");
    CHECK(value_of(R"("a\u0041\u00e9\u4E2d!")") == "aAé中!");
    CHECK(value_of(R"("\u{41}\u{0}\u{1F600}\u{10FFFF}\u{00000061}")") == std::string{"A\0😀\U0010FFFFa", 11});
    CHECK(value_of(R"("\uD83D\uDE00")") == "😀");
    CHECK(value_of(R"("\uDBFF\uDFFF")") == "\U0010FFFF");
}

TEST_CASE("invalid escape sequences are errors") {
    CHECK(value_of(R"("\z")") == R"(Syntax Error: Invalid character escape sequence: "\z".)");
    CHECK(value_of(R"("\")") == "Syntax Error: Unterminated string.");
    const auto check_refused = [](const std::string& sequence, const std::string& quoted) {
        CAPTURE(sequence);
        CHECK(value_of('"' + sequence + '"') == "Syntax Error: Invalid Unicode escape sequence: \"" + quoted + "\".");
    };
    check_refused(R"(\u1)", R"(\u1")");
    check_refused(R"(\u0XX1)", R"(\u0XX1)");
    check_refused(R"(\uD83D)", R"(\uD83D)");
    check_refused(R"(\uD83D\n)", R"(\uD83D)");
    check_refused(R"(\uD83D\u0041)", R"(\uD83D)");
    check_refused(R"(\uDE00)", R"(\uDE00)");
    check_refused(R"(\u{})", R"(\u{})");
    check_refused(R"(\u{FXXX})", R"(\u{FX)");
    check_refused(R"(\u{D800})", R"(\u{D800})");
    check_refused(R"(\u{110000})", R"(\u{110000})");
    check_refused(R"(\u{FFFFFFFF})", R"(\u{FFFFFFFF)");
    check_refused(R"(\u{000000041})", R"(\u{000000041)");
    check_refused(R"(\u{é})", R"(\u{é)");
    check_refused(R"(\u{😀})", "\\u{\uFFFD"); // graphql-js cuts the surrogate pair in half
}

TEST_CASE("the value of a block string has no common indentation, and no blank lines at its beginning and end") {
    CHECK(value_of(R"("""""")").empty());
    CHECK(value_of(R"(""" white space """)") == " white space ");
    CHECK(value_of(R"("""contains " quote and "" two""")") == R"(contains " quote and "" two)");
    CHECK(value_of(R"("""contains \""" three""")") == R"(contains """ three)");
    CHECK(value_of(R"("""\"""""")") == R"(""")");
    CHECK(value_of(R"("""unescaped \n\u00e9 \\ """)") == R"(unescaped \n\u00e9 \\ )");
    CHECK(value_of("\"\"\"\n    Hello,\n      World!\n\n    Yours,\n      GraphQL.\n    \"\"\"") ==
          "Hello,\n  World!\n\nYours,\n  GraphQL.");
    CHECK(value_of("\"\"\"    first\n    second\n  third\"\"\"") == "    first\n  second\nthird");
    CHECK(value_of("\"\"\"\n\n\t\n  a\n \n  b  \n\n  \"\"\"") == "a\n\nb  ");
    CHECK(value_of("\"\"\"a\r\nb\rc\n\rd\"\"\"") == "a\nb\nc\n\nd");
    CHECK(value_of("\"\"\"\r\"\"\"").empty());
    CHECK(value_of("\"\"\" \n\t\r\n \"\"\"").empty());
    CHECK(value_of("\"\"\"\n  é\n   😀\"\"\"") == "é\n 😀");
}

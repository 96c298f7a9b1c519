#include <base/printable.hpp>
#include <support/catch.hpp>

namespace atrium {
namespace {

TEST_CASE("printable text is not changed") {
    for (const std::string text : {"", "plain ~", "Z\xC3\xBCrich", "\xF0\x9F\x8D\xB5", "\\u009b"}) {
        CHECK(is_printable(text));
        CHECK(printable(text) == text);
    }
}

TEST_CASE("printable escapes control and format characters, and replaces bytes that are not UTF-8") {
    CHECK(printable("a\x1b[0m") == R"(a\u001b[0m)");
    CHECK(printable("\xC2\x9B|\x7F|\t|\n") == R"(\u009b|\u007f|\u0009|\u000a)");
    CHECK(printable("\xE2\x80\xAA\xE2\x81\xA9") == R"(\u202a\u2069)");
    CHECK(printable("\xF3\xA0\x80\x81") == R"(\udb40\udc01)");
    CHECK(printable("a\xFFz") == "a\xEF\xBF\xBDz");
    CHECK(printable(std::string_view{"a\0z", 3}) == R"(a\u0000z)");
    CHECK_FALSE(is_printable("\xC2\x9B"));
    CHECK_FALSE(is_printable("\xFF"));
}

TEST_CASE("printable_lines keeps line breaks") {
    CHECK(printable_lines("a\nb\x1b\n\nc") == "a\nb\\u001b\n\nc");
    CHECK(printable_lines("").empty());
}

} // namespace
} // namespace atrium

#include <base/text.hpp>
#include <support/catch.hpp>

namespace atrium {

TEST_CASE("is_utf8 accepts well-formed UTF-8 and no other bytes") {
    for (const std::string_view good : {"", "plain", "\x7f", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
                                        "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
        CAPTURE(good);
        CHECK(is_utf8(good));
    }
    CHECK(is_utf8(std::string_view{"a\0b", 3}));
    for (const std::string_view bad :
         {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x41", "\xE0\x9F\xBF", "\xE0\xA0", "\xED\xA0\x80",
          "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "a\xE2\x82", "\xF0\x9F\x98"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_utf8(bad));
    }
}

TEST_CASE("count_code_points counts code points, not bytes") {
    CHECK(count_code_points("") == 0);
    CHECK(count_code_points("tea") == 3);
    CHECK(count_code_points("t\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80") == 4);
}

TEST_CASE("control characters of ASCII and Latin-1 are detected") {
    CHECK(has_control_character("a\tb"));
    CHECK(has_control_character(std::string_view{"\0", 1}));
    CHECK(has_control_character("\x1f"));
    CHECK(has_control_character("\x7f"));
    CHECK(has_control_character("\xC2\x80"));
    CHECK(has_control_character("a\xC2\x9F"));
    CHECK_FALSE(has_control_character("\xC2\xA0"));
    CHECK_FALSE(has_control_character(" ~\xC3\xBF\xF0\x9F\x98\x80"));
}

TEST_CASE("leading and trailing blanks are detected, but not inner blanks") {
    for (const std::string_view blank : {" a", "a ", "\ta", "a\n",
                                         "\xC2\xA0"
                                         "a",
                                         "a\xE2\x80\x83", "a\xE3\x80\x80", "a\xC2\x85", " "}) {
        CAPTURE(blank);
        CHECK(has_outer_blanks(blank));
    }
    for (const std::string_view text :
         {"", "a", "a b", "\xF0\x9F\x98\x80", "\xE2\x80\x8B"}) { // a zero width space is not white space
        CAPTURE(text);
        CHECK_FALSE(has_outer_blanks(text));
    }
}

TEST_CASE("ascii_lower and ascii_iequals ignore the case of ASCII letters only") {
    CHECK(ascii_lower("AZaz09[`\xC3\x84") == "azaz09[`\xC3\x84");
    CHECK(ascii_iequals("Ann", "aNN"));
    CHECK_FALSE(ascii_iequals("Ann", "Anna"));
    CHECK_FALSE(ascii_iequals("\xC3\x84", "\xC3\xA4"));
    CHECK_FALSE(ascii_iequals("[", "{"));
}

TEST_CASE("authority puts an IPv6 address in brackets, and no other host") {
    CHECK(authority("::1", 8000) == "[::1]:8000");
    CHECK(authority("127.0.0.1", 80) == "127.0.0.1:80");
    CHECK(authority("localhost", 65535) == "localhost:65535");
}

TEST_CASE("base64url is encoded and decoded") {
    // RFC 4648, section 10, without padding.
    const std::pair<std::string_view, std::string_view> examples[] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, coded] : examples) {
        CHECK(to_base64url(plain) == coded);
        CHECK(from_base64url(coded) == plain);
    }
    CHECK(to_base64url("\xfb\xff") == "-_8");

    std::string all;
    for (int i = 0; i < 256; ++i) {
        all.push_back(static_cast<char>(i));
        CHECK(from_base64url(to_base64url(all)) == all);
    }
}

TEST_CASE("only the canonical form of base64url is decoded") {
    for (const std::string_view bad : {"Z", "Zg==", "Zh", "Zm9", "Zm 9v", "+/8", "Zm9vY", "\xff\xff"}) {
        CAPTURE(bad);
        CHECK_FALSE(from_base64url(bad));
    }
}

} // namespace atrium

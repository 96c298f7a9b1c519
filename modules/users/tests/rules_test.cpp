#include "account.hpp"

#include <support/catch.hpp>

#include <string>

using namespace atrium::users;

namespace {

std::string repeat(std::string_view text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i)
        all += text;
    return all;
}

/// The error for a field of a new user; empty if the value is valid.
std::string error_of(std::string_view field, std::string_view text) {
    return account_entity.fields()[account_entity.index_of(field)].create->error_of(text);
}

std::string error_of_username(std::string_view username) {
    return error_of("username", username);
}

std::string error_of_email(std::string_view email) {
    return error_of("email", email);
}

} // namespace

TEST_CASE("a username has 1 to 100 code points, whatever bytes they take") {
    CHECK(error_of_username("a").empty());
    CHECK(error_of_username(repeat("a", 100)).empty());
    CHECK(error_of_username(repeat("\U0001F600", 100)).empty());
    CHECK(error_of_username("ann lee").empty());
    CHECK(error_of_username("") == "must have 1 to 100 characters");
    CHECK(error_of_username(repeat("a", 101)) == "must have 1 to 100 characters");
    CHECK(error_of_username(repeat("\u00E9", 101)) == "must have 1 to 100 characters");
}

TEST_CASE("a username has no control characters") {
    for (const auto* bad : {"a\nb", "a\tb", "\x01", "a\x7F", "a\u0085b", "\u009F"})
        CHECK(error_of_username(bad) == "must not contain control characters");
    CHECK(error_of_username(std::string_view{"a\0b", 3}) == "must not contain control characters");
}

TEST_CASE("a username has no leading or trailing blanks") {
    for (const auto* bad : {" a", "a ", "\u00A0a", "a\u2003", "\u3000", " "})
        CHECK(error_of_username(bad) == "must not begin or end with a blank");
}

TEST_CASE(
    "a username has a visible character, and no invisible ones except joiners and variation selectors after a visible one") {
    for (const auto* good :
         {"ann\u00A0lee", "\u0633\u06CC\u062F \u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645", "🕵🏽\u200D♂\uFE0F"})
        CHECK(error_of_username(good).empty());
    CHECK(error_of_username("\u200b") == "must not contain U+200B, which is invisible");
    CHECK(error_of_username("\u202eadmin") == "must not contain U+202E, which is invisible");
    CHECK(error_of_username("ad\u200bmin") == "must not contain U+200B, which is invisible");
    CHECK(error_of_username("admin\u3164") == "must not contain U+3164, which is invisible");
    CHECK(error_of_username("\u2800") == "must have a visible character");
}

TEST_CASE("every email address that the HTML standard defines is accepted") {
    const auto label = repeat("a", 63);
    for (const auto& good :
         {std::string{"a@b"}, std::string{"ann@example.com"}, std::string{"ann.lee+shop@mail.example.co.uk"},
          std::string{".@x"}, std::string{"..a..@x"}, std::string{"a@1.2.3.4"}, std::string{"A@EXAMPLE.COM"},
          std::string{"!#$%&'*+/=?^_`{|}~-.@x-y.z"}, std::string{"a@b--c"}, "a@" + label, "a@" + label + "." + label})
        CHECK(good + std::string{error_of_email(good)} == good);
}

TEST_CASE("a text that the HTML standard does not define as an email address is refused") {
    const auto too_long_label = repeat("a", 64);
    for (const auto& bad : {std::string{},
                            std::string{"@"},
                            std::string{"a@"},
                            std::string{"@b"},
                            std::string{"a"},
                            std::string{"a@b@c"},
                            std::string{"a b@c"},
                            std::string{"a@b c"},
                            std::string{"a@-b"},
                            std::string{"a@b-"},
                            std::string{"a@b..c"},
                            std::string{"a@.b"},
                            std::string{"a@b."},
                            std::string{"a@b.-c"},
                            std::string{"a@b_c"},
                            std::string{"a,b@c"},
                            std::string{"\"a\"@b"},
                            std::string{"a(b)@c"},
                            std::string{"a@[1.2.3.4]"},
                            std::string{"a@\u00FC.de"},
                            std::string{"\u00FC@b.de"},
                            std::string{"a@b\n"},
                            std::string{" a@b"},
                            std::string{"a@b "},
                            std::string{"a\\@b"},
                            std::string{"a@b\0", 4},
                            "a@" + too_long_label,
                            "a@b." + too_long_label + ".c"})
        CHECK(bad + std::string{error_of_email(bad)} == bad + "must be an email address");
}

TEST_CASE("an email address has at most 254 characters") {
    const std::string domain = "@example.com";
    CHECK(error_of_email(repeat("a", 254 - 12) + domain).empty());
    CHECK(error_of_email(repeat("a", 255 - 12) + domain) == "must have at most 254 characters");
    CHECK(error_of_email(repeat("\u00FC", 254 - 12) + domain) == "must be an email address"); // 496 bytes
}

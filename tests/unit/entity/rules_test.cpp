#include <entity/rules.hpp>
#include <support/catch.hpp>

namespace atrium::entity {
namespace {

std::string no_x(std::string_view text) {
    return text.find('x') == std::string_view::npos ? "" : "must not contain x";
}

input_rules rules_of(auto... rules) {
    input_rules all;
    (all.add(rules), ...);
    return all;
}

} // namespace

TEST_CASE("the error of a text that is too short or too long states both limits") {
    const auto rules = rules_of(length(1, 3));
    CHECK(rules.error_of("") == "must have 1 to 3 characters");
    CHECK(rules.error_of("abcd") == "must have 1 to 3 characters");
    CHECK(rules.error_of("abc").empty());
}

TEST_CASE("the length of a text counts code points") {
    CHECK(rules_of(length(1, 3)).error_of("\u00e4\u00f6\u00fc").empty());
}

TEST_CASE("the error of a text that may be empty states only the maximum") {
    CHECK(rules_of(length(0, 3)).error_of("abcd") == "must have at most 3 characters");
}

TEST_CASE("a module's own check applies only if the length of the text is allowed") {
    const auto rules = rules_of(length(1, 3), check{no_x});
    CHECK(rules.error_of("xxxx") == "must have 1 to 3 characters");
    CHECK(rules.error_of("x") == "must not contain x");
}

TEST_CASE("the rule of an enumeration lists all its words") {
    static constexpr std::string_view words[] = {"placed", "fulfilled", "cancelled"};
    CHECK(enumeration{"Status", "", words}.rule() == "must be placed, fulfilled or cancelled");
}

} // namespace atrium::entity

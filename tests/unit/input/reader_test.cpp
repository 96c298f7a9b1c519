#include <input/reader.hpp>
#include <support/catch.hpp>

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace atrium;
using input::reader;
using input::source;

namespace {

/// A reader of texts, such as those of forms and query strings.
reader texts(source from, std::vector<std::pair<std::string, std::string>> values) {
    std::vector<input::field> fields;
    for (auto& [name, value] : values)
        fields.push_back({.name = name, .value = std::move(value)});
    return {from, std::move(fields)};
}

reader json(std::string_view text) {
    return {source::json, input::read_json(text).value()};
}

/// Finishes reading, and returns the errors as lines "name: detail"; empty if there are none.
std::string errors_of(reader& in) {
    const auto read = in.finish();
    if (read)
        return {};
    std::string lines;
    for (const auto& each : read.error().faults)
        lines += each.pointer + ": " + each.detail + "\n";
    return lines;
}

constexpr std::array<std::string_view, 2> words{"red", "blue"};

} // namespace

TEST_CASE("values are read by their names") {
    auto in = json(R"({"name":"ann","size":3,"is_new":true,"at":"2026-11-22T12:00:00Z","color":"blue"})");
    CHECK(in.text("name") == "ann");
    CHECK(in.integer("size", 1, 9) == 3);
    CHECK(in.boolean("is_new") == true);
    CHECK(in.time("at")->time_since_epoch().count() == 1'795'348'800'000);
    CHECK(in.choice("color", words, "must be red or blue") == 1);
    CHECK_FALSE(in.text("missing"));
    CHECK(errors_of(in).empty());
}

TEST_CASE("all errors are reported, in the order of the names in the input, then missing names") {
    auto in = json(R"({"size":10,"name":7,"other":1,"at":"noon"})");
    CHECK_FALSE(in.time("at"));
    CHECK_FALSE(in.text("name"));
    CHECK_FALSE(in.integer("size", 1, 9));
    CHECK(in.required_text("title").empty());
    CHECK(errors_of(in) == "/size: must be between 1 and 9\n"
                           "/name: must be a string\n"
                           "/other: is not a known field\n"
                           "/at: must be a date and time such as 2026-11-22T12:00:00Z\n"
                           "/title: is required\n");
}

TEST_CASE("null is an error unless the caller checks for it") {
    auto in = json(R"({"name":null,"note":null})");
    CHECK_FALSE(in.text("name"));
    CHECK(in.is_null("note"));
    CHECK(errors_of(in) == "/name: must not be null\n");
}

TEST_CASE("a name that occurs twice is one error, and its value is not read") {
    auto in = json(R"({"name":"ann","name":"bob"})");
    CHECK_FALSE(in.text("name"));
    CHECK(errors_of(in) == "/name: appears more than once\n");
}

TEST_CASE("blank values of a form are absent unless they are read as text") {
    auto in = texts(source::form, {{"size", ""}, {"is_new", ""}, {"color", ""}, {"name", ""}});
    CHECK_FALSE(in.integer("size", 1, 9));
    CHECK_FALSE(in.boolean("is_new"));
    CHECK_FALSE(in.choice("color", words, "must be red or blue"));
    CHECK(in.is_blank("name"));
    CHECK(in.text("name") == "");
    CHECK(errors_of(in).empty());
}

TEST_CASE("a blank value of a query string is a value") {
    auto in = texts(source::query, {{"limit", ""}});
    CHECK_FALSE(in.is_blank("limit"));
    CHECK_FALSE(in.integer("limit", 1, 9));
    CHECK(errors_of(in) == "limit: must be an integer\n");
}

TEST_CASE("numbers and booleans are texts in forms and query strings, but not in JSON") {
    auto form = texts(source::form, {{"size", "3"}, {"is_new", "true"}});
    CHECK(form.integer("size", 1, 9) == 3);
    CHECK(form.boolean("is_new") == true);
    auto body = json(R"({"size":"3","is_new":"true"})");
    CHECK_FALSE(body.integer("size", 1, 9));
    CHECK_FALSE(body.boolean("is_new"));
    CHECK(errors_of(body) == "/size: must be an integer\n/is_new: must be true or false\n");
}

TEST_CASE("GraphQL writes the words of enumerations in upper case, and ids as texts") {
    auto in = texts(source::graphql, {{"color", "BLUE"}, {"shop", "7"}});
    CHECK(in.choice("color", words, "must be red or blue") == 1);
    CHECK(in.integer("shop", 1, 9) == 7);
    CHECK(errors_of(in).empty());
}

TEST_CASE("a list of ids has at most the allowed number of valid ids") {
    auto in = texts(source::query, {{"ids", "3,1,3"}});
    CHECK(in.ids("ids", 3) == std::vector<std::int64_t>{3, 1, 3});
    auto many = texts(source::query, {{"ids", "1,2"}});
    CHECK_FALSE(many.ids("ids", 1));
    CHECK(errors_of(many) == "ids: must not have more than 1 ids\n");
    for (const auto* wrong : {"", "1,,2", "0", "x", "1 ,2", "9223372036854775808"}) {
        auto each = texts(source::query, {{"ids", wrong}});
        CHECK_FALSE(each.ids("ids", 9));
        CHECK(errors_of(each) == "ids: must be ids separated by commas\n");
    }
}

TEST_CASE("errors of a query string are malformed with plain names, errors of a body invalid with pointers") {
    auto query = texts(source::query, {{"a/b", "1"}});
    const auto of_query = query.finish();
    CHECK(of_query.error().code == errc::malformed);
    CHECK(of_query.error().faults.at(0).pointer == "a/b");
    auto body = json(R"({"a/b":1})");
    const auto of_body = body.finish();
    CHECK(of_body.error().code == errc::invalid);
    CHECK(of_body.error().faults.at(0).pointer == "/a~1b");
}

TEST_CASE("only the first error that the caller adds for a name is reported") {
    auto in = json(R"({"name":"ann"})");
    (void)in.text("name");
    in.add_error("name", "is taken");
    in.add_error("name", "is short");
    CHECK(errors_of(in) == "/name: is taken\n");
}

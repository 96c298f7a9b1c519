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

/// A reader of strings, such as those of forms and query strings.
reader strings(source origin, std::vector<std::pair<std::string, std::string>> values) {
    std::vector<input::field> fields;
    for (auto& [name, value] : values)
        fields.push_back({.name = name, .value = std::move(value)});
    return {origin, std::move(fields)};
}

reader json(std::string_view text) {
    return {source::json, input::read_json(text).value()};
}

/// Finishes reading, and returns the errors as lines "name: detail"; empty if there are none.
std::string errors_of(reader& values) {
    const auto read = values.finish();
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
    auto body = json(R"({"name":"ann","size":3,"is_new":true,"at":"2026-11-22T12:00:00Z","color":"blue"})");
    CHECK(body.text("name") == "ann");
    CHECK(body.integer("size", 1, 9) == 3);
    CHECK(body.boolean("is_new") == true);
    CHECK(body.time("at")->time_since_epoch().count() == 1'795'348'800'000);
    CHECK(body.choice("color", words, "must be red or blue") == 1);
    CHECK_FALSE(body.text("missing"));
    CHECK(errors_of(body).empty());
}

TEST_CASE("all errors are reported in the order of the names in the input, followed by the missing names") {
    auto body = json(R"({"size":10,"name":7,"other":1,"at":"noon"})");
    CHECK_FALSE(body.time("at"));
    CHECK_FALSE(body.text("name"));
    CHECK_FALSE(body.integer("size", 1, 9));
    CHECK(body.required_text("title").empty());
    CHECK(errors_of(body) == "/size: must be between 1 and 9\n"
                             "/name: must be a string\n"
                             "/other: is not a known field\n"
                             "/at: must be a date and time such as 2026-11-22T12:00:00Z\n"
                             "/title: is required\n");
}

TEST_CASE("null is an error unless the caller checks for it") {
    auto body = json(R"({"name":null,"note":null})");
    CHECK_FALSE(body.text("name"));
    CHECK(body.is_null("note"));
    CHECK(errors_of(body) == "/name: must not be null\n");
}

TEST_CASE("a name that occurs twice is reported as one error, and its value is not read") {
    auto body = json(R"({"name":"ann","name":"bob"})");
    CHECK_FALSE(body.text("name"));
    CHECK(errors_of(body) == "/name: appears more than once\n");
}

TEST_CASE("blank values of a form count as absent unless they are read as text") {
    auto form = strings(source::form, {{"size", ""}, {"is_new", ""}, {"color", ""}, {"name", ""}});
    CHECK_FALSE(form.integer("size", 1, 9));
    CHECK_FALSE(form.boolean("is_new"));
    CHECK_FALSE(form.choice("color", words, "must be red or blue"));
    CHECK(form.is_blank("name"));
    CHECK(form.text("name") == "");
    CHECK(errors_of(form).empty());
}

TEST_CASE("a blank value in a query string is a value, so it can be invalid") {
    auto query = strings(source::query, {{"limit", ""}});
    CHECK_FALSE(query.is_blank("limit"));
    CHECK_FALSE(query.integer("limit", 1, 9));
    CHECK(errors_of(query) == "limit: must be an integer\n");
}

TEST_CASE("a number or boolean may be a string in a form or query string, but not in JSON") {
    auto form = strings(source::form, {{"size", "3"}, {"is_new", "true"}});
    CHECK(form.integer("size", 1, 9) == 3);
    CHECK(form.boolean("is_new") == true);
    auto body = json(R"({"size":"3","is_new":"true"})");
    CHECK_FALSE(body.integer("size", 1, 9));
    CHECK_FALSE(body.boolean("is_new"));
    CHECK(errors_of(body) == "/size: must be an integer\n/is_new: must be true or false\n");
}

TEST_CASE("the words of enumerations are in upper case in GraphQL, and ids are strings") {
    auto arguments = strings(source::graphql, {{"color", "BLUE"}, {"user_id", "7"}});
    CHECK(arguments.choice("color", words, "must be red or blue") == 1);
    CHECK(arguments.integer("user_id", 1, 9) == 7);
    CHECK(errors_of(arguments).empty());
}

TEST_CASE("errors in GraphQL arguments have the names in camel case that GraphQL clients use") {
    auto arguments = strings(source::graphql, {{"product_name", ""}, {"user_id", "x"}});
    CHECK(arguments.text("product_name") == "");
    arguments.add_error("product_name", "must not be empty");
    CHECK_FALSE(arguments.integer("user_id", 1, 9));
    arguments.add_missing("last_order_at");
    CHECK(errors_of(arguments) == "/productName: must not be empty\n/userId: must be an integer\n/lastOrderAt: is required\n");
    auto one = strings(source::graphql, {});
    one.add_missing("product_name");
    CHECK(one.finish().error().detail == "productName is required");
}

TEST_CASE("a list with too many ids or with an invalid id is refused") {
    auto list = strings(source::query, {{"ids", "3,1,3"}});
    CHECK(list.ids("ids", 3) == std::vector<std::int64_t>{3, 1, 3});
    auto two_ids = strings(source::query, {{"ids", "1,2"}});
    CHECK_FALSE(two_ids.ids("ids", 1));
    CHECK(errors_of(two_ids) == "ids: must not have more than 1 ids\n");
    for (const auto* wrong : {"", "1,,2", "0", "x", "1 ,2", "9223372036854775808"}) {
        auto each = strings(source::query, {{"ids", wrong}});
        CHECK_FALSE(each.ids("ids", 9));
        CHECK(errors_of(each) == "ids: must be ids separated by commas\n");
    }
}

TEST_CASE("the code of an error is malformed for a query string and invalid for a body, and only the error for a body has a "
          "JSON pointer") {
    auto query = strings(source::query, {{"a/b", "1"}});
    const auto query_result = query.finish();
    CHECK(query_result.error().code == errc::malformed);
    CHECK(query_result.error().faults.at(0).pointer == "a/b");
    auto body = json(R"({"a/b":1})");
    const auto body_result = body.finish();
    CHECK(body_result.error().code == errc::invalid);
    CHECK(body_result.error().faults.at(0).pointer == "/a~1b");
}

TEST_CASE("only the first error that the caller adds for a name is reported") {
    auto body = json(R"({"name":"ann"})");
    (void)body.text("name");
    body.add_error("name", "is taken");
    body.add_error("name", "is short");
    CHECK(errors_of(body) == "/name: is taken\n");
}

TEST_CASE("an object is read as compact JSON, and its numbers and repeated names stay as they are") {
    auto body =
        json(R"({"data": { "size" : 1.0000000000000000001, "tags": [ "\u00e9\n\"", {}, [], null, true, -0 ], "a":1,"a":2 },
                         "name":"ann"})");
    CHECK(body.object("data") == R"({"size":1.0000000000000000001,"tags":["é\n\"",{},[],null,true,-0],"a":1,"a":2})");
    CHECK(body.text("name") == "ann");
    CHECK(errors_of(body).empty());
}

TEST_CASE("a value that is not an object cannot be read as an object") {
    auto body = json(R"({"a":[1],"b":"{}","c":null,"d":7})");
    for (const auto* name : {"a", "b", "c", "d", "missing"})
        CHECK_FALSE(body.object(name));
    CHECK(errors_of(body) == "/a: must be a JSON object\n/b: must be a JSON object\n"
                             "/c: must be a JSON object\n/d: must be a JSON object\n");
}

TEST_CASE("in a form, a JSON object is the text of a field") {
    auto form = strings(source::form, {{"data", R"( {"a": 1} )"}, {"blank", ""}});
    CHECK(form.object("data") == R"({"a":1})");
    CHECK_FALSE(form.object("blank"));
    CHECK(errors_of(form).empty());
    for (const auto* wrong : {"{", "[]", "7", R"({},"value":{})", "{}}", "{} x"}) {
        auto each = strings(source::form, {{"data", wrong}});
        CHECK_FALSE(each.object("data"));
        CHECK(errors_of(each) == "/data: must be a JSON object\n");
    }
}

TEST_CASE("a list of texts is an array in JSON, and text with commas in a query string") {
    auto body = json(R"({"ids":["1-7","2-9"],"none":[]})");
    CHECK(body.texts("ids", 2, 9) == std::vector<std::string>{"1-7", "2-9"});
    CHECK(body.texts("none", 2, 9) == std::vector<std::string>{});
    CHECK(errors_of(body).empty());
    auto query = strings(source::query, {{"ids", "1-7,2-9"}});
    CHECK(query.texts("ids", 2, 9) == std::vector<std::string>{"1-7", "2-9"});
    CHECK(errors_of(query).empty());
}

TEST_CASE("a list of texts is refused if it has too many items, or an item that is too long or is not text") {
    auto body = json(R"({"a":["1",2],"b":"1","c":["1","2","3"],"d":["1234"],"e":["\u0000"],"f":{}})");
    for (const auto* name : {"a", "b", "c", "d", "e", "f"})
        CHECK_FALSE(body.texts(name, 2, 3));
    CHECK(errors_of(body) == "/a: must be an array of strings\n/b: must be an array of strings\n"
                             "/c: must not have more than 2 items\n"
                             "/d: must have only items of at most 3 bytes without the character U+0000\n"
                             "/e: must have only items of at most 3 bytes without the character U+0000\n"
                             "/f: must be an array of strings\n");
}

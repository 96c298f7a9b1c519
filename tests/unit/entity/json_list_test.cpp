#include "book.hpp"

#include <entity/json.hpp>
#include <entity/json_list.hpp>
#include <support/catch.hpp>

namespace atrium::entity {
namespace {

using namespace std::chrono_literals;

std::string json_of(std::initializer_list<book> books) {
    std::string text;
    json_writer out{text};
    out.begin_array();
    for (const auto& each : books)
        json_form{book_entity}.write(out, &each);
    out.end_array();
    return text;
}

field_set single_field(std::string_view name) {
    field_set fields;
    fields.set(book_entity.index_of(name));
    return fields;
}

} // namespace

TEST_CASE("entities that are written as JSON are read back with every field that is shown") {
    auto full = full_book;
    full.author_revision = 1; // REST does not show this field
    const book sparse{.id = {8}, .created_at = timestamp{0ms}, .updated_at = timestamp{0ms}};
    const auto read = read_json_list(book_entity, book_entity.shown(), json_of({full, sparse}));
    CHECK(read.value() == std::vector<book>{full, sparse});
    CHECK(read_json_list(book_entity, book_entity.shown(), "[]").value().empty());
}

TEST_CASE("read_json_list reads only the requested fields, and only these must be present") {
    const auto read = read_json_list(book_entity, single_field("pages"), R"([{"pages":5,"title":3,"color":"red"}])").value();
    REQUIRE(read.size() == 1);
    CHECK(read.front() == book{.pages = 5});
}

TEST_CASE("an optional field may be missing or null in a JSON list") {
    for (const auto* json : {R"([{}])", R"([{"note":null}])"})
        CHECK_FALSE(read_json_list(book_entity, single_field("note"), json).value().front().note);
}

TEST_CASE("an invalid JSON list is refused with an error that explains what is missing or invalid") {
    const auto error_of = [](std::string_view field, std::string_view json) {
        return read_json_list(book_entity, single_field(field), json).error().detail;
    };
    CHECK(error_of("title", "hello") == "the text is not a JSON array");
    CHECK(error_of("title", "{}") == "the text is not a JSON array");
    CHECK(error_of("title", "[1]") == "the array has a value that is not an object");
    CHECK(error_of("title", "[{}]") == "Book has no valid \"title\"");
    CHECK(error_of("title", R"([{"title":null}])") == "Book has no valid \"title\"");
    CHECK(error_of("pages", R"([{"pages":"1"}])") == "Book has no valid \"pages\"");
    CHECK(error_of("id", R"([{"id":1.5}])") == "Book has no valid \"id\"");
    CHECK(error_of("is_new", R"([{"is_new":1}])") == "Book has no valid \"is_new\"");
    CHECK(error_of("state", R"([{"state":"burnt"}])") == "Book has no valid \"state\"");
    CHECK(error_of("read_at", R"([{"read_at":"today"}])") == "Book has no valid \"read_at\"");
}

} // namespace atrium::entity

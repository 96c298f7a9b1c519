#include "book.hpp"

#include <entity/json_schema.hpp>
#include <support/catch.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string_view>

using namespace atrium;
using namespace atrium::entity;
namespace json = boost::json;

TEST_CASE("the schema of an entity has its shown fields in order, with their types and formats, and marks read-only fields") {
    const auto schema = json::parse(shown_schema(book_entity));
    CHECK(schema.at("type") == "object");
    CHECK(schema.at("description") == "A book of the library.");
    json::array names;
    for (const auto& [name, property] : schema.at("properties").as_object())
        names.emplace_back(name);
    CHECK(names == json::array{"id", "author_id", "author", "title", "note", "pages", "is_new", "state", "read_at", "revision",
                               "created_at", "updated_at"});
    CHECK(schema.at("required") == names);

    const auto& properties = schema.at("properties");
    CHECK(properties.at("id") == json::parse(R"({"type":"integer","format":"int64","readOnly":true})"));
    CHECK(properties.at("title") == json::parse(R"({"type":"string","description":"As on the cover."})"));
    CHECK(properties.at("note") == json::parse(R"({"type":["string","null"]})"));
    CHECK(properties.at("is_new") == json::parse(R"({"type":"boolean"})"));
    CHECK(properties.at("state") ==
          json::parse(R"({"type":"string","enum":["lent","shelved"],"description":"The state of a book."})"));
    CHECK(properties.at("read_at") == json::parse(R"({"type":["string","null"],"format":"date-time"})"));
    CHECK(properties.at("updated_at") == json::parse(R"({"type":"string","format":"date-time","readOnly":true})"));
}

TEST_CASE(
    "the schema for creating an entity has the rules and defaults of the fields that clients can set, and no other fields") {
    CHECK(json::parse(creation_schema(book_entity)) == json::parse(R"({
        "type": "object",
        "properties": {
            "title": {"type": "string", "minLength": 1, "maxLength": 20, "description": "As on the cover."},
            "note": {"type": ["string", "null"], "maxLength": 5},
            "pages": {"type": "integer", "format": "int64", "minimum": 1, "maximum": 9999, "default": 1},
            "is_new": {"type": "boolean", "default": true}
        },
        "required": ["title"],
        "additionalProperties": false
    })"));
}

TEST_CASE("the schema for changing an entity requires no field and has no defaults") {
    const auto schema = json::parse(change_schema(book_entity));
    CHECK_FALSE(schema.as_object().contains("required"));
    CHECK(schema.at("additionalProperties") == false);
    CHECK(schema.at("properties") == json::parse(R"({
        "title": {"type": "string", "minLength": 1, "maxLength": 20, "description": "As on the cover."},
        "note": {"type": ["string", "null"], "maxLength": 5},
        "state": {"type": "string", "enum": ["lent", "shelved"], "description": "The state of a book."},
        "read_at": {"type": ["string", "null"], "format": "date-time"}
    })"));
}

TEST_CASE(
    "the schema of an event's data has the names that fields have in events, and omits the fields that its topic leaves out") {
    CHECK(json::parse(event_data_schema(book_entity, "books.book_bought")).at("required") ==
          json::array{"book_id", "author_id"});
    CHECK(json::parse(event_data_schema(book_entity, "books.book_burnt")) == json::parse(R"({
        "type": "object",
        "properties": {"book_id": {"type": "integer", "format": "int64"}},
        "required": ["book_id"]
    })"));
}

TEST_CASE("the schema of an optional enumeration allows null") {
    CHECK(json::parse(value_schema(value_type_of<std::optional<book_state>>())) ==
          json::parse(R"({"type":["string","null"],"enum":["lent","shelved",null]})"));
}

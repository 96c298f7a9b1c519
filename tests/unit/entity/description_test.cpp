#include "book.hpp"

#include <support/catch.hpp>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::entity {
namespace {

using thing_id = id<struct thing_tag>;

struct thing {
    thing_id id;
    std::string name;
    std::int64_t weight = 0;
};

const auto id_field = field{"id", &thing::id, "t.id"}.as(role::identifier);

template <class... Fields>
std::string error_of(const Fields&... fields) {
    try {
        describe<thing>("Thing", "", table{"things", "t"}, fields...).require_valid();
    } catch (const std::logic_error& e) {
        return e.what();
    }
    return {};
}

} // namespace

TEST_CASE("a description finds its fields by name and by role") {
    CHECK(book_entity.fields()[book_entity.index_of("title")].column == "b.title");
    CHECK(book_entity.identifier().name == "id");
    CHECK(book_entity.find_field_as(role::updated_at) == book_entity.find_field("updated_at"));
    CHECK_FALSE(book_entity.find_field("color"));
}

TEST_CASE("a field's value is read and set through its offset in the entity") {
    book b{.title = "Emma", .pages = 3};
    const auto& title = book_entity.fields()[book_entity.index_of("title")];
    CHECK(title.type->text(title.value_in(&b)) == "Emma");
    const auto& pages = book_entity.fields()[book_entity.index_of("pages")];
    pages.type->set_number(pages.value_in(&b), 7);
    CHECK(b.pages == 7);
}

TEST_CASE("two fields with the same name are rejected") {
    CHECK(error_of(id_field, field{"name", &thing::name, "t.name"}, field{"name", &thing::weight, "t.weight"}) ==
          R"(the description of Thing, field "name": the name is used twice)");
}

TEST_CASE("two fields with the same column are rejected") {
    CHECK(error_of(id_field, field{"name", &thing::name, "t.name"}, field{"label", &thing::name, "t.name"}) ==
          R"(the description of Thing, field "label": column t.name is already used by field "name")");
}

TEST_CASE("a description without an identifier is rejected") {
    CHECK(error_of(field{"name", &thing::name, "t.name"}) ==
          R"(the description of Thing, field "id": exactly one field must be as(role::identifier))");
}

TEST_CASE("a field whose column lacks the alias of the table is rejected") {
    CHECK(error_of(id_field, field{"name", &thing::name, "name"}) ==
          R"(the description of Thing, field "name": write its column with the alias of the table: "t.name")");
}

TEST_CASE("a field that is a number cannot be filtered by a prefix") {
    CHECK(error_of(id_field, field{"weight", &thing::weight, "t.weight"}.filter(prefix)) ==
          R"(the description of Thing, field "weight": a filter by a prefix needs a text that REST shows, in a column of )"
          "the entity's own table");
}

TEST_CASE("a field that REST does not show can neither be filtered by a prefix nor be the identifier") {
    CHECK(error_of(id_field, field{"name", &thing::name, "t.name"}.filter(prefix).not_in_rest()) ==
          R"(the description of Thing, field "name": a filter by a prefix needs a text that REST shows, in a column of )"
          "the entity's own table");
    CHECK(error_of(field{"id", &thing::id, "t.id"}.as(role::identifier).not_in_rest()) ==
          R"(the description of Thing, field "id": an identifier must be an id<...> that is shown and )"
          "that the database assigns");
}

TEST_CASE("a filter by a column of another table needs a lookup that names a column of the entity's own table") {
    CHECK(error_of(id_field, field{"name", &thing::name, "u.name"}.filter(prefix)) ==
          R"(the description of Thing, field "name": a filter by a prefix needs a text that REST shows, in a column of )"
          "the entity's own table");
    CHECK(error_of(id_field, field{"name", &thing::name, "u.name"}.filter(equal)) ==
          R"(the description of Thing, field "name": a filter by a column of another table needs a lookup, because no index )"
          "finds the entity's rows by that column");
    CHECK(error_of(id_field, field{"name", &thing::name, "u.name"}.filter(equal, {"u.id", "SELECT 1"})) ==
          R"(the description of Thing, field "name": a lookup must name a column of the entity's own table)");
}

TEST_CASE("a field that is in events can be excluded from at most four topics, and other fields cannot be excluded") {
    CHECK(error_of(id_field, field{"name", &thing::name, "t.name"}.not_in_event("things.thing_made")) ==
          R"(the description of Thing, field "name": it is not in events, so it cannot be excluded from a topic)");
    CHECK(error_of(id_field, field{"name", &thing::name, "t.name"}
                                 .in_events()
                                 .not_in_event("things.one")
                                 .not_in_event("things.two")
                                 .not_in_event("things.three")
                                 .not_in_event("things.four")
                                 .not_in_event("things.five")) ==
          R"(the description of Thing, field "name": it can be excluded from at most 4 topics)");
}

TEST_CASE("each role requires a certain type of field, and two fields cannot have the same role") {
    CHECK(error_of(id_field, field{"name", &thing::name, "t.name"}.as(role::revision)) ==
          R"(the description of Thing, field "name": a revision must be a std::int64_t)");
    CHECK(error_of(id_field, field{"weight", &thing::weight, "t.weight"}.as(role::updated_at)) ==
          R"(the description of Thing, field "weight": the time of the last change must be a timestamp)");
    CHECK(error_of(id_field, field{"weight", &thing::weight, "t.weight"}.as(role::revision),
                   field{"height", &thing::weight, "t.height"}.as(role::revision)) ==
          R"(the description of Thing, field "height": field "weight" has the same role)");
}

TEST_CASE("clients can change only columns of the entity's own table") {
    CHECK(error_of(id_field, field{"name", &thing::name, "u.name"}.change()) ==
          R"(the description of Thing, field "name": clients can change columns of the entity's own table only)");
}

TEST_CASE("the range of a number that clients set must fit GraphQL's Int") {
    CHECK(error_of(id_field, field{"weight", &thing::weight, "t.weight"}.create()) ==
          R"(the description of Thing, field "weight": an Int of GraphQL has 32 bits: limit the field by between(...))");
    CHECK(error_of(id_field, field{"weight", &thing::weight, "t.weight"}.create(between(0, 2'147'483'647))) == "");
}

TEST_CASE("two fields with the same name in events are rejected") {
    CHECK(error_of(id_field, field{"name", &thing::name, "t.name"}.in_events("x"),
                   field{"weight", &thing::weight, "t.weight"}.in_events("x")) ==
          R"(the description of Thing, field "weight": the event name "x" is already used by field "name")");
}

TEST_CASE("a search can name only fields that exist and that are texts") {
    const auto error_of_search = [](std::string_view field_name) {
        const auto described = describe<thing>("Thing", "", table{"things", "t"}, search{"search", {field_name}}, id_field,
                                               field{"weight", &thing::weight, "t.weight"});
        try {
            described.require_valid();
        } catch (const std::logic_error& e) {
            return std::string{e.what()};
        }
        return std::string{};
    };
    CHECK(error_of_search("color") ==
          R"(the description of Thing, field "color": the search names it, but there is no such field)");
    CHECK(error_of_search("weight") ==
          R"(the description of Thing, field "weight": a search needs texts that REST shows, in columns of the )"
          "entity's own table");
}

TEST_CASE("an index in a description has only fields of the entity's own table and does not begin with the identifier") {
    const auto error_of_index = [](std::vector<std::string_view> index) {
        const auto described =
            describe<thing>("Thing", "", table{.name = "things", .alias = "t", .indexes = {std::move(index)}},
                            field{"id", &thing::id, "t.id"}.as(role::identifier), field{"name", &thing::name, "o.name"},
                            field{"weight", &thing::weight, "t.weight"});
        try {
            described.require_valid();
        } catch (const std::logic_error& e) {
            return std::string{e.what()};
        }
        return std::string{};
    };
    CHECK(error_of_index({"weight", "id"}).empty());
    CHECK(error_of_index({"id", "weight"}) ==
          "the description of Thing, an index: it must begin with a field other than the identifier");
    CHECK(error_of_index({}) == "the description of Thing, an index: it must begin with a field other than the identifier");
    CHECK(error_of_index({"weight", "color"}) ==
          "the description of Thing, an index: \"color\" is not a field of the entity's own table");
    CHECK(error_of_index({"name"}) == "the description of Thing, an index: \"name\" is not a field of the entity's own table");
}

} // namespace atrium::entity

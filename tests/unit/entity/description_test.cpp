#include "book.hpp"

#include <support/catch.hpp>

#include <stdexcept>

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
        (void)describe<thing>("Thing", "", table{"things", "t"}, fields...);
    } catch (const std::logic_error& wrong) {
        return wrong.what();
    }
    return {};
}

} // namespace

TEST_CASE("a description finds its fields by name and by role") {
    CHECK(book_entity.fields()[book_entity.index_of("title")].column == "b.title");
    CHECK(book_entity.identifier().name == "id");
    CHECK(book_entity.find(role::updated_at) == book_entity.find("updated_at"));
    CHECK_FALSE(book_entity.find("colour"));
}

TEST_CASE("a field is looked at and set by its place in the entity") {
    book b{.title = "Emma", .pages = 3};
    const auto& title = book_entity.fields()[book_entity.index_of("title")];
    CHECK(title.type->text(title.in(&b)) == "Emma");
    const auto& pages = book_entity.fields()[book_entity.index_of("pages")];
    pages.type->set_number(pages.in(&b), 7);
    CHECK(b.pages == 7);
}

TEST_CASE("a name that is used twice stops the start") {
    CHECK(error_of(id_field, field{"name", &thing::name, "t.name"}, field{"name", &thing::weight, "t.weight"}) ==
          R"(the description of Thing, field "name": the name is used twice)");
}

TEST_CASE("a column that is used twice stops the start") {
    CHECK(error_of(id_field, field{"name", &thing::name, "t.name"}, field{"label", &thing::name, "t.name"}) ==
          R"(the description of Thing, field "label": column t.name is field "name" already)");
}

TEST_CASE("a description without an identifier stops the start") {
    CHECK(error_of(field{"name", &thing::name, "t.name"}) ==
          R"(the description of Thing, field "id": exactly one field is as(role::identifier))");
}

TEST_CASE("a column without its table stops the start") {
    CHECK(error_of(id_field, field{"name", &thing::name, "name"}) ==
          R"(the description of Thing, field "name": write its column with the alias of the table: "t.name")");
}

TEST_CASE("a number cannot be filtered by a prefix") {
    CHECK(error_of(id_field, field{"weight", &thing::weight, "t.weight"}.filter(prefix)) ==
          R"(the description of Thing, field "weight": only texts are filtered by a prefix)");
}

} // namespace atrium::entity

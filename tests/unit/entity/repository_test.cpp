#include "book.hpp"

#include <support/catch.hpp>

namespace atrium::entity {

TEST_CASE("an inserted entity can be found by its id") {
    library_fixture library;
    auto emma = library.add("Emma", 5, 2);
    emma.author = "Bob"; // read from the joined table
    const auto found = library.read([&](storage::snapshot& s) { return library.books.find_by_id(s, emma.id.value); });
    REQUIRE(found);
    CHECK(*found == emma);
}

TEST_CASE("find_by_id returns nothing for an unknown id") {
    library_fixture library;
    CHECK_FALSE(library.read([&](storage::snapshot& s) { return library.books.find_by_id(s, 9); }));
}

TEST_CASE("find_by_id reads only the requested fields") {
    library_fixture library;
    const auto emma = library.add("Emma", 5);
    field_set fields;
    fields.set(book_entity.index_of("pages"));
    const auto found = library.read([&](storage::snapshot& s) { return library.books.find_by_id(s, emma.id.value, fields); });
    REQUIRE(found);
    CHECK(found->pages == 5);
    CHECK(found->title.empty());
}

TEST_CASE("find_all returns the entities in the order of the ids, and an empty result for an unknown id") {
    library_fixture library;
    const auto a = library.add("A");
    const auto b = library.add("B");
    const book_id ids[] = {a.id, b.id, book_id{99}};
    field_set fields;
    fields.set(book_entity.index_of("title"));
    const auto found =
        library.read([&](storage::snapshot& s) { return library.books.find_all(s, std::span<const book_id>{ids}, fields); });
    REQUIRE(found.size() == 3);
    CHECK(found[0]->title == "A");
    CHECK(found[1]->title == "B");
    CHECK_FALSE(found[2]);
}

TEST_CASE("an update writes only the fields that clients may change, the revision and the time of the change") {
    library_fixture library;
    auto emma = library.add("Emma", 5);
    emma.title = "Emma II";
    emma.pages = 99; // clients cannot change this field
    emma.state = book_state::lent;
    emma.note = "n";
    emma.revision = 2;
    emma.updated_at = timestamp{std::chrono::milliseconds{5}};
    library.write([&](storage::transaction& t) { library.books.update(t, emma); });
    emma.pages = 5;
    emma.author = "Ann";
    CHECK(library.read([&](storage::snapshot& s) { return library.books.find_by_id(s, emma.id.value); }) == emma);
}

TEST_CASE("a removed entity is no longer found") {
    library_fixture library;
    const auto emma = library.add("Emma");
    library.write([&](storage::transaction& t) { library.books.remove(t, emma.id.value); });
    CHECK_FALSE(library.read([&](storage::snapshot& s) { return library.books.find_by_id(s, emma.id.value); }));
}

} // namespace atrium::entity

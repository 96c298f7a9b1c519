#include "book.hpp"

#include <entity/changes.hpp>
#include <support/catch.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace atrium::entity {
namespace {

/// The names of the fields of a book that the function `change` changes.
template <class F>
std::string names_of_changes(F change) {
    auto changed_book = full_book;
    change(changed_book);
    const auto fields = changed_fields(book_entity, &full_book, &changed_book);
    std::string names;
    for (std::size_t i = 0; i < book_entity.fields().size(); ++i)
        if (fields.test(i))
            names.append(names.empty() ? "" : " ").append(book_entity.fields()[i].name);
    return names;
}

} // namespace

TEST_CASE("changed_fields finds the fields in which two entities differ, for all kinds of values") {
    CHECK(names_of_changes([](book&) {}).empty());
    CHECK(names_of_changes([](book& b) { b.title = "C"; }) == "title");
    CHECK(names_of_changes([](book& b) { b.pages = 4, b.is_new = true, b.state = book_state::shelved; }) ==
          "pages is_new state");
    CHECK(names_of_changes([](book& b) { b.author_id = {2}, b.updated_at = {}; }) == "author_id updated_at");
}

TEST_CASE("for changed_fields, null equals null and differs from every value") {
    CHECK(names_of_changes([](book& b) { b.note = std::nullopt, b.read_at = std::nullopt; }) == "note read_at");
    CHECK(names_of_changes([](book& b) { b.note = ""; }) == "note");
    auto without_note = full_book;
    without_note.note.reset();
    CHECK(changed_fields(book_entity, &without_note, &without_note).none());
}

} // namespace atrium::entity

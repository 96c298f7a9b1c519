#include "book.hpp"

#include <support/catch.hpp>

namespace atrium::entity {
namespace {

using namespace std::chrono_literals;

std::string json_of(const book& b) {
    std::string text;
    json_writer out{text};
    json_form{book_entity}.write(out, &b);
    return text;
}

} // namespace

TEST_CASE("an entity is written with its fields in the order of the description") {
    CHECK(json_of(full_book) == R"({"id":7,"author_id":1,"author":"Ann","title":"A \"B\"","note":"n","pages":3,"is_new":false,)"
                                R"("state":"lent","read_at":"1970-01-01T00:00:01.000Z","revision":2,)"
                                R"("created_at":"1970-01-01T00:00:00.000Z","updated_at":"1970-01-01T00:00:00.001Z"})");
}

TEST_CASE("an optional field without a value is written as null") {
    CHECK(json_of({}).find(R"("note":null)") != std::string::npos);
    CHECK(json_of({}).find(R"("read_at":null)") != std::string::npos);
}

TEST_CASE("the ETag contains every revision that the body depends on") {
    CHECK(json_form{book_entity}.etag(std::addressof(static_cast<const book&>(book{.revision = 3, .author_revision = 5}))) ==
          "\"3-5\"");
}

TEST_CASE("a list contains the same JSON for an entity as the entity alone") {
    library_fixture library;
    const auto added = library.add("Emma", 5);
    library.write([](storage::transaction& t) { t.execute("UPDATE books_book SET note = 'x', read_at = 1000"); });
    const auto [page, found] = library.read([&](storage::snapshot& s) {
        return std::pair{library.books.list_json(s, {}).array, *library.books.find_by_id(s, added.id.value)};
    });
    CHECK(page == "[" + json_of(found) + "]");
}

} // namespace atrium::entity

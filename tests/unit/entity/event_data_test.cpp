#include "book.hpp"

#include <entity/event_data.hpp>
#include <support/catch.hpp>

namespace atrium::entity {
namespace {

struct shelf_part {
    book_id book;
    std::optional<author_id> author;
};
const auto shelf_data = describe_data<shelf_part>(datum{"book_id", &shelf_part::book}, datum{"author_id", &shelf_part::author});

struct every_kind {
    std::int64_t count = 0;
    bool is_new = false;
    std::string text;
    timestamp at;
    book_state state = book_state::lent;
};
const auto every_kind_data = describe_data<every_kind>(datum{"count", &every_kind::count}, datum{"is_new", &every_kind::is_new},
                                                       datum{"text", &every_kind::text}, datum{"at", &every_kind::at},
                                                       datum{"state", &every_kind::state});

} // namespace

TEST_CASE("the data of an event contains only the fields that the description includes in events, each under its event name") {
    const book b{.id = {7}, .author_id = {2}, .title = "Emma"};
    CHECK(event_data(book_entity, event_fields(book_entity, "books.book_created"), &b) == R"({"book_id":7,"author_id":2})");
}

TEST_CASE("an event lacks the fields that the caller leaves out, and those that the description leaves out for its topic") {
    const book b{.id = {7}, .author_id = {2}};
    auto fields = event_fields(book_entity, "books.book_created");
    fields.reset(book_entity.index_of("author_id"));
    CHECK(event_data(book_entity, fields, &b) == R"({"book_id":7})");
    CHECK(event_data(book_entity, event_fields(book_entity, "books.book_burnt"), &b) == R"({"book_id":7})");
}

TEST_CASE("a consumer reads the data that it has described and ignores the rest of an event's data") {
    const auto part = shelf_data.read(R"({"book_id":7,"author_id":2,"title":"Emma"})");
    REQUIRE(part);
    CHECK(part->book == book_id{7});
    CHECK(part->author == author_id{2});
}

TEST_CASE("a datum that the consumer has declared as optional may be missing or null") {
    CHECK_FALSE(shelf_data.read(R"({"book_id":7})")->author);
    CHECK_FALSE(shelf_data.read(R"({"book_id":7,"author_id":null})")->author);
}

TEST_CASE("a consumer can read a datum of every kind") {
    const auto part =
        every_kind_data.read(R"({"count":3,"is_new":true,"text":"t","at":"1970-01-01T00:00:01.000Z","state":"shelved"})");
    REQUIRE(part);
    CHECK(part->count == 3);
    CHECK(part->is_new);
    CHECK(part->text == "t");
    CHECK(part->at == timestamp{std::chrono::seconds{1}});
    CHECK(part->state == book_state::shelved);
}

TEST_CASE("data that is not an object, or in which a datum is missing or has the wrong type, is refused with an explanation") {
    CHECK(shelf_data.read("[]").error().detail == "the event's data is not a JSON object");
    CHECK(shelf_data.read("{").error().detail == "the event's data is not a JSON object");
    CHECK(shelf_data.read("{}").error().detail == R"(the event's data needs an id as "book_id")");
    CHECK(shelf_data.read(R"({"book_id":"7"})").error().detail == R"(the event's data needs an id as "book_id")");
    CHECK(shelf_data.read(R"({"book_id":1.5})").error().detail == R"(the event's data needs an id as "book_id")");
    CHECK(every_kind_data.read(R"({"count":3,"is_new":true,"text":"t","at":"1970-01-01T00:00:01.000Z","state":"lost"})")
              .error()
              .detail == R"(the event's data needs one of the known values as "state")");
}

TEST_CASE("missing_in returns nothing if the publisher's events contain all the data that a consumer reads") {
    CHECK(shelf_data.missing_in(book_entity, "books.book_created").empty());
}

TEST_CASE("missing_in reports each datum that the publisher's events lack or have with another type") {
    struct part {
        std::string title;
        std::string book;
    };
    const auto data = describe_data<part>(datum{"title", &part::title}, datum{"book_id", &part::book});
    CHECK(data.missing_in(book_entity, "books.book_created") ==
          std::vector<std::string>{R"(the events of Book have no "title")",
                                   R"("book_id" in the events of Book is an id, and a text is needed)"});
}

TEST_CASE("missing_in reports a datum that is only in events of other topics") {
    CHECK(shelf_data.missing_in(book_entity, "books.book_burnt") ==
          std::vector<std::string>{R"(the events of Book have "author_id" under other topics only)"});
    struct part {
        book_id book;
    };
    CHECK(describe_data<part>(datum{"book_id", &part::book}).missing_in(book_entity, "books.book_burnt").empty());
}

} // namespace atrium::entity

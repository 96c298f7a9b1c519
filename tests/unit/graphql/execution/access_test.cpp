#include "space.hpp"

#include <access/principal.hpp>
#include <support/catch.hpp>
#include <support/run.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

using namespace atrium;
using namespace atrium::graphql;

namespace {

using book_id = id<struct book_tag>;
using author_id = id<struct author_tag>;

struct book {
    book_id id;
    std::string title;
    author_id author;
};

struct author {
    author_id id;
    std::string name;
};

template <class Row, class Id>
column<Row> rows_of(std::span<const Id> ids, Row row) {
    column<Row> rows;
    for (const auto& each : ids) {
        row.id = each;
        rows.add(row);
    }
    return rows;
}

/// A schema of books and authors. Each of the two types needs a scope of its own. The objects of both types can also be found
/// with `node`.
struct library {
    library() : schema_engine{declare().build(), {}} {}

    schema_builder declare() {
        schema_builder schema;
        schema.define("interface Node { id: ID! }");
        auto books = schema.object<book>("Book").implements("Node").scope("books:read");
        books.field("id: ID!", &book::id);
        books.field("title: String!", &book::title);
        books.field("author: Author", &book::author);
        books.key(&book::id, [this](std::span<const book_id> ids) -> awaitable<column<book>> {
            ++loaded_books;
            co_return rows_of(ids, book{{}, "Emma", author_id{7}});
        });
        auto authors = schema.object<author>("Author").implements("Node").scope("authors:read");
        authors.field("id: ID!", &author::id);
        authors.field("name: String!", &author::name);
        authors.key(&author::id, [](std::span<const author_id> ids) -> awaitable<column<author>> {
            co_return rows_of(ids, author{{}, "Jane"});
        });
        schema.query().root("book: Book", []() -> awaitable<book_id> { co_return book_id{1}; }).scope("books:read");
        schema.query()
            .root("books: [Book!]!", []() -> awaitable<std::vector<book_id>> { co_return std::vector{book_id{1}, book_id{2}}; })
            .scope("books:read");
        schema.query().root("count: Int", [] { return 2; }).scope("books:read");
        schema.query().root("motto: String!", [] { return std::string{"read"}; }).any_principal();
        schema.query()
            .root("node(id: ID!): Node",
                  [](const field_call& call) -> awaitable<std::optional<reference>> {
                      co_return reference{std::string{call.arguments.get<std::string_view>("id")}, "1"};
                  })
            .any_principal();
        schema.mutation()
            .root("write: Book!",
                  [this]() -> awaitable<book_id> {
                      ++written_books;
                      co_return book_id{3};
                  })
            .scope("books:write");
        schema.enforce_access();
        return schema;
    }

    std::string ask(std::string query, std::optional<std::vector<std::string>> scopes) {
        context c;
        if (scopes)
            c.principal = std::make_shared<const access::principal>("token:test", *std::move(scopes));
        return space::ask(schema_engine, {.query = std::move(query)}, std::move(c));
    }

    int loaded_books = 0;
    int written_books = 0;
    engine schema_engine;
};

using scopes = std::vector<std::string>;

std::string forbidden(const std::string& scope) {
    return R"("message":"the scope )" + scope + " is needed";
}

} // namespace

TEST_CASE("a principal that has the scopes of all selected fields gets these fields") {
    library l;
    CHECK(l.ask("{ book { title author { name } } count }", scopes{"authors:read", "books:read"}) ==
          R"({"data":{"book":{"title":"Emma","author":{"name":"Jane"}},"count":2}})");
}

TEST_CASE("if a principal lacks the scope of a root field, the field is null with an error, and no row is loaded for it") {
    library l;
    const auto answer = l.ask("{ motto book { title } count }", scopes{"authors:read"});
    CHECK_THAT(answer, Catch::Matchers::ContainsSubstring(R"("data":{"motto":"read","book":null,"count":null})"));
    CHECK_THAT(answer, Catch::Matchers::ContainsSubstring(forbidden("books:read")));
    CHECK_THAT(answer, Catch::Matchers::ContainsSubstring(R"("path":["book"])"));
    CHECK_THAT(answer, Catch::Matchers::ContainsSubstring(R"("code":"FORBIDDEN")"));
    CHECK(l.loaded_books == 0);
}

TEST_CASE("if a root field that must not be null is forbidden, the response has no data") {
    library l;
    CHECK_THAT(l.ask("{ motto books { title } }", scopes{}), Catch::Matchers::ContainsSubstring(R"("data":null)"));
}

TEST_CASE("a field that returns an object of another type needs the scope of that type") {
    library l;
    const auto answer = l.ask("{ book { title author { name } } }", scopes{"books:read"});
    CHECK_THAT(answer, Catch::Matchers::ContainsSubstring(R"("data":{"book":{"title":"Emma","author":null}})"));
    CHECK_THAT(answer, Catch::Matchers::ContainsSubstring(forbidden("authors:read")));
}

TEST_CASE("an object that is found through an interface needs the scope of its own type") {
    library l;
    const auto query = R"({ a: node(id: "Author") { ... on Author { name } } b: node(id: "Book") { ... on Book { title } } })";
    const auto answer = l.ask(query, scopes{"authors:read"});
    CHECK_THAT(answer, Catch::Matchers::ContainsSubstring(R"("data":{"a":{"name":"Jane"},"b":null})"));
    CHECK_THAT(answer, Catch::Matchers::ContainsSubstring(forbidden("books:read")));
    CHECK(l.loaded_books == 0);
}

TEST_CASE("a mutation needs only its own scope, and returns its result even without the scope for reading") {
    library l;
    CHECK_THAT(l.ask("mutation { write { title } }", scopes{"books:read"}),
               Catch::Matchers::ContainsSubstring(forbidden("books:write")));
    CHECK(l.written_books == 0);
    CHECK(l.ask("mutation { write { title } }", scopes{"books:write"}) == R"({"data":{"write":{"title":"Emma"}}})");
}

TEST_CASE("without a principal every field is refused as unauthenticated") {
    library l;
    const auto answer = l.ask("{ motto }", std::nullopt);
    CHECK_THAT(answer, Catch::Matchers::ContainsSubstring(R"("code":"UNAUTHENTICATED")"));
    CHECK_THAT(answer, Catch::Matchers::ContainsSubstring(R"("data":null)"));
}

TEST_CASE("__typename needs no scope") {
    library l;
    CHECK(l.ask("{ __typename }", scopes{}) == R"({"data":{"__typename":"Query"}})");
}

TEST_CASE("a principal with the scope admin may do everything") {
    library l;
    CHECK(l.ask("mutation { write { title author { name } } }", scopes{"admin"}) ==
          R"({"data":{"write":{"title":"Emma","author":{"name":"Jane"}}}})");
}

TEST_CASE("a schema with a root field that does not declare what its clients need cannot be built") {
    schema_builder schema;
    schema.query().root("motto: String!", [] { return std::string{"read"}; });
    schema.enforce_access();
    CHECK_THROWS_WITH(std::move(schema).build(),
                      Catch::Matchers::ContainsSubstring("Query.motto: does not declare what its clients need"));
}

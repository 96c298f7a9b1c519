#include "space.hpp"

#include <graphql/schema_builder.hpp>
#include <support/catch.hpp>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace {

using namespace atrium;
using namespace atrium::graphql;

using author_id = id<struct author_tag>;
using work_id = id<struct work_tag>;

struct author {
    author_id id;
    std::string name;
    std::string town;
    std::vector<work_id> works;
};
struct work {
    work_id id;
    std::string title;
    std::string genre;
    author_id by;
};
struct page {
    std::vector<author> rows;
    std::string cursor;
};

/// Records, for each call of a resolver or loader, which members of the rows the call had to read. A line is, for example,
/// "authors: name town".
struct reading {
    std::vector<std::string> lines;

    void authors(const selection& s) {
        note("authors", {{"id", s.reads(&author::id)},
                         {"name", s.reads(&author::name)},
                         {"town", s.reads(&author::town)},
                         {"works", s.reads(&author::works)}});
    }
    void works(const selection& s) {
        note("works", {{"id", s.reads(&work::id)},
                       {"title", s.reads(&work::title)},
                       {"genre", s.reads(&work::genre)},
                       {"by", s.reads(&work::by)}});
    }

private:
    void note(std::string text, const std::vector<std::pair<std::string, bool>>& members) {
        text += ':';
        for (const auto& [name, is_read] : members)
            if (is_read)
                text += ' ' + name;
        lines.push_back(text);
    }
};

engine make_library(reading& record) {
    schema_builder b;
    b.define("interface Named { id: ID! } union Any = Author | Work");
    auto a = b.object<author>("Author").implements("Named");
    a.key(&author::id, [&](std::span<const author_id> ids, const load_call& call) -> awaitable<column<author>> {
        record.authors(call.selection);
        column<author> rows;
        for (const auto one : ids)
            rows.add(author{one, "Ada", "Rye", {{7}}});
        co_return rows;
    });
    a.field("id: ID!", &author::id);
    a.field("name: String!", &author::name);
    a.field("town: String!", &author::town);
    a.field("works: [Work!]!", &author::works);
    a.row("letter: String!", [](const author& one) { return one.name + one.town; }).reads(&author::name, &author::town);
    a.row("constant: Int!", [](const author&) { return 1; }).reads();
    a.row("anything: String!", [](const author& one) { return one.name; });
    b.extend<author_id>("Author").field("number: Int!", &author_id::value);

    auto w = b.object<work>("Work").implements("Named");
    w.key(&work::id, [&](std::span<const work_id> ids, const load_call& call) -> awaitable<column<work>> {
        record.works(call.selection);
        column<work> rows;
        for (const auto one : ids)
            rows.add(work{one, "Tea", "drama", {1}});
        co_return rows;
    });
    w.field("id: ID!", &work::id);
    w.field("title: String!", &work::title);
    w.field("genre: String!", &work::genre);
    w.field("by: Author!", &work::by);

    auto p = b.object<page>("Page");
    p.field("cursor: String!", &page::cursor);
    p.row("rows: [Author!]!", [](const page& one) {
         return std::vector<std::reference_wrapper<const author>>{one.rows.begin(), one.rows.end()};
     }).reads(&page::rows);
    p.row("count: Int!", [](const page& one) { return one.rows.size(); });

    auto query = b.query();
    query.root("authors: [Author!]!", [&](const field_call& call) -> awaitable<std::vector<author>> {
        record.authors(call.selection);
        co_return std::vector<author>{{{1}, "Ada", "Rye", {{7}}}};
    });
    query.root("page: Page!", [&](const field_call& call) -> awaitable<page> {
        record.authors(call.selection);
        co_return page{{{{1}, "Ada", "Rye", {{7}}}}, "c"};
    });
    query.root("author: Author!", [] { return author_id{1}; });
    query.root("named(id: ID!): Named", [](const field_call& call) {
        const auto id = call.arguments.get<std::string>("id");
        return id == "1" ? std::variant<author_id, work_id>{author_id{1}} : work_id{7};
    });
    return engine{std::move(b).build()};
}

std::vector<std::string> members_read(std::string query, boost::json::object variables = {}) {
    reading record;
    const auto e = make_library(record);
    const auto answer = space::ask(e, {std::move(query), {}, std::move(variables)});
    INFO(answer);
    CHECK(answer.starts_with(R"({"data":)"));
    return record.lines;
}

using list = std::vector<std::string>;

TEST_CASE("a resolver can find out which members of its rows are needed") {
    CHECK(members_read("{ authors { name } }") == list{"authors: name"});
    CHECK(members_read("{ authors { here: town id town } }") == list{"authors: id town"});
    CHECK(members_read("{ authors { __typename } }") == list{"authors:"});
}

TEST_CASE("a member is needed only if the fragments and conditions around its field apply") {
    CHECK(members_read("{ authors { ...f ... on Named { id } } } fragment f on Author { town }") == list{"authors: id town"});
    const auto query = "query($b: Boolean!) { authors { name @skip(if: $b) town @include(if: $b) } }";
    CHECK(members_read(query, {{"b", true}}) == list{"authors: town"});
    CHECK(members_read(query, {{"b", false}}) == list{"authors: name"});
}

TEST_CASE("a function for one row needs the members that are passed to `reads`, or all members if `reads` is not called") {
    CHECK(members_read("{ authors { letter } }") == list{"authors: name town"});
    CHECK(members_read("{ authors { constant } }") == list{"authors:"});
    CHECK(members_read("{ authors { anything } }") == list{"authors: id name town works"});
}

TEST_CASE("a field that takes only the entity key of a row needs only the key") {
    CHECK(members_read("{ authors { number } }") == list{"authors: id"});
}

TEST_CASE("the needed members of rows that are loaded by key are reported to the loader of these rows") {
    CHECK(members_read("{ authors { works { title by { town } } } }") ==
          list{"authors: works", "works: title by", "authors: town"});
}

TEST_CASE("the needed members include those of rows within rows") {
    CHECK(members_read("{ page { cursor } }") == list{"authors:"});
    CHECK(members_read("{ page { cursor rows { town works { id } } } }") == list{"authors: town works", "works: id"});
    CHECK(members_read("{ page { count } }") == list{"authors: id name town works"});
}

TEST_CASE("if several fields return rows of one loader, the loader must load the members that any of these fields needs") {
    CHECK(members_read("{ author { town } other: author { name } }") == list{"authors: name town"});
    CHECK(members_read("{ named(id: 1) { id ... on Author { town } ... on Work { title } } }") == list{"authors: id town"});
    CHECK(members_read("{ named(id: 7) { ... on Author { town } ... on Work { title } } }") == list{"works: title"});
}

/// Two kinds of shelves. Each shelf contains a shelf of either kind, so there are rows within rows that no loader loads by key.
struct oak {
    int number = 0;
};
struct elm {
    int number = 0;
};

TEST_CASE("rows within rows are visited once, however many paths lead to them") {
    schema_builder b;
    b.define("interface Shelf { inner: Shelf number: Int! }");
    using shelf = std::optional<std::variant<oak, elm>>;
    auto o = b.object<oak>("Oak").implements("Shelf");
    o.row("inner: Shelf", [](const oak&) { return shelf{}; }).reads();
    o.field("number: Int!", &oak::number);
    auto e = b.object<elm>("Elm").implements("Shelf");
    e.row("inner: Shelf", [](const elm&) { return shelf{}; }).reads();
    e.field("number: Int!", &elm::number);
    std::optional<bool> is_read;
    b.query().root("oak: Oak!", [&](const field_call& call) -> awaitable<oak> {
        is_read = call.selection.reads(&oak::number);
        co_return oak{};
    });
    const engine shelves{std::move(b).build(), {.depth = 0}};

    constexpr auto depth = 40; // there are 2 to the power of this many paths to the innermost row
    const auto response_to = [&](const std::string& innermost) {
        std::string document = "{ oak {";
        for (int i = 0; i < depth; ++i)
            document += " inner {";
        return space::ask(shelves, {document + ' ' + innermost + std::string(depth, '}') + "} }"});
    };
    CHECK(response_to("__typename") == R"({"data":{"oak":{"inner":null}}})");
    CHECK(is_read == false);
    CHECK(response_to("number") == R"({"data":{"oak":{"inner":null}}})");
    CHECK(is_read == true);
}

} // namespace

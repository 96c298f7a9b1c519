#include "execution/columns.hpp"
#include "space.hpp"

#include <base/turn.hpp>
#include <support/catch.hpp>
#include <support/run.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <span>

using atrium::graphql::space::world;

TEST_CASE("a field of many rows is resolved in one call") {
    world w;
    w.ask("{ planets { name residents(first: 3) { name } } }");
    CHECK(w.noted.rows["residents"] == std::vector<std::size_t>{2});
}

TEST_CASE("rows are loaded once for each level, whoever wants them and however often") {
    world w;
    // The planets' residents are humans 1 and 2 and robots 1 and 2.
    w.ask("{ planets { residents(first: 3) { id } same: residents(first: 3) { id } } }");
    CHECK(w.noted.rows["load humans"] == std::vector<std::size_t>{2});
    CHECK(w.noted.rows["load robots"] == std::vector<std::size_t>{2});
}

TEST_CASE("each level costs one call more") {
    world w;
    w.ask("{ planets { residents { ... on Human { friends { ... on Human { friends { name } } } } } } }");
    CHECK(w.noted.made["load humans"] == 3);
}

TEST_CASE("nothing is loaded where there is no key") {
    world w;
    CHECK(w.ask("{ human(id: 3) { home { name } friends { name } } }") == R"({"data":{"human":{"home":null,"friends":[]}}})");
    CHECK(w.noted.made["load planets"] == 0);
    CHECK(w.noted.made["load humans"] == 1); // human 3 itself
}

TEST_CASE("a field that another module added by key gets the keys of all rows") {
    world w;
    CHECK(w.ask("{ characters(like: \"o\") { ... on Human { name luck number } } }") ==
          R"({"data":{"characters":[{"name":"Bo","luck":14,"number":2},{"name":"Cleo","luck":21,"number":3}]}})");
    CHECK(w.noted.rows["luck"] == std::vector<std::size_t>{2});
}

TEST_CASE("fields that wait are not asked for rows that are not there") {
    world w;
    CHECK(w.ask("{ characters(like: \"nobody\") { ... on Human { luck } } }") == R"({"data":{"characters":[]}})");
    CHECK(w.noted.made["luck"] == 0);
}

namespace {

using namespace atrium;
using namespace atrium::graphql;

struct shelf {
    std::vector<int> books;
};
struct book {
    int number;
};

/// Shelves see their books while the response is written, and books wait for their titles.
engine library(int& calls) {
    schema_builder b;
    b.query().root("shelves: [Shelf!]!", [] { return std::vector{shelf{{1, 2}}, shelf{{}}, shelf{{3}}}; });
    b.object<shelf>("Shelf").row("books: [Book]!", [](const shelf& s) {
        std::vector<std::optional<book>> books{std::nullopt};
        for (const auto number : s.books)
            books.push_back(book{number});
        return books;
    });
    b.object<book>("Book").batch("title: String!", [&calls](std::span<const book> books) -> awaitable<column<std::string>> {
        ++calls;
        column<std::string> titles;
        for (const auto& one : books)
            titles.add("title " + std::to_string(one.number));
        co_return titles;
    });
    return engine{std::move(b).build()};
}

} // namespace

TEST_CASE("rows that plain resolvers give are gathered for those below that wait") {
    int calls = 0;
    const auto e = library(calls);
    CHECK(space::ask(e, {"{ shelves { books { title } } }"}) ==
          R"({"data":{"shelves":[{"books":[null,{"title":"title 1"},{"title":"title 2"}]},{"books":[null]},)"
          R"({"books":[null,{"title":"title 3"}]}]}})");
    CHECK(calls == 1);
}

TEST_CASE("a request of much work that never waits lets others on its thread have their turns") {
    int calls = 0;
    int calls_seen = -1;
    schema_builder b;
    b.query().root("slow: Int!", [&calls]() -> awaitable<int> {
        const auto end = std::chrono::steady_clock::now() + turn::longest;
        while (std::chrono::steady_clock::now() < end) {
        }
        co_return ++calls;
    });
    const engine e{std::move(b).build()};
    const auto ask = [&]() -> awaitable<> {
        asio::post(co_await asio::this_coro::executor, [&] { calls_seen = calls; });
        auto o = e.prepare({"{ a: slow b: slow c: slow }"});
        const auto done = co_await e.execute(*std::move(o), context{});
        CHECK(done.body == R"({"data":{"a":1,"b":2,"c":3}})");
    };
    support::run(ask());
    CHECK(calls_seen == 1);
}

TEST_CASE("equal rows are kept once and shared by their parents") {
    schema_builder b;
    std::size_t asked = 0;
    b.query().root("books: [Book!]!", [] { return std::vector{book{1}, book{2}, book{3}}; });
    b.object<shelf>("Shelf").batch("size: Int!", [&](std::span<const shelf> shelves) -> awaitable<column<std::size_t>> {
        asked = shelves.size();
        column<std::size_t> sizes;
        for (const auto& one : shelves)
            sizes.add(one.books.size());
        co_return sizes;
    });
    b.object<book>("Book").batch("shelf: Shelf!", [](std::span<const book> books) -> awaitable<column<shelf>> {
        column<shelf> all;
        const auto only = all.keep(shelf{{1, 2, 3}});
        for (std::size_t i = 0; i < books.size(); ++i)
            all.add(only);
        co_return all;
    });
    const engine e{std::move(b).build()};
    CHECK(space::ask(e, {"{ books { shelf { size } } }"}) ==
          R"({"data":{"books":[{"shelf":{"size":3}},{"shelf":{"size":3}},{"shelf":{"size":3}}]}})");
    CHECK(asked == 1);
}

TEST_CASE("what a resolver shares with others stays as it is") {
    const auto kept = std::make_shared<std::string>("kept by whoever keeps it");
    column<std::shared_ptr<std::string>> shared;
    shared.add(kept);
    shared.add(kept);
    CHECK(*kept == "kept by whoever keeps it");

    const auto flat = flatten(std::move(shared).erase());
    CHECK(flat.cells.size() == 2);
    for (const auto& cell : flat.cells)
        CHECK(*static_cast<const std::string*>(flat.sets.at(cell.set)->at(cell.index)) == *kept);
}

#include "execution/columns.hpp"
#include "space.hpp"

#include <base/cooperative_yield.hpp>
#include <support/catch.hpp>
#include <support/run.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

using atrium::graphql::space::world;

TEST_CASE("a field of many rows is resolved in one call") {
    world w;
    w.ask("{ planets { name residents(first: 3) { name } } }");
    CHECK(w.call_counts.rows["residents"] == std::vector<std::size_t>{2});
}

TEST_CASE("rows are loaded once for each level, however many fields need them") {
    world w;
    // The planets' residents are humans 1 and 2 and robots 1 and 2.
    w.ask("{ planets { residents(first: 3) { id } same: residents(first: 3) { id } } }");
    CHECK(w.call_counts.rows["load humans"] == std::vector<std::size_t>{2});
    CHECK(w.call_counts.rows["load robots"] == std::vector<std::size_t>{2});
}

TEST_CASE("each further level of entity keys needs one more call of the loader") {
    world w;
    w.ask("{ planets { residents { ... on Human { friends { ... on Human { friends { name } } } } } } }");
    CHECK(w.call_counts.total["load humans"] == 3);
}

TEST_CASE("a loader is not called if there are no entity keys") {
    world w;
    CHECK(w.ask("{ human(id: 3) { home { name } friends { name } } }") == R"({"data":{"human":{"home":null,"friends":[]}}})");
    CHECK(w.call_counts.total["load planets"] == 0);
    CHECK(w.call_counts.total["load humans"] == 1); // human 3 itself
}

TEST_CASE("a field that another module has added to a type gets the entity keys of all rows in one call") {
    world w;
    CHECK(w.ask("{ characters(like: \"o\") { ... on Human { name luck number } } }") ==
          R"({"data":{"characters":[{"name":"Bo","luck":14,"number":2},{"name":"Cleo","luck":21,"number":3}]}})");
    CHECK(w.call_counts.rows["luck"] == std::vector<std::size_t>{2});
}

TEST_CASE("a resolver that waits is not called if its level has no rows") {
    world w;
    CHECK(w.ask("{ characters(like: \"nobody\") { ... on Human { luck } } }") == R"({"data":{"characters":[]}})");
    CHECK(w.call_counts.total["luck"] == 0);
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

/// A schema in which the books of a shelf are resolved while the response is written, but the resolver of their titles waits.
engine make_library(int& calls) {
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

TEST_CASE("a resolver that waits gets all rows of its level in one call, even if the resolver of these rows does not wait") {
    int calls = 0;
    const auto e = make_library(calls);
    CHECK(space::ask(e, {"{ shelves { books { title } } }"}) ==
          R"({"data":{"shelves":[{"books":[null,{"title":"title 1"},{"title":"title 2"}]},{"books":[null]},)"
          R"({"books":[null,{"title":"title 3"}]}]}})");
    CHECK(calls == 1);
}

TEST_CASE("a request that computes for long without waiting yields to other coroutines on its thread") {
    int calls = 0;
    int calls_seen = -1;
    schema_builder b;
    b.query().root("slow: Int!", [&calls]() -> awaitable<int> {
        const auto end = std::chrono::steady_clock::now() + cooperative_yield::max_slice;
        while (std::chrono::steady_clock::now() < end) {
        }
        co_return ++calls;
    });
    const engine e{std::move(b).build()};
    const auto execute = [&]() -> awaitable<> {
        asio::post(co_await asio::this_coro::executor, [&] { calls_seen = calls; });
        auto o = e.prepare({"{ a: slow b: slow c: slow }"});
        const auto done = co_await e.execute(*std::move(o), context{});
        CHECK(done.body == R"({"data":{"a":1,"b":2,"c":3}})");
    };
    support::run(execute());
    CHECK(calls_seen == 1);
}

TEST_CASE("a long response yields to other coroutines on its thread while it is written") {
    constexpr int rows = 10'000;
    int calls = 0;
    int calls_seen = -1;
    std::optional<executor> thread;
    schema_builder b;
    b.query().root("books: [Book!]!", [&]() -> awaitable<std::vector<book>> {
        thread = co_await asio::this_coro::executor;
        co_return std::vector<book>(rows);
    });
    b.object<book>("Book").row("slow: Int!", [&](const book&) {
        if (calls == 0)
            asio::post(*thread, [&] { calls_seen = calls; });
        const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds{5};
        while (std::chrono::steady_clock::now() < end) {
        }
        return ++calls;
    });
    const engine e{std::move(b).build()};
    std::string expected;
    for (int i = 1; i <= rows; ++i)
        expected += (i > 1 ? R"(,{"slow":)" : R"({"slow":)") + std::to_string(i) + '}';
    CHECK(space::ask(e, {"{ books { slow } }"}) == R"({"data":{"books":[)" + expected + "]}}");
    CHECK(calls == rows);
    CHECK(calls_seen > 0);
    CHECK(calls_seen < rows);
}

TEST_CASE("a missing non-null value makes the nearest nullable value null in a long response as well") {
    constexpr int books = 12'000;
    schema_builder b;
    b.query().root("all: [Shelf!]!", []() -> awaitable<std::vector<shelf>> { co_return std::vector{shelf{{0}}, shelf{{1}}}; });
    const auto books_of = [](std::span<const shelf> shelves) -> awaitable<column<std::vector<book>>> {
        column<std::vector<book>> all;
        for (const auto& one : shelves) {
            std::vector<book> some;
            for (int i = 0; i < books; ++i)
                some.push_back({one.books.front() * books + i});
            all.add(std::move(some));
        }
        co_return all;
    };
    auto shelves = b.object<shelf>("Shelf");
    shelves.batch("loose: [Book]!", books_of);
    shelves.batch("strict: [Book!]", books_of);
    b.object<book>("Book").batch("number: Int!", [](std::span<const book> some) -> awaitable<column<int>> {
        column<int> all;
        for (const auto& one : some)
            if (one.number == books + 7'000)
                all.add(error{errc::not_found, "lost"});
            else
                all.add(one.number);
        co_return all;
    });
    const auto list = [](int shelf_number, bool has_gap) {
        std::string text;
        for (int i = shelf_number * books; i < (shelf_number + 1) * books; ++i) {
            text += text.empty() ? "" : ",";
            text += has_gap && i == books + 7'000 ? "null" : R"({"number":)" + std::to_string(i) + '}';
        }
        return '[' + text + ']';
    };
    const auto response =
        space::ask(engine{std::move(b).build()}, {"{ all { loose { number } strict { number } __typename } }"});
    CHECK(response.substr(response.find("\"data\"")) == R"("data":{"all":[{"loose":)" + list(0, false) + R"(,"strict":)" +
                                                            list(0, false) + R"(,"__typename":"Shelf"},{"loose":)" +
                                                            list(1, true) + R"(,"strict":null,"__typename":"Shelf"}]}})");
    CHECK(response.find(R"("path":["all",1,"loose",7000,"number"])") != std::string::npos);
    CHECK(response.find(R"("path":["all",1,"strict",7000,"number"])") != std::string::npos);
}

TEST_CASE("a row that several parents share is resolved only once") {
    schema_builder b;
    std::size_t rows = 0;
    b.query().root("books: [Book!]!", [] { return std::vector{book{1}, book{2}, book{3}}; });
    b.object<shelf>("Shelf").batch("size: Int!", [&](std::span<const shelf> shelves) -> awaitable<column<std::size_t>> {
        rows = shelves.size();
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
    CHECK(rows == 1);
}

TEST_CASE("a value in a std::shared_ptr is copied, not moved, when its column is flattened") {
    const auto kept = std::make_shared<std::string>("a value that other code still uses");
    column<std::shared_ptr<std::string>> shared;
    shared.add(kept);
    shared.add(kept);
    CHECK(*kept == "a value that other code still uses");

    const auto flat = flatten(std::move(shared).erase());
    CHECK(flat.cells.size() == 2);
    for (const auto& cell : flat.cells)
        CHECK(*static_cast<const std::string*>(flat.sets.at(cell.set)->at(cell.index)) == *kept);
}

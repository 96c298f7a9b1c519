#include "execution/document_cache.hpp"
#include "space.hpp"

#include <support/catch.hpp>

#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace atrium::graphql;

namespace {

struct fixture {
    space::calls noted;
    executable_schema schema = space::declare(noted).build();

    document_cache::entry prepared(std::string text) {
        return std::make_shared<const prepared_document>(std::move(text), schema, limits{});
    }
};

} // namespace

TEST_CASE("a document is found by its text, faulty ones too") {
    fixture f;
    document_cache cache{10, 1000};
    CHECK(!cache.find("{ eras }"));
    const auto good = f.prepared("{ eras }");
    const auto bad = f.prepared("{ error }");
    cache.keep(good);
    cache.keep(bad);
    CHECK(cache.find("{ eras }") == good);
    CHECK(cache.find("{ error }") == bad);
    CHECK(!cache.find("{ eras } "));
    CHECK(bad->fault());
}

TEST_CASE("the document that was not used for the longest time is forgotten first") {
    fixture f;
    document_cache cache{2, 1000};
    cache.keep(f.prepared("{ a: eras }"));
    cache.keep(f.prepared("{ b: eras }"));
    CHECK(cache.find("{ a: eras }"));
    cache.keep(f.prepared("{ c: eras }"));
    CHECK(cache.find("{ a: eras }"));
    CHECK(!cache.find("{ b: eras }"));
}

TEST_CASE("documents are kept up to so many bytes, and larger ones not at all") {
    fixture f;
    document_cache cache{100, 20};
    cache.keep(f.prepared("{ a: eras }"));
    cache.keep(f.prepared("{ a: eras b: eras c: eras }"));
    CHECK(cache.find("{ a: eras }"));
    CHECK(!cache.find("{ a: eras b: eras c: eras }"));
    cache.keep(f.prepared("{ b: eras }"));
    CHECK(!cache.find("{ a: eras }"));
    CHECK(cache.find("{ b: eras }"));
}

TEST_CASE("a document has one plan for each way in which its conditions fall") {
    fixture f;
    const auto d = f.prepared("query($if: Boolean!, $id: ID!) { human(id: $id) { name @skip(if: $if) id } }");
    const auto& operation = *d->operations().operation(std::nullopt);
    const auto plan = [&](bool condition, const char* id) { return d->plan_for(operation, {{"if", condition}, {"id", id}}); };
    CHECK(plan(true, "1") == plan(true, "2"));
    CHECK(plan(true, "1") != plan(false, "1"));
}

TEST_CASE("many threads ask for the same documents at once") {
    space::world w{{.cached_documents = 3}};
    std::vector<std::thread> all;
    for (int t = 0; t < 4; ++t)
        all.emplace_back([&w] {
            for (int i = 0; i < 200; ++i) {
                const auto name = std::string(1, static_cast<char>('a' + i % 5));
                const auto ready = w.executes.prepare(
                    {"query($if: Boolean!) { " + name + ": eras @skip(if: $if) }", {}, {{"if", i % 2 == 0}}});
                if (!ready)
                    throw std::logic_error{"refused"};
            }
        });
    for (auto& one : all)
        one.join();
    CHECK(w.executes.prepare({.query = "{ eras }"}).has_value());
}

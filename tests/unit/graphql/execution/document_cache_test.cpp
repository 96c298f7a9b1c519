#include "execution/document_cache.hpp"
#include "execution/engine_contents.hpp"
#include "space.hpp"

#include <support/catch.hpp>

#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace atrium::graphql;

namespace {

struct fixture {
    space::calls call_counts;
    executable_schema schema = space::declare(call_counts).build();

    document_cache::entry prepare_document(std::string text) {
        return std::make_shared<const prepared_document>(std::move(text), schema, limits{});
    }

    /// @param conditions the values of the variables a to e, one bit for each
    static std::shared_ptr<const plan> plan_of(const prepared_document& d, unsigned conditions) {
        boost::json::object variables;
        for (const auto* name : {"a", "b", "c", "d", "e"}) {
            variables[name] = (conditions & 1U) != 0;
            conditions >>= 1U;
        }
        return d.plan_for(*d.executable().operation(std::nullopt), variables).plan;
    }
};

/// A document with large execution plans, one for each combination of the values of five variables.
const std::string many_plans = [] {
    std::string text = "query($a: Boolean = false, $b: Boolean = false, $c: Boolean = false, $d: Boolean = false, "
                       "$e: Boolean = false) { eras @skip(if: $a) @include(if: $b) ... @skip(if: $c) @include(if: $d) { "
                       "__typename @skip(if: $e) }";
    for (int i = 0; i < 40; ++i)
        text += " h" + std::to_string(i) +
                ": human(id: 1) { id name friends { ... on Human { id name } ... on Robot { id "
                "name maker { id name home { id name } } } } home { id name residents { ... on Human { id name } } } }";
    return text + '}';
}();

} // namespace

TEST_CASE("a document is found by its text, even if it is invalid") {
    fixture f;
    document_cache cache{10, 100'000};
    CHECK(!cache.find("{ eras }"));
    const auto good = f.prepare_document("{ eras }");
    const auto bad = f.prepare_document("{ error }");
    cache.keep(good);
    cache.keep(bad);
    CHECK(cache.find("{ eras }") == good);
    CHECK(cache.find("{ error }") == bad);
    CHECK(!cache.find("{ eras } "));
    CHECK(bad->fault());
}

TEST_CASE("the least recently used document is removed first") {
    fixture f;
    document_cache cache{2, 100'000};
    cache.keep(f.prepare_document("{ a: eras }"));
    cache.keep(f.prepare_document("{ b: eras }"));
    CHECK(cache.find("{ a: eras }"));
    cache.keep(f.prepare_document("{ c: eras }"));
    CHECK(cache.find("{ a: eras }"));
    CHECK(!cache.find("{ b: eras }"));
}

TEST_CASE("documents are kept up to the memory limit, and a document that exceeds the limit alone is not kept") {
    fixture f;
    const auto a = f.prepare_document("{ a: eras }");
    const auto b = f.prepare_document("{ b: eras }");
    const auto large = f.prepare_document("{ c: eras " + std::string(a->memory(), ' ') + '}');
    document_cache cache{100, a->memory() + b->memory() - 1};
    cache.keep(a);
    cache.keep(large);
    CHECK(cache.find("{ a: eras }"));
    CHECK(!cache.find(large->text()));
    cache.keep(b);
    CHECK(!cache.find("{ a: eras }"));
    CHECK(cache.find("{ b: eras }"));
}

TEST_CASE("a document with new plans takes the place of other documents, and is removed if it alone exceeds the limit") {
    fixture f;
    const auto a = f.prepare_document("{ a: eras }");
    const auto growing = f.prepare_document(many_plans);
    const auto small = growing->memory();
    f.plan_of(*growing, 0);
    const auto plan_size = growing->memory() - small;
    CHECK(plan_size > 200'000);

    document_cache cache{100, a->memory() + small + plan_size};
    const auto cached = f.prepare_document(many_plans);
    cache.keep(a);
    cache.keep(cached);
    f.plan_of(*cached, 0);
    cache.measure(cached);
    CHECK(cache.find(a->text()));
    CHECK(cache.find(many_plans));
    f.plan_of(*cached, 1);
    cache.measure(cached);
    CHECK(!cache.find(many_plans));
    CHECK(cache.find(a->text()));
    cache.measure(cached); // has no effect, because the document is no longer in the cache
    cache.keep(growing);
    CHECK(cache.find(many_plans) == growing);
    cache.keep(f.prepare_document("{ b: eras }"));
    CHECK(!cache.find(a->text()));
}

TEST_CASE("an engine counts the memory of new plans, and removes a document that they make too large") {
    space::calls call_counts;
    auto schema = space::declare(call_counts).build();
    const prepared_document sample{many_plans, schema, {}};
    const auto without_plans = sample.memory();
    CHECK(sample.plan_for(*sample.executable().operation(std::nullopt), {}).is_new);
    const auto with_one_plan = sample.memory();

    detail::engine_contents engine{std::move(schema), {.cached_bytes = (without_plans + with_one_plan) / 2}};
    const auto prepared = engine.document(many_plans);
    CHECK(engine.document(many_plans) == prepared);
    static_cast<void>(engine.plan_for(prepared, *prepared->executable().operation(std::nullopt), {}));
    CHECK(engine.document(many_plans) != prepared);
}

TEST_CASE("an invalid document with a long list of errors is not kept") {
    fixture f;
    document_cache cache{10, 100'000'000};
    std::string text = "{";
    for (int i = 0; i < 90; ++i)
        text += " field" + std::string(800, 'x') + std::to_string(i);
    const auto bad = f.prepare_document(text + '}');
    REQUIRE(bad->fault());
    CHECK(bad->fault()->body.size() > 65'536);
    CHECK(bad->memory() > text.size() + bad->fault()->body.size());
    cache.keep(bad);
    CHECK(!cache.find(bad->text()));
}

TEST_CASE("a document has one plan for each combination of the values of its conditions, such as @skip") {
    fixture f;
    const auto d = f.prepare_document("query($if: Boolean!, $id: ID!) { human(id: $id) { name @skip(if: $if) id } }");
    const auto& operation = *d->executable().operation(std::nullopt);
    const auto plan = [&](bool condition, const char* id) {
        return d->plan_for(operation, {{"if", condition}, {"id", id}}).plan;
    };
    CHECK(plan(true, "1") == plan(true, "2"));
    CHECK(plan(true, "1") != plan(false, "1"));
}

TEST_CASE("a document keeps fewer plans if they are large") {
    fixture f;
    const auto large = f.prepare_document(many_plans);
    const auto memory_before = large->memory();
    CHECK(f.plan_of(*large, 0) == f.plan_of(*large, 0));
    for (unsigned i = 0; i < 32; ++i)
        CHECK(f.plan_of(*large, i));
    CHECK(large->memory() - memory_before < 2U << 20U);
    CHECK(f.plan_of(*large, 31) != f.plan_of(*large, 31));
    CHECK(f.plan_of(*large, 0) == f.plan_of(*large, 0));

    const auto small =
        f.prepare_document("query($a: Boolean = false, $b: Boolean = false, $c: Boolean = false, $d: Boolean = false, "
                           "$e: Boolean = false) { eras __typename @skip(if: $a) @include(if: $b) "
                           "... @skip(if: $c) @include(if: $d) { __typename @skip(if: $e) } }");
    std::vector<std::shared_ptr<const plan>> plans;
    for (unsigned i = 0; i < 32; ++i)
        plans.push_back(f.plan_of(*small, i));
    for (unsigned i = 0; i < 32; ++i)
        CHECK(f.plan_of(*small, i) == plans[i]);
}

TEST_CASE("many threads can request the same documents at the same time") {
    space::world w{{.cached_documents = 3}};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&w] {
            for (int i = 0; i < 200; ++i) {
                const auto name = std::string(1, static_cast<char>('a' + i % 5));
                const auto ready = w.sample_engine.prepare(
                    {"query($if: Boolean!) { " + name + ": eras @skip(if: $if) }", {}, {{"if", i % 2 == 0}}});
                if (!ready)
                    throw std::logic_error{"the request was refused"};
            }
        });
    for (auto& each : threads)
        each.join();
    CHECK(w.sample_engine.prepare({.query = "{ eras }"}).has_value());
}

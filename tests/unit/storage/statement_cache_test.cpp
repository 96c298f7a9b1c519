#include "sqlite/connection.hpp"

#include <storage/store.hpp>
#include <support/catch.hpp>
#include <support/temporary_directory.hpp>

#include <string>
#include <vector>

namespace atrium::storage::sqlite {
namespace {

struct open_connection {
    support::temporary_directory folder;
    connection db{folder / "test.db", connection::access::read_write};
};

std::string numbered_query(std::size_t n) {
    return "SELECT " + std::to_string(n);
}

TEST_CASE("the cache has one statement for each owner and SQL text") {
    open_connection c;
    statement_cache cache;
    auto& first = cache.take(c.db, {}, "SELECT 1");
    CHECK(&cache.take(c.db, {}, "SELECT 2") != &first);
    CHECK(&cache.take(c.db, "users", "SELECT 1") != &first);
    first.reset();
    CHECK(&cache.take(c.db, {}, "SELECT 1") == &first);
}

TEST_CASE("an SQL text that cannot be prepared is not cached") {
    open_connection c;
    statement_cache cache;
    CHECK_THROWS_AS(cache.take(c.db, {}, "SELECT nothing"), failure);
    CHECK(cache.size() == 0);
}

TEST_CASE("a full cache evicts the least recently used statements") {
    open_connection c;
    statement_cache cache;
    for (std::size_t n = 0; n < statement_cache::max_size; ++n)
        cache.take(c.db, {}, numbered_query(n)).reset();
    auto& used_again = cache.take(c.db, {}, numbered_query(0));
    used_again.reset();
    for (std::size_t n = 0; n < statement_cache::max_size - 1; ++n)
        cache.take(c.db, {}, numbered_query(1'000'000 + n)).reset();
    CHECK(cache.size() == statement_cache::max_size);
    CHECK(&cache.take(c.db, {}, numbered_query(0)) == &used_again);
}

TEST_CASE("a statement in use is not evicted") {
    open_connection c;
    statement_cache cache;
    cursor rows{cache.take(c.db, {}, "SELECT 1 UNION ALL SELECT 2")};
    REQUIRE(rows.next());
    for (std::size_t n = 0; n < 3 * statement_cache::max_size; ++n) {
        auto& statement = cache.take(c.db, {}, numbered_query(n));
        REQUIRE(statement.step());
        REQUIRE(statement.integer(0) == static_cast<std::int64_t>(n));
        statement.reset();
    }
    CHECK(cache.size() == statement_cache::max_size);
    REQUIRE(rows.next());
    CHECK(rows.integer(0) == 2);
}

TEST_CASE("statements beyond the limit are evicted once they are no longer in use") {
    open_connection c;
    statement_cache cache;
    std::vector<cached_statement*> in_use;
    for (std::size_t n = 0; n < statement_cache::max_size + 100; ++n)
        in_use.push_back(&cache.take(c.db, {}, numbered_query(n)));
    CHECK(cache.size() == statement_cache::max_size + 100);
    for (auto* statement : in_use)
        statement->reset();
    cache.take(c.db, {}, numbered_query(0)).reset();
    CHECK(cache.size() == statement_cache::max_size);
}

} // namespace
} // namespace atrium::storage::sqlite

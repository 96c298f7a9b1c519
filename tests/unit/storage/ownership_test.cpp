#include "fixture.hpp"

#include <support/catch.hpp>

#include <string>

namespace atrium::storage {
namespace {

/// Runs SQL as `users` in a transaction. Returns the text of the failure, or an empty string.
std::string refusal(const running_database& db, std::string sql) {
    try {
        (void)run_here(db.users.write([&](transaction& t) -> result<int> {
            t.execute(sql);
            return 0;
        }));
        return {};
    } catch (const failure& f) {
        return f.what();
    }
}

TEST_CASE("a module can use the tables whose names begin with its own name") {
    const running_database db;
    CHECK(refusal(db, "INSERT INTO users_account (name) VALUES ('ann')").empty());
    CHECK(refusal(db, "UPDATE users_account SET score = 2 WHERE name = 'ann'").empty());
    CHECK(refusal(db, "WITH old AS (SELECT id FROM users_account) SELECT count(*), lower('X') FROM old").empty());
    CHECK(refusal(db, "SELECT value FROM json_each('[1,2]')") == "");
    CHECK(refusal(db, "DELETE FROM users_account").empty());
}

TEST_CASE("a module cannot use other tables, and the failure names the module and the table") {
    const running_database db;
    CHECK_THAT(refusal(db, "SELECT product FROM orders_order"),
               Catch::Matchers::ContainsSubstring("users may not read orders_order.product"));
    CHECK_THAT(refusal(db, "SELECT count(*) FROM orders_order"),
               Catch::Matchers::ContainsSubstring("users may not read orders_order"));
    CHECK_THAT(refusal(db, "SELECT 1 FROM users_account JOIN orders_order"),
               Catch::Matchers::ContainsSubstring("users may not read orders_order"));
    CHECK_THAT(refusal(db, "INSERT INTO orders_order (product) VALUES ('x')"),
               Catch::Matchers::ContainsSubstring("users may not insert into orders_order"));
    CHECK_THAT(refusal(db, "UPDATE orders_order SET product = 'x'"),
               Catch::Matchers::ContainsSubstring("users may not update orders_order.product"));
    CHECK_THAT(refusal(db, "DELETE FROM ORDERS_ORDER"),
               Catch::Matchers::ContainsSubstring("users may not delete from orders_order"));
    CHECK_THAT(refusal(db, "SELECT name FROM sqlite_schema"), Catch::Matchers::ContainsSubstring("users may not read"));
    CHECK_THAT(refusal(db, "SELECT seq FROM sqlite_sequence"), Catch::Matchers::ContainsSubstring("users may not read"));
    CHECK_THAT(refusal(db, "SELECT owner FROM storage_migration"),
               Catch::Matchers::ContainsSubstring("users may not read storage_migration"));
    CHECK_THAT(refusal(db, "SELECT name FROM pragma_table_info('orders_order')"),
               Catch::Matchers::ContainsSubstring("users may not"));
}

TEST_CASE("a module cannot control transactions, attach databases, use pragmas or change the schema") {
    const running_database db;
    for (const auto* sql : {"BEGIN",
                            "COMMIT",
                            "ROLLBACK",
                            "SAVEPOINT x",
                            "RELEASE function",
                            "ATTACH ':memory:' AS other",
                            "PRAGMA synchronous = OFF",
                            "PRAGMA user_version",
                            "VACUUM",
                            "ANALYZE",
                            "REINDEX",
                            "CREATE TABLE users_new (id INTEGER)",
                            "CREATE TEMP TABLE users_new (id INTEGER)",
                            "CREATE INDEX users_account_score ON users_account (score)",
                            "DROP TABLE users_account",
                            "ALTER TABLE users_account ADD COLUMN x",
                            "CREATE VIEW users_all AS SELECT 1",
                            "CREATE TRIGGER users_t AFTER INSERT ON users_account BEGIN SELECT 1; END",
                            "CREATE VIRTUAL TABLE users_text USING fts5(body)",
                            "SELECT load_extension('x')"}) {
        INFO(sql);
        CHECK_FALSE(refusal(db, sql).empty());
    }
    CHECK(db.count("SELECT count(*) FROM users_account") == 0);
}

TEST_CASE("acting_as gives access to another owner's tables while it exists") {
    running_database db;
    const auto write_result = run_here(db.users.write([](transaction& t) -> result<int> {
        constexpr auto count_orders = "SELECT count(*) FROM orders_order";
        {
            const acting_as orders{t, "orders"};
            t.execute("INSERT INTO orders_order (product) VALUES ('tea')");
            CHECK(t.query_integer(count_orders) == 1);
            CHECK_THROWS_AS(t.query_integer("SELECT count(*) FROM users_account"), failure);
            {
                const acting_as users{t, "users"};
                CHECK(t.query_integer("SELECT count(*) FROM users_account") == 0);
            }
        }
        // A statement with this SQL text was just prepared for `orders`, but `users` must not use that statement.
        CHECK_THROWS_AS(t.query_integer(count_orders), failure);
        return 0;
    }));
    CHECK(write_result.has_value());
    CHECK(db.count("SELECT count(*) FROM orders_order", "orders") == 1);
}

TEST_CASE("a read has the same restrictions as a write, and cannot write") {
    running_database db;
    const auto read = [&](std::string sql) {
        return run_here(db.users.read([&](snapshot& s) -> result<std::int64_t> { return s.query_integer(sql).value_or(-1); }));
    };
    CHECK(read("SELECT count(*) FROM users_account").value() == 0);
    CHECK_THROWS_WITH(read("SELECT id FROM orders_order"),
                      Catch::Matchers::ContainsSubstring("users may not read orders_order"));
    CHECK_THROWS_AS(read("INSERT INTO users_account (name) VALUES ('x') RETURNING id"), failure);
    CHECK_THROWS_AS(read("COMMIT"), failure);
}

} // namespace
} // namespace atrium::storage

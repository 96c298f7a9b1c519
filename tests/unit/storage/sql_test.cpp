#include "fixture.hpp"

#include <support/catch.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>

namespace atrium::storage {
namespace {

/// Runs checks inside a transaction.
template <class F>
void check_in_transaction(F checks) {
    running_database db;
    const auto write_result = run_here(db.users.write([&](transaction& t) -> result<int> {
        checks(t);
        return 0;
    }));
    REQUIRE(write_result.has_value());
}

TEST_CASE("every kind of bound value can be read back") {
    check_in_transaction([](transaction& t) {
        auto rows = t.query("SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7", std::numeric_limits<std::int64_t>::min(), 1.5,
                            "gr\u00fc\u00df", nullptr, true, timestamp{std::chrono::milliseconds{1234}}, id<struct tag>{77});
        REQUIRE(rows.next());
        CHECK(rows.integer(0) == std::numeric_limits<std::int64_t>::min());
        CHECK(rows.real(1) == 1.5);
        CHECK(rows.text(2) == "gr\u00fc\u00df");
        CHECK(rows.is_null(3));
        CHECK(rows.integer(4) == 1);
        CHECK(rows.time(5) == timestamp{std::chrono::milliseconds{1234}});
        CHECK(rows.integer(6) == 77);
        CHECK_FALSE(rows.optional_time(3).has_value());
        CHECK_FALSE(rows.next());
    });
}

TEST_CASE("an empty string is bound as text and not as null, even if its pointer is null") {
    check_in_transaction([](transaction& t) {
        auto rows = t.query("SELECT ?1, ?2", std::string_view{}, std::string{});
        REQUIRE(rows.next());
        CHECK_FALSE(rows.is_null(0));
        CHECK_FALSE(rows.is_null(1));
        CHECK(rows.text(0).empty());
    });
}

TEST_CASE("a string may contain a zero byte") {
    check_in_transaction([](transaction& t) {
        const std::string text{"a\0b", 3};
        auto rows = t.query("SELECT ?1", text);
        REQUIRE(rows.next());
        CHECK(rows.text(0) == text);
    });
}

TEST_CASE("an optional is bound as its value or as null") {
    check_in_transaction([](transaction& t) {
        auto rows = t.query("SELECT ?1, ?2", std::optional<std::string>{"x"}, std::optional<int>{});
        REQUIRE(rows.next());
        CHECK(rows.text(0) == "x");
        CHECK(rows.is_null(1));
    });
}

TEST_CASE("a bound string need not outlive the call that binds it") {
    check_in_transaction([](transaction& t) {
        auto rows = t.query("SELECT ?1", std::string(100, 'x'));
        const std::string other(100, 'y');
        REQUIRE(rows.next());
        CHECK(rows.text(0) == std::string(100, 'x'));
    });
}

TEST_CASE("a statement can be used again with new values after its cursor is destroyed") {
    check_in_transaction([](transaction& t) {
        for (int i = 0; i < 3; ++i)
            CHECK(t.query_integer("SELECT ?1 + 1", i) == i + 1);
    });
}

TEST_CASE("a cursor that reached its end does not run its statement again") {
    check_in_transaction([](transaction& t) {
        {
            auto rows = t.query("INSERT INTO users_account (name) VALUES ('ann') RETURNING id");
            REQUIRE(rows.next());
            CHECK(rows.integer(0) == 1);
            CHECK_FALSE(rows.next());
            CHECK_FALSE(rows.next());
        }
        CHECK(t.query_integer("SELECT count(*) FROM users_account") == 1);
    });
}

TEST_CASE("two open cursors of the same SQL text are a programming error") {
    check_in_transaction([](transaction& t) {
        auto first = t.query("SELECT 1");
        CHECK_THROWS_AS(t.query("SELECT 1"), std::logic_error);
        CHECK(first.next());
    });
}

TEST_CASE("a placeholder without a value is a programming error") {
    check_in_transaction([](transaction& t) {
        CHECK_THROWS_AS(t.query_integer("SELECT ?1 + ?2", 1), std::logic_error);
        CHECK_THROWS_AS(t.query_integer("SELECT ?1", 1, 2), failure);
        CHECK(t.query_integer("SELECT ?1 + ?2", 1, 2) == 3);
    });
}

TEST_CASE("invalid SQL is a failure that names the owner and the statement") {
    check_in_transaction([](transaction& t) {
        CHECK_THROWS_WITH(t.execute("SELEC 1"),
                          Catch::Matchers::ContainsSubstring("users") && Catch::Matchers::ContainsSubstring("SELEC 1"));
        CHECK_THROWS_WITH(t.execute("SELECT \"not_a_column\" FROM users_account"),
                          Catch::Matchers::ContainsSubstring("no such column"));
        CHECK_THROWS_AS(t.execute("SELECT 1; SELECT 2"), failure);
        CHECK_THROWS_AS(t.execute("-- nothing"), failure);
    });
}

TEST_CASE("a violated constraint is a failure that names the constraint and leaves the transaction usable") {
    check_in_transaction([](transaction& t) {
        add_account(t, "ann");
        CHECK_THROWS_WITH(add_account(t, "ann"),
                          Catch::Matchers::ContainsSubstring("UNIQUE constraint failed: users_account.name"));
        add_account(t, "bob");
        CHECK(t.query_integer("SELECT count(*) FROM users_account") == 2);
    });
}

TEST_CASE("an SQL error that the caller has caused is not reported as an outage") {
    check_in_transaction([](transaction& t) {
        add_account(t, "ann");
        for (const auto* sql : {"INSERT INTO users_account (name) VALUES ('ann')", "SELEC", "SELECT id FROM orders_order"})
            try {
                t.execute(sql);
                FAIL(sql);
            } catch (const outage&) {
                FAIL(sql);
            } catch (const failure&) {
                SUCCEED(sql);
            }
    });
}

TEST_CASE("execute returns the number of changed rows") {
    check_in_transaction([](transaction& t) {
        add_account(t, "ann");
        add_account(t, "bob");
        CHECK(t.execute("UPDATE users_account SET score = 1.0") == 2);
        CHECK(t.execute("DELETE FROM users_account WHERE name = ?1", "ann") == 1);
        CHECK(t.execute("DELETE FROM users_account WHERE name = ?1", "ann") == 0);
    });
}

TEST_CASE("if a function in a nested transaction returns false or throws, only its changes are undone") {
    check_in_transaction([](transaction& t) {
        add_account(t, "kept");
        CHECK_FALSE(t.nested([&] {
            add_account(t, "refused");
            return false;
        }));
        CHECK_THROWS_AS(t.nested([&]() -> bool {
            add_account(t, "thrown");
            throw std::out_of_range{"x"};
        }),
                        std::out_of_range);
        CHECK(t.nested([&] {
            add_account(t, "outer");
            CHECK_FALSE(t.nested([&] {
                add_account(t, "inner");
                return false;
            }));
            return true;
        }));
        CHECK(t.query_integer("SELECT count(*) FROM users_account") == 2);
        CHECK(t.query_integer("SELECT count(*) FROM users_account WHERE name IN ('kept', 'outer')") == 2);
    });
}

} // namespace
} // namespace atrium::storage

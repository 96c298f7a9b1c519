#pragma once

#include <storage/sqlite/database.hpp>
#include <support/catch.hpp>
#include <support/run.hpp>
#include <support/temporary_directory.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include <sqlite3.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace atrium::storage {

/// The migrations of two owners, each of which has one table.
inline constexpr std::array users_migrations{
    migration{1, "0001_accounts",
              "CREATE TABLE users_account (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, score REAL, "
              "at INTEGER) STRICT;"}};
inline constexpr std::array orders_migrations{migration{
    1, "0001_orders", "CREATE TABLE orders_order (id INTEGER PRIMARY KEY AUTOINCREMENT, product TEXT NOT NULL) STRICT;"}};

inline std::array<schema, 2> test_schemas() {
    return {schema{"users", users_migrations}, schema{"orders", orders_migrations}};
}

/// Runs a coroutine on this thread. Returns its value or throws its exception.
template <class T>
T run_here(awaitable<T> work) {
    return support::run(std::move(work));
}

/// Runs SQL on a file, as another program would.
inline void run_outside(const std::filesystem::path& file, const char* sql) {
    sqlite3* connection = nullptr;
    REQUIRE(sqlite3_open(file.c_str(), &connection) == SQLITE_OK);
    CHECK(sqlite3_exec(connection, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(connection);
}

/// Whether SQLite's integrity check finds no errors in a file.
inline bool is_intact(const std::filesystem::path& file) {
    sqlite3* connection = nullptr;
    sqlite3_stmt* check = nullptr;
    REQUIRE(sqlite3_open_v2(file.c_str(), &connection, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
    REQUIRE(sqlite3_prepare_v2(connection, "PRAGMA integrity_check", -1, &check, nullptr) == SQLITE_OK);
    const bool has_row = sqlite3_step(check) == SQLITE_ROW;
    const std::string found = has_row ? reinterpret_cast<const char*>(sqlite3_column_text(check, 0)) : "no result";
    sqlite3_finalize(check);
    sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_close(connection);
    INFO(found);
    return found == "ok";
}

/// An open, migrated and running database in a folder of its own.
struct running_database {
    explicit running_database(sqlite::settings s = {}, logger output = {})
        : log{std::move(output)}, opened{open(std::move(s))}, users{*opened, "users"}, orders{*opened, "orders"} {}

    /// Opens, migrates and starts the database in `folder`. To open it again, reset `opened` first.
    std::unique_ptr<sqlite::sqlite_database> open(sqlite::settings s = {}) {
        s.path = path();
        auto created = std::make_unique<sqlite::sqlite_database>(s, schemas, metrics, log);
        created->migrate();
        created->start([this] { ++stop_reports; });
        return created;
    }

    [[nodiscard]] std::filesystem::path path() const { return folder / "test.db"; }

    /// The result of a query that counts rows; -1 if the query returns no row.
    [[nodiscard]] std::int64_t count(std::string_view sql, const char* owner = "users") const {
        return run_here(store{*opened, owner}.read(
                            [&](snapshot& s) -> result<std::int64_t> { return s.query_integer(sql).value_or(-1); }))
            .value();
    }

    support::temporary_directory folder;
    std::array<schema, 2> schemas = test_schemas();
    metrics::registry metrics;
    std::atomic<int> stop_reports = 0; ///< how often the database has reported that the process must stop
    logger log;
    std::unique_ptr<sqlite::sqlite_database> opened;
    store users;
    store orders;
};

/// The value of a metric that has no labels; -1 if there is no such metric.
inline double metric(running_database& db, std::string_view name) {
    const auto all = db.metrics.render();
    const auto position = all.find("\n" + std::string{name} + " ");
    return position == std::string::npos ? -1 : std::stod(all.substr(position + name.size() + 2));
}

inline std::size_t occurrences(const std::string& text, std::string_view part) {
    std::size_t count = 0;
    for (auto position = text.find(part); position != std::string::npos; position = text.find(part, position + 1))
        ++count;
    return count;
}

/// Adds an account and returns its id.
inline std::int64_t add_account(transaction& t, std::string_view name) {
    t.execute("INSERT INTO users_account (name) VALUES (?1)", name);
    return t.last_insert_id();
}

/// Adds two thousand accounts, which need several dozen pages.
inline void add_accounts(const running_database& db) {
    REQUIRE(run_here(db.users.write([](transaction& t) -> result<int> {
                for (int i = 0; i < 2000; ++i)
                    add_account(t, "user" + std::to_string(i));
                return 0;
            })).has_value());
}

} // namespace atrium::storage

#include "query_plans.hpp"

#include <support/catch.hpp>

#include <sqlite3.h>

#include <algorithm>

namespace atrium::statements {
namespace {

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

bool is_scan(std::string_view line) {
    return line.starts_with("SCAN ") && !has(line, " VIRTUAL TABLE") && !line.starts_with("SCAN (subquery") &&
           !line.starts_with("SCAN CONSTANT ROW");
}

/// Whether the statement reads rows in the order of a table or an index until the LIMIT, without a condition.
bool is_limited_walk(std::string_view sql) {
    return !has(sql, " WHERE ") && !has(sql, "count(") && has(sql, " LIMIT ");
}

} // namespace

query_plans::query_plans(const std::filesystem::path& file) {
    // Opened for writing, because otherwise SQLite would omit the CHECKs of tables from its plans.
    REQUIRE(sqlite3_open_v2(file.c_str(), &handle_, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK);
}

query_plans::~query_plans() {
    sqlite3_close(handle_);
}

std::optional<std::vector<std::string>> query_plans::column_of(const std::string& sql, int column) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
        return std::nullopt;
    std::vector<std::string> all;
    while (sqlite3_step(statement) == SQLITE_ROW)
        all.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, column)));
    sqlite3_finalize(statement);
    return all;
}

std::optional<std::vector<std::string>> query_plans::lines(const std::string& sql) {
    return column_of("EXPLAIN QUERY PLAN " + sql, 3);
}

bool query_plans::builds_table(const std::string& sql) {
    const auto operations = column_of("EXPLAIN " + sql, 1);
    REQUIRE(operations);
    return std::ranges::any_of(*operations,
                               [](const auto& each) { return each == "OpenEphemeral" || each == "OpenAutoindex"; });
}

std::vector<std::string> query_plans::tables() {
    return column_of("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'", 0).value();
}

std::string query_plans::objection(const std::string& sql) {
    const auto plan = lines(sql);
    if (!plan)
        return "it cannot be prepared: " + std::string{sqlite3_errmsg(handle_)};
    for (const auto& line : *plan) {
        const bool is_sort = has(line, "USE TEMP B-TREE");
        const bool builds_index = has(line, "AUTOMATIC");
        if (is_sort || builds_index || (is_scan(line) && !is_limited_walk(sql)))
            return line;
    }
    if (has(sql, "SELECT max(") || has(sql, "SELECT min(")) // SQLite's plan shows a search, even without an index
        return "it looks for an extreme value";
    return has(sql, "count(") ? "it counts rows" : "";
}

} // namespace atrium::statements

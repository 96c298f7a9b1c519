#include "sqlite/schema_reader.hpp"

#include "sqlite/snapshot.hpp"

#include <sqlite3.h>

#include <algorithm>

namespace atrium::storage::sqlite {
namespace {

std::string upper(std::string_view text) {
    std::string copy{text};
    std::ranges::transform(copy, copy.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return copy;
}

/// The collation of a column. No PRAGMA returns it.
std::string collation_of(connection& connection, const std::string& table, const std::string& column) {
    const char* collation = nullptr;
    if (const auto code = sqlite3_table_column_metadata(connection.handle(), nullptr, table.c_str(), column.c_str(), nullptr,
                                                        &collation, nullptr, nullptr, nullptr))
        connection.fail(code, {}, "column " + column + " of " + table);
    return upper(collation ? collation : "");
}

std::vector<table_column> read_columns(connection& connection, std::string_view table) {
    // A primary key that has no index of its own is the row id.
    constexpr std::string_view sql = R"(
        SELECT name, upper(type), NOT "notnull" AND pk = 0, dflt_value IS NOT NULL,
               pk = 1 AND NOT EXISTS (SELECT 1 FROM pragma_index_list(?1) WHERE origin = 'pk')
        FROM pragma_table_info(?1) ORDER BY cid)";
    sqlite_snapshot snapshot{connection, {}};
    std::vector<table_column> columns;
    for (auto rows = snapshot.query(sql, table); rows.next();)
        columns.push_back({.name = std::string{rows.text(0)},
                           .type = std::string{rows.text(1)},
                           .collation = {},
                           .is_nullable = rows.integer(2) != 0,
                           .has_default = rows.integer(3) != 0 || rows.integer(4) != 0,
                           .is_row_id = rows.integer(4) != 0});
    for (auto& column : columns)
        column.collation = collation_of(connection, std::string{table}, column.name);
    return columns;
}

std::vector<table_index> read_indexes(connection& connection, std::string_view table) {
    constexpr std::string_view sql = R"(
        SELECT i.name, i.partial, coalesce(c.name, ''), upper(c.coll), c.desc, i."unique"
        FROM pragma_index_list(?1) AS i JOIN pragma_index_xinfo(i.name) AS c
        WHERE c.key ORDER BY i.seq, c.seqno)";
    sqlite_snapshot snapshot{connection, {}};
    std::vector<table_index> indexes;
    for (auto rows = snapshot.query(sql, table); rows.next();) {
        if (indexes.empty() || indexes.back().name != rows.text(0))
            indexes.push_back({.name = std::string{rows.text(0)},
                               .columns = {},
                               .is_partial = rows.integer(1) != 0,
                               .is_unique = rows.integer(5) != 0});
        indexes.back().columns.push_back(
            {.name = std::string{rows.text(2)}, .collation = std::string{rows.text(3)}, .is_descending = rows.integer(4) != 0});
    }
    return indexes;
}

/// Receives one step of a query plan. Adds the step's table to `tables` if the step scans all of its rows.
int add_scanned_table(void* tables, int, char** columns, char**) {
    constexpr std::string_view scan = "SCAN ";
    std::string_view step{columns[3]};
    if (!step.starts_with(scan) || step == "SCAN CONSTANT ROW" || step.find(" VIRTUAL TABLE ") != std::string_view::npos)
        return 0;
    step.remove_prefix(scan.size());
    static_cast<std::vector<std::string>*>(tables)->emplace_back(step.substr(0, step.find(' ')));
    return 0;
}

} // namespace

std::optional<table_layout> read_table(connection& connection, std::string_view name) {
    table_layout table{.columns = read_columns(connection, name), .indexes = read_indexes(connection, name)};
    return table.columns.empty() ? std::nullopt : std::optional{std::move(table)};
}

// Uses sqlite3_exec, which allows placeholders without values. The plan does not depend on the values.
std::vector<std::string> read_tables_without_index(connection& connection, std::string_view query) {
    std::vector<std::string> tables;
    const auto sql = "EXPLAIN QUERY PLAN " + std::string{query};
    connection.set_identity({});
    if (const auto code = sqlite3_exec(connection.handle(), sql.c_str(), add_scanned_table, &tables, nullptr);
        code != SQLITE_OK)
        connection.fail(code, {}, sql);
    return tables;
}

} // namespace atrium::storage::sqlite

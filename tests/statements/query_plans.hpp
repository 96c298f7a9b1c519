#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;

namespace atrium::statements {

/// A statement that may read more than a range of an index, and the reason.
struct plan_exception {
    std::string_view part_of_statement;
    std::string_view reason;
};

/// Gets the query plans of statements from SQLite. Use it from one thread only.
class query_plans {
public:
    /// Opens a migrated database.
    explicit query_plans(const std::filesystem::path& file);
    ~query_plans();
    query_plans(const query_plans&) = delete;
    query_plans& operator=(const query_plans&) = delete;

    /// The lines of EXPLAIN QUERY PLAN; empty if `sql` is not one complete statement.
    [[nodiscard]] std::optional<std::vector<std::string>> lines(const std::string& sql);

    /// The reason why the cost of the statement may grow with its tables: it scans a table, sorts, counts, builds an index, or
    /// looks for an extreme value (`min` or `max`); or why it cannot be prepared. Empty if the cost does not grow.
    ///
    /// Reading the following does not count as a scan: the values of a bound JSON array, the rows of a subquery (which is
    /// checked separately), and, without a condition, rows in the order of an index until the LIMIT.
    [[nodiscard]] std::string objection(const std::string& sql);

    /// Whether SQLite builds a table in memory each time the statement runs.
    [[nodiscard]] bool builds_table(const std::string& sql);

    /// The tables of the database, except SQLite's own.
    [[nodiscard]] std::vector<std::string> tables();

private:
    [[nodiscard]] std::optional<std::vector<std::string>> column_of(const std::string& sql, int column);

    sqlite3* handle_ = nullptr;
};

} // namespace atrium::statements

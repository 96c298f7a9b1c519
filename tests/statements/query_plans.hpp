#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;

namespace atrium::statements {

/// A statement that may read more than a range of an index, and why that is bounded or harmless.
struct plan_exception {
    std::string_view part_of_statement;
    std::string_view reason;
};

/// Asks SQLite how it would find the rows of statements. One thread.
class query_plans {
public:
    /// A database that has been migrated.
    explicit query_plans(const std::filesystem::path& file);
    ~query_plans();
    query_plans(const query_plans&) = delete;
    query_plans& operator=(const query_plans&) = delete;

    /// The lines of EXPLAIN QUERY PLAN; empty if this is not one whole statement.
    [[nodiscard]] std::optional<std::vector<std::string>> lines(const std::string& sql);

    /// Why the cost of the statement may grow with the tables: it scans one, sorts, counts, or
    /// looks for an extreme value. Empty if it does not.
    ///
    /// Not a scan: the values of a JSON array that is bound, the rows of a subquery (judged by themselves), and a statement
    /// without a condition that reads rows in the order of an index until its LIMIT.
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

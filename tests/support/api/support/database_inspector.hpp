#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

struct sqlite3;

namespace atrium::support {

/// Reads a database while a server uses it, without changing anything. If a query does not succeed, the test fails. For one
/// thread only.
class database_inspector {
public:
    explicit database_inspector(const std::filesystem::path& file);
    ~database_inspector();
    database_inspector(const database_inspector&) = delete;
    database_inspector& operator=(const database_inspector&) = delete;

    /// The values of the first column in all rows.
    std::vector<std::string> column(const std::string& sql);
    /// The values of the first column in all rows, as numbers.
    std::set<std::int64_t> ids(const std::string& sql);
    /// Maps the value of the first column to that of the second, for all rows. Both are numbers.
    std::map<std::int64_t, std::int64_t> numbers(const std::string& sql);

private:
    template <class Visit>
    void for_each(const std::string& sql, Visit visit_row);

    sqlite3* handle_ = nullptr;
};

/// Runs SQL on the database file of a server that is not running, as in the sqlite3 shell.
void run_sql(const std::filesystem::path& file, const std::string& sql);

} // namespace atrium::support

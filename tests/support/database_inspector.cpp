#include <support/catch.hpp>
#include <support/database_inspector.hpp>

#include <sqlite3.h>

namespace atrium::support {

database_inspector::database_inspector(const std::filesystem::path& file) {
    REQUIRE(sqlite3_open_v2(file.c_str(), &handle_, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
    sqlite3_busy_timeout(handle_, 10'000);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

database_inspector::~database_inspector() {
    sqlite3_close(handle_);
}

template <class Visit>
void database_inspector::for_each(const std::string& sql, Visit visit_row) {
    sqlite3_stmt* statement = nullptr;
    REQUIRE(sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK);
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW)
        visit_row(*statement);
    sqlite3_finalize(statement);
    REQUIRE(code == SQLITE_DONE);
}

std::vector<std::string> database_inspector::column(const std::string& sql) {
    std::vector<std::string> all;
    for_each(sql, [&](sqlite3_stmt& row) { all.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(&row, 0))); });
    return all;
}

std::set<std::int64_t> database_inspector::ids(const std::string& sql) {
    std::set<std::int64_t> all;
    for_each(sql, [&](sqlite3_stmt& row) { all.insert(sqlite3_column_int64(&row, 0)); });
    return all;
}

std::map<std::int64_t, std::int64_t> database_inspector::numbers(const std::string& sql) {
    std::map<std::int64_t, std::int64_t> all;
    for_each(sql, [&](sqlite3_stmt& row) { all.emplace(sqlite3_column_int64(&row, 0), sqlite3_column_int64(&row, 1)); });
    return all;
}

void run_sql(const std::filesystem::path& file, const std::string& sql) {
    sqlite3* handle = nullptr;
    REQUIRE(sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK);
    const auto code = sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr);
    sqlite3_close(handle);
    REQUIRE(code == SQLITE_OK);
}

} // namespace atrium::support

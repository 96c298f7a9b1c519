#pragma once

#include "sqlite/connection.hpp"

#include <storage/sql.hpp>

#include <cstddef>
#include <string_view>
#include <vector>

struct sqlite3_stmt;

namespace atrium::storage::sqlite {

/// A statement without parameters and rows, such as SAVEPOINT, that is run for each function or batch. It is prepared once, and
/// is not in the connection's cache of statements.
class command {
public:
    command(connection& connection, const char* sql);
    ~command();
    command(const command&) = delete;
    command& operator=(const command&) = delete;

    /// Returns SQLite's extended result code; SQLITE_DONE means success.
    [[nodiscard]] int run() noexcept;
    /// Throws `failure`.
    void run_or_throw();

private:
    connection& connection_;
    sqlite3_stmt* handle_ = nullptr;
};

/// The writer's transaction, which the functions of a batch use one after the other. Used on the writer's thread.
class sqlite_transaction final : public transaction {
public:
    explicit sqlite_transaction(connection& connection);
    ~sqlite_transaction() override = default;

    /// Opens the savepoint of the next function, which runs as `owner`.
    void begin_function(std::string_view owner);
    /// Keeps the changes of the function, or undoes them and drops its commit listeners. Throws `failure`.
    void end_function(bool keep);

    /// Notifies each commit listener once and empties the list.
    void notify_listeners() noexcept;
    /// Drops the commit listeners, because the batch was rolled back.
    void forget_listeners() noexcept;

    [[nodiscard]] std::int64_t last_insert_id() const override;
    void after_commit(commit_listener& listener) override;

protected:
    statement& prepare(std::string_view sql) override;
    [[nodiscard]] std::int64_t changes() const override;
    void begin_nested() override;
    void end_nested(bool keep) override;

private:
    std::string_view exchange_owner(std::string_view owner) noexcept override;

    connection& connection_;
    std::string_view owner_;
    command savepoint_;
    command release_;
    command rollback_;
    std::vector<commit_listener*> listeners_;
    std::vector<std::size_t> marks_; ///< number of listeners at the start of each open savepoint
};

} // namespace atrium::storage::sqlite

#pragma once

#include "sqlite/authorizer.hpp"
#include "sqlite/damage_report.hpp"
#include "sqlite/statement_cache.hpp"

#include <storage/sql.hpp>

#include <exception>
#include <filesystem>
#include <string>
#include <string_view>

struct sqlite3;

namespace atrium::storage::sqlite {

/// One connection to the file, with its authorizer and its cache of prepared statements. Used by one thread at a time.
class connection {
public:
    enum class access {
        read_write,
        read_only,
        untouched, ///< read-only, for a file that no server uses: takes no lock and creates or changes no file
    };

    /// How long a connection waits for a lock of another one, in milliseconds. The writer waits only while another process
    /// writes to the file, such as the command `atrium token create`.
    static constexpr int busy_timeout = 5000;

    /// Opens and configures the file; `read_write` also creates it. Throws `failure`. Damaged pages are reported to `damage`,
    /// which must outlive the connection.
    connection(const std::filesystem::path& file, access mode, damage_report* damage = nullptr);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    /// The cached statement of this owner and text, marked as in use (see `cached_statement::take`). An empty owner means the
    /// store itself.
    cached_statement& prepare(std::string_view owner, std::string_view sql) { return statements_.take(*this, owner, sql); }

    /// Runs a query without values as the store itself.
    [[nodiscard]] cursor query(std::string_view sql) { return cursor{prepare({}, sql)}; }

    /// Runs statements as the store itself, without caching them. Ignores their rows. Throws `failure`.
    void execute(const std::string& sql);

    /// See `authorizer::set_identity`.
    void set_identity(identity new_identity) noexcept { authorizer_.set_identity(new_identity); }

    /// Reports damaged pages to `damage`, as if the constructor had received it. Call this once the file is known to be a
    /// database of this program.
    void report_damage_to(damage_report& damage) noexcept { damage_ = &damage; }

    /// Whether a statement has met a damaged page since the last call of `forget_damage`.
    [[nodiscard]] bool has_met_damage() const noexcept { return has_met_damage_; }
    void forget_damage() noexcept { has_met_damage_ = false; }

    /// Whether a transaction is open. SQLite may roll one back on its own (full disk, I/O error, no memory).
    [[nodiscard]] bool is_in_transaction() const noexcept;

    /// Throws `outage` or `failure`, depending on `code`, with SQLite's message, the owner and the statement.
    [[noreturn]] void fail(int code, std::string_view owner, std::string_view sql);

    /// Records a failure without throwing it.
    void note_failure(int code, std::string_view sql) { note_failure(code, {}, sql); }

    /// The text of the last failure, and the failure as an exception. Each call creates a new exception object.
    [[nodiscard]] const std::string& last_failure() const noexcept { return last_failure_; }
    [[nodiscard]] std::exception_ptr last_exception() const;

    /// Throws if SQLite has rolled back the transaction on its own. If the caller continued, each of its next statements would
    /// be committed separately.
    void require_transaction() const;

    [[nodiscard]] sqlite3* handle() const noexcept { return handle_; }

    /// Drops the cached statements. None of them may be in use.
    void drop_statements() noexcept { statements_.clear(); }

private:
    void configure(access mode);
    void note_failure(int code, std::string_view owner, std::string_view sql);

    sqlite3* handle_ = nullptr;
    damage_report* damage_ = nullptr; ///< may be null
    authorizer authorizer_;
    std::string last_failure_;
    bool was_outage_ = false; ///< whether the last failure was an `outage`
    bool has_met_damage_ = false;
    statement_cache statements_;
};

} // namespace atrium::storage::sqlite

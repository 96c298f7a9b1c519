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

/// One connection to the file, its authorizer and its cache of prepared statements. One thread at a time.
class connection {
public:
    enum class access {
        read_write,
        read_only,
        untouched, ///< read-only, for a file that no server has: takes no lock, and nothing in it or beside it is made or
                   ///< changed
    };

    /// Milliseconds that a connection waits for others. Only an outside tool that writes to the file makes the writer wait.
    static constexpr int busy_timeout = 5000;

    /// Opens the file, read_write also creates it, and sets it up. Throws `failure`. `damage` gets to know of damaged pages; it
    /// outlives the connection.
    connection(const std::filesystem::path& file, access how, damage_report* damage = nullptr);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    /// The cached statement of this owner and text, taken (see `cached_statement::take`). An empty owner is the store itself.
    cached_statement& prepare(std::string_view owner, std::string_view sql) { return statements_.take(*this, owner, sql); }

    /// A query by the store itself, without values.
    [[nodiscard]] cursor query(std::string_view sql) { return cursor{prepare({}, sql)}; }

    /// Statements of the store itself, not cached, rows ignored. Throws `failure`.
    void execute(const std::string& sql);

    /// See `authorizer::speak_for`.
    void speak_for(identity who) noexcept { authorizer_.speak_for(who); }

    /// As the constructor's, for a file that was found to be a database of this program.
    void report_damage_to(damage_report& damage) noexcept { damage_ = &damage; }

    /// Whether a statement has met a damaged page since the last call of `forget_damage`.
    [[nodiscard]] bool has_met_damage() const noexcept { return has_met_damage_; }
    void forget_damage() noexcept { has_met_damage_ = false; }

    /// False also where SQLite has rolled a transaction back by itself (full disk, I/O error, no memory).
    [[nodiscard]] bool is_in_transaction() const noexcept;

    /// Throws `outage` or `failure`, whichever `code` means, with what SQLite says, for whom and in which statement.
    [[noreturn]] void fail(int code, std::string_view owner, std::string_view sql);

    /// The same, noted only.
    void note_failure(int code, std::string_view sql) { note_failure(code, {}, sql); }

    /// The text of the last failure, and that failure as an exception, a new one each time.
    [[nodiscard]] const std::string& last_failure() const noexcept { return last_failure_; }
    [[nodiscard]] std::exception_ptr last_exception() const;

    /// Throws where there is no transaction (any more): SQLite may have rolled it back by itself, and statements of a function
    /// that goes on regardless would each be committed alone.
    void require_transaction() const;

    [[nodiscard]] sqlite3* handle() const noexcept { return handle_; }

    /// Forgets the cached statements; none may be in use.
    void drop_statements() noexcept { statements_.clear(); }

private:
    void configure(access how);
    void note_failure(int code, std::string_view owner, std::string_view sql);

    sqlite3* handle_ = nullptr;
    damage_report* damage_ = nullptr; ///< may be null
    authorizer authorizer_;
    std::string last_failure_;
    bool was_outage_ = false; ///< the last failure
    bool has_met_damage_ = false;
    statement_cache statements_;
};

} // namespace atrium::storage::sqlite

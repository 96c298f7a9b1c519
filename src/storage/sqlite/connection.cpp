#include "sqlite/connection.hpp"

#include "sqlite/library_log.hpp"
#include "sqlite/undo_blocks.hpp"

#include <storage/store.hpp>

#include <sqlite3.h>

#include <cstdint>
#include <mutex>
#include <system_error>
#include <utility>

namespace atrium::storage::sqlite {
namespace {

constexpr int writer_cache = 16 * 1024;        // in KiB; allocated when pages are used
constexpr int reader_cache = 4 * 1024;         // in KiB; small, because each commit invalidates a reader's pages
constexpr int statement_journal = 1024 * 1024; // max bytes of a savepoint's undo log that are kept in memory

/// Applies settings of the whole process before the first connection is opened.
void configure_library() {
    static std::once_flag once;
    std::call_once(once, [] {
        // SQLite refuses these calls if it has already been used in this process. It then runs slower, and its own reports are
        // not logged.
        library_log::install();
        keep_undo_blocks();
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); // saves a lock around each allocation; the statistics are not used
        sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, statement_journal);
    });
}

/// Whether this error affects all statements at the moment, not just the one that failed.
bool is_outage(int code) noexcept {
    switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_CANTOPEN:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return true;
    default: return false;
    }
}

int flags_of(connection::access mode) noexcept {
    constexpr int always = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    switch (mode) {
    case connection::access::read_write: return always | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    case connection::access::read_only: return always | SQLITE_OPEN_READONLY;
    case connection::access::untouched: return always | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
    }
    return always;
}

/// Whether the write-ahead log beside the file is large enough to hold a change. A log may have only a header. A log
/// beside an empty file does not count, because SQLite would delete the log, even on a connection that only reads.
bool may_hold_changes(const std::filesystem::path& file) {
    constexpr std::uintmax_t smallest_log = 32 + 24 + 512; // the headers of the log and of one frame, and the smallest page
    std::error_code absent;
    const auto size_of_file = std::filesystem::file_size(file, absent);
    if (absent || size_of_file == 0)
        return false;
    const auto size_of_log = std::filesystem::file_size(file.string() + "-wal", absent);
    return !absent && size_of_log >= smallest_log;
}

/// Returns a URI with which SQLite reads the file without changing anything on disk. If a crash left changes in a write-ahead
/// log, SQLite has to read the log. It keeps the index of the log in memory instead of a file only in the exclusive locking
/// mode. This mode would lock out other programs, so locks are turned off (`unix-none`). Without such a log, the file is
/// complete and can be opened as immutable.
std::string untouched_uri(const std::filesystem::path& file) {
    std::string uri = "file:";
    for (const char c : file.string()) {
        if (c == '%' || c == '?' || c == '#')
            uri.append(c == '%' ? "%25" : c == '?' ? "%3f" : "%23");
        else
            uri.push_back(c);
    }
    return uri + (may_hold_changes(file) ? "?vfs=unix-none" : "?immutable=1");
}

} // namespace

connection::connection(const std::filesystem::path& file, access mode, damage_report* damage) : damage_{damage} {
    configure_library();
    const auto name = mode == access::untouched ? untouched_uri(file) : file.string();
    const int code = sqlite3_open_v2(name.c_str(), &handle_, flags_of(mode), nullptr);
    try {
        if (code != SQLITE_OK)
            fail(code, {}, "open");
        configure(mode);
    } catch (...) {
        statements_.clear();
        sqlite3_close(handle_);
        throw;
    }
}

connection::~connection() {
    statements_.clear();
    sqlite3_close(handle_);
}

void connection::configure(access mode) {
    sqlite3_busy_timeout(handle_, busy_timeout);
    sqlite3_limit(handle_, SQLITE_LIMIT_ATTACHED, 0);
    // Makes double quotes enclose names only, so that a misspelled column is an error and not a string.
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);

    if (mode == access::read_write) {
        if (sqlite3_db_readonly(handle_, "main") == 1) // SQLite opens a file that is not writable without an error
            throw failure{"no permission to write to it"};
        auto journal_mode = query("PRAGMA journal_mode = WAL");
        if (!journal_mode.next() || journal_mode.text(0) != "wal")
            throw failure{"write-ahead logging is not possible here (a network file system?)"};
        execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0;"
                "PRAGMA cache_size = -" +
                std::to_string(writer_cache));
    } else {
        if (mode == access::untouched)
            execute("PRAGMA locking_mode = EXCLUSIVE");
        // No connection except the writer's may checkpoint.
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
        execute("PRAGMA query_only = ON; PRAGMA cache_size = -" + std::to_string(reader_cache));
    }
    execute("PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = FAST");
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    // SQLite initializes these two table functions at their first use with statements that the authorizer denies to modules.
    execute("SELECT 0 FROM json_each('[]'); SELECT 0 FROM json_tree('[]')");
    authorizer_.install(handle_);
}

void connection::execute(const std::string& sql) {
    set_identity({});
    if (const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr); code != SQLITE_OK)
        fail(code, {}, sql);
}

bool connection::is_in_transaction() const noexcept {
    return sqlite3_get_autocommit(handle_) == 0;
}

void connection::note_failure(int code, std::string_view owner, std::string_view sql) {
    was_outage_ = is_outage(code);
    const auto refusal = authorizer_.take_refusal();
    const std::string reason = !refusal.empty() ? refusal : handle_ ? sqlite3_errmsg(handle_) : "no memory";
    last_failure_ = reason + " (SQLite " + std::to_string(code) + ", as " + std::string{owner.empty() ? "the store" : owner} +
                    ", in: " + std::string{sql} + ")";
    if (!damage_report::is_damage(code))
        return;
    has_met_damage_ = true;
    if (damage_)
        damage_->note(last_failure_);
}

void connection::fail(int code, std::string_view owner, std::string_view sql) {
    note_failure(code, owner, sql);
    std::rethrow_exception(last_exception());
}

std::exception_ptr connection::last_exception() const {
    return was_outage_ ? std::make_exception_ptr(outage{last_failure_}) : std::make_exception_ptr(failure{last_failure_});
}

void connection::require_transaction() const {
    if (!is_in_transaction())
        std::rethrow_exception(last_exception());
}

} // namespace atrium::storage::sqlite

#include "sqlite/page_copy.hpp"

#include <storage/sqlite/backup.hpp>

#include <sqlite3.h>

#include <memory>
#include <string>

namespace atrium::storage::sqlite {
namespace {

constexpr int pages_of_step = 2048; // 8 MiB at the usual page size of 4 KiB

struct handle_closer {
    void operator()(sqlite3* handle) const noexcept { sqlite3_close(handle); }
};
using target_handle = std::unique_ptr<sqlite3, handle_closer>;

struct backup_finisher {
    void operator()(sqlite3_backup* backup) const noexcept { sqlite3_backup_finish(backup); }
};

bool is_error_of_target(int code) noexcept {
    switch (code) {
    case SQLITE_IOERR_WRITE:
    case SQLITE_IOERR_TRUNCATE:
    case SQLITE_IOERR_FSYNC:
    case SQLITE_IOERR_FSTAT: return true;
    default: break;
    }
    const int kind = code & 0xff;
    return kind == SQLITE_FULL || kind == SQLITE_CANTOPEN || kind == SQLITE_READONLY || kind == SQLITE_PERM;
}

[[noreturn]] void throw_failure(const std::filesystem::path& target, int code) {
    const std::string reason = sqlite3_errstr(code);
    if (!is_error_of_target(code))
        throw backup_error{"the database cannot be read: " + reason +
                           "; nothing was kept of this backup. `atrium check` reports what is damaged"};
    throw backup_error{target.string() + " cannot be written: " + reason +
                       "; nothing was kept of this backup. Free some space, or name a file on another disk"};
}

void execute(const std::filesystem::path& target, sqlite3* handle, const std::string& sql) {
    if (const int code = sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr); code != SQLITE_OK)
        throw_failure(target, code);
}

/// Opens the file in a mode in which SQLite does not sync its changes: the caller syncs the file once, when it is complete.
target_handle open_target(const std::filesystem::path& target) {
    sqlite3* opened = nullptr;
    constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(target.c_str(), &opened, flags, nullptr);
    target_handle handle{opened};
    if (code != SQLITE_OK)
        throw_failure(target, code);
    execute(target, opened, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = OFF");
    return handle;
}

std::uint64_t read_number(connection& connection, const char* query) {
    auto rows = connection.query(query);
    return rows.next() ? static_cast<std::uint64_t>(rows.integer(0)) : 0;
}

} // namespace

reading_snapshot::reading_snapshot(connection& connection) : connection_{connection} {
    connection_.execute("BEGIN");
    // BEGIN alone takes no snapshot; the first of these reads does.
    bytes_ = read_number(connection_, "PRAGMA page_count") * read_number(connection_, "PRAGMA page_size");
}

reading_snapshot::~reading_snapshot() {
    sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void copy_pages(connection& source, const std::filesystem::path& target, const std::function<void()>& after_step) {
    const auto handle = open_target(target);
    execute(target, handle.get(), "PRAGMA journal_mode = OFF");
    const std::unique_ptr<sqlite3_backup, backup_finisher> copying{
        sqlite3_backup_init(handle.get(), "main", source.handle(), "main")};
    if (!copying)
        throw_failure(target, sqlite3_extended_errcode(handle.get()));
    int code = SQLITE_OK;
    while (code == SQLITE_OK) {
        code = sqlite3_backup_step(copying.get(), pages_of_step);
        after_step();
    }
    if (code != SQLITE_DONE)
        throw_failure(target, code);
}

void separate_copy(const std::filesystem::path& target, std::span<const std::string> changes) {
    const auto handle = open_target(target);
    execute(target, handle.get(), "PRAGMA journal_mode = DELETE");
    for (const auto& each : changes)
        execute(target, handle.get(), each);
}

} // namespace atrium::storage::sqlite

#pragma once

#include "sqlite/file_identity.hpp"

#include <base/log.hpp>

#include <filesystem>

namespace atrium::storage::sqlite {

/// Prevents any other server from using a database file, by whatever path (docs/decisions/0013). It holds an exclusive
/// open-file-description lock on the file itself. Programs that only read the file, or that use it beside a running server, do
/// not take the lock. The kernel releases the lock when the process ends. `FILE.lock` beside the file is locked as well, for
/// earlier versions of Atrium that use only that lock; it contains the process id, for messages.
///
/// Must be created before SQLite opens the file and destroyed after SQLite has closed it, because closing any descriptor of a
/// file releases all POSIX locks of the process on it, including SQLite's. Can be used on any thread.
class file_lock {
public:
    /// Creates the file if it is missing, accessible only to its owner, and locks it. Does not read or write the file before it
    /// is locked. Throws `open_error` if the file cannot be opened or locked, is used by a server, has several hard links, or
    /// its write-ahead log is at another path.
    explicit file_lock(std::filesystem::path file);
    ~file_lock();
    file_lock(const file_lock&) = delete;
    file_lock& operator=(const file_lock&) = delete;

    /// Call it once the file is known to be a database of this program. Removes the access rights of other users to the file
    /// and the files beside it, and records in an extended attribute where the write-ahead log is.
    void adopt(const logger& log);

    /// Whether a server uses this file, in this process or another. Takes no lock. False if the file cannot be opened.
    [[nodiscard]] static bool is_held(const std::filesystem::path& file);

    /// The descriptor of the locked file. This object owns it.
    [[nodiscard]] int descriptor() const noexcept { return file_; }

    /// Records that all commits are in the file itself, so that it can be opened without its log.
    void forget_log() noexcept;

    /// Call it if the file was moved away while it was open: the next start then refuses to create a new file in its place.
    void expect_return() noexcept { is_return_expected_ = true; }

private:
    void close() noexcept;

    const std::filesystem::path path_;
    int file_ = -1;
    int legacy_ = -1; ///< FILE.lock
    file_identity identity_{};
    bool is_return_expected_ = false;
};

/// Checks a file that is missing or empty. Throws `open_error` if using it would lose changes: SQLite would delete the log of
/// the former database, or moving the former file back later would overwrite the changes in the new file.
void check_remains(const std::filesystem::path& file);

/// Throws `open_error` if the file has several hard links, because each name would have its own log.
void check_links(const std::filesystem::path& file);

/// Throws `open_error` if the write-ahead log beside the file belongs to another database, because a backup has replaced a
/// database that was not closed cleanly. SQLite would apply that log to the backup. Must not be called for a file that this
/// process has locked.
void check_foreign_log(const std::filesystem::path& file);

/// Throws `open_error` if the latest changes are in a write-ahead log that is not beside the file, because the file has two
/// paths (a bind mount) or was moved without its log. This is not always detected, because not every file system supports
/// extended attributes.
void check_log(const std::filesystem::path& file);

} // namespace atrium::storage::sqlite

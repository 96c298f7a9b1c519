#pragma once

#include "sqlite/file_identity.hpp"

#include <base/log.hpp>

#include <filesystem>

namespace atrium::storage::sqlite {

/// Keeps every other server off a database file, whatever path leads there (docs/decisions/0013): an exclusive
/// open-file-description lock on the file itself. Programs that only look, or that add something beside a running server, do
/// not take it. The kernel drops the lock with the process. `FILE.lock` beside it is locked as well, for versions of Atrium
/// that know only that one; it holds the process id for messages.
///
/// Must be made before SQLite opens the file and destroyed after SQLite has closed it: closing a descriptor of a file drops all
/// POSIX locks that the process has on it, SQLite's included. Any thread.
class file_lock {
public:
    /// Makes the file if it is missing, for its owner alone, and locks it. Nothing is read or written before the lock is held.
    /// Throws `open_error`: the file cannot be opened or locked, a server has it, it has several hard links, or the log of its
    /// last changes is elsewhere.
    explicit file_lock(std::filesystem::path file);
    ~file_lock();
    file_lock(const file_lock&) = delete;
    file_lock& operator=(const file_lock&) = delete;

    /// The file is a database of this program: takes the access rights of others from it and the files beside it, and notes on
    /// it where its log is.
    void adopt(const logger& log);

    /// Whether a server has this file, in this process or another. Takes no lock; false if the file cannot be opened.
    [[nodiscard]] static bool is_held(const std::filesystem::path& file);

    /// Of the locked file; owned by the lock.
    [[nodiscard]] int descriptor() const noexcept { return file_; }

    /// All that was committed is in the file itself: whoever opens it next needs no log.
    void forget_log() noexcept;

    /// The file was moved away while it was open: the next start waits for it to be back instead of making a new one.
    void expect_return() noexcept { returns_ = true; }

private:
    void close() noexcept;

    const std::filesystem::path path_;
    int file_ = -1;
    int legacy_ = -1; ///< FILE.lock
    file_identity identity_{};
    bool returns_ = false;
};

/// Instead of the file there is nothing, or an empty one. Refuses what would lose changes: SQLite deletes the log of an empty
/// database, and a file that comes back would replace what was written meanwhile. Throws `open_error`.
void check_remains(const std::filesystem::path& file);

/// Refuses a file with several hard links: each name would have a log of its own. Throws `open_error`.
void check_links(const std::filesystem::path& file);

} // namespace atrium::storage::sqlite
